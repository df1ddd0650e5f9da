/* SPDX-License-Identifier: MIT */
/*
 * registers.c: a system call changes rax, and by `syscall` also rcx (to the address behind it) and r11 (to the flags);
 * all other registers come back as they were. `int 0x80` and a page fault change nothing but what they shall.
 * Transitions: getpid by syscall and sysret, 3 times; mmap, #PF 0x6 and munmap, 3 times; getpid by int and iret and
 * then by syscall, 3 times; #PF 0x4 and its iret, 3 times.
 */
#include "test.h"

enum { RAX, RBX, RCX, RDX, RSI, RDI, RBP, R8, R9, R10, R11, R12, R13, R14, R15, RFLAGS, RIP_AFTER, REGISTERS };

void by_syscall(uint64_t registers[REGISTERS]);
void by_int80(uint64_t registers[REGISTERS]);
void by_fault(uint64_t registers[REGISTERS]); /* reads through rbx */

/* Loads all registers but rsp, does it, stores them all. */
#define AROUND(name, instruction)                                                                        \
	asm(".text\n" #name ":\n"                                                                        \
	    "	pushq %rbx; pushq %rbp; pushq %r12; pushq %r13; pushq %r14; pushq %r15; pushq %rdi\n"      \
	    "	movq 0(%rdi), %rax; movq 8(%rdi), %rbx; movq 16(%rdi), %rcx; movq 24(%rdi), %rdx\n"        \
	    "	movq 32(%rdi), %rsi; movq 48(%rdi), %rbp; movq 56(%rdi), %r8; movq 64(%rdi), %r9\n"        \
	    "	movq 72(%rdi), %r10; movq 80(%rdi), %r11; movq 88(%rdi), %r12; movq 96(%rdi), %r13\n"      \
	    "	movq 104(%rdi), %r14; movq 112(%rdi), %r15; pushq 120(%rdi); movq 40(%rdi), %rdi; popfq\n" \
	    "	" instruction "\n"                                                                       \
	    "9:	pushfq; cld; pushq %rdi; movq 16(%rsp), %rdi; popq 40(%rdi); popq 120(%rdi)\n"           \
	    "	movq %rax, 0(%rdi); movq %rbx, 8(%rdi); movq %rcx, 16(%rdi); movq %rdx, 24(%rdi)\n"        \
	    "	movq %rsi, 32(%rdi); movq %rbp, 48(%rdi); movq %r8, 56(%rdi); movq %r9, 64(%rdi)\n"        \
	    "	movq %r10, 72(%rdi); movq %r11, 80(%rdi); movq %r12, 88(%rdi); movq %r13, 96(%rdi)\n"      \
	    "	movq %r14, 104(%rdi); movq %r15, 112(%rdi); leaq 9b(%rip), %rax; movq %rax, 128(%rdi)\n"   \
	    "	popq %rdi; popq %r15; popq %r14; popq %r13; popq %r12; popq %rbp; popq %rbx; ret\n")

AROUND(by_syscall, "syscall");
AROUND(by_int80, "int $0x80");
AROUND(by_fault, "movb (%rbx), %al");

#define FLAGS_ON   (RFLAGS_RESERVED1 | RFLAGS_IF)
#define ARITHMETIC UINT64_C(0x8d5) /* CF, PF, AF, ZF, SF, OF */

static const uint64_t patterns[] = {UINT64_C(0x0101010101010101), UINT64_C(0xfedcba9876543210), UINT64_MAX};

static void fill(uint64_t before[REGISTERS], uint64_t after[REGISTERS], uint64_t pattern)
{
	for (int i = 0; i < REGISTERS; i++)
		before[i] = after[i] = pattern * (uint64_t)(i + 1);
	before[RFLAGS] = after[RFLAGS] = FLAGS_ON | (pattern & (ARITHMETIC | RFLAGS_DF));
}

static void compare(const uint64_t before[REGISTERS], const uint64_t after[REGISTERS])
{
	for (int i = 0; i < RIP_AFTER; i++) {
		if (before[i] == after[i])
			continue;
		printf("register %d: %lx became %lx\n", i, before[i], after[i]);
		exit(1);
	}
}

int main(int argc, char **argv, char **envp)
{
	uint64_t before[REGISTERS], after[REGISTERS];

	(void)argc, (void)argv, (void)envp;
	for (size_t i = 0; i < 3; i++) {
		fill(before, after, patterns[i]);
		before[RAX] = after[RAX] = SYS_getpid;
		by_syscall(after);
		EXPECT(after[RCX] == after[RIP_AFTER] && after[R11] == before[RFLAGS]);
		before[RAX] = after[RAX]; /* is looked at below */
		before[RCX] = after[RCX];
		before[R11] = after[R11];
		compare(before, after);
		EXPECT(after[RAX] > 0 && after[RAX] < 1 << 22);
	}
	for (size_t i = 0; i < 3; i++) { /* a call in which the kernel has more to do */
		volatile char *area = map(4 * PAGE_SIZE, PROT_RW, MAP_PRIVATE);

		area[PAGE_SIZE] = 1;
		fill(before, after, patterns[i]);
		after[RAX] = SYS_munmap;
		before[RDI] = after[RDI] = (uint64_t)area + PAGE_SIZE;
		before[RSI] = after[RSI] = PAGE_SIZE;
		by_syscall(after);
		before[RAX] = 0;
		before[RCX] = after[RCX];
		before[R11] = before[RFLAGS];
		compare(before, after);
	}
	for (size_t i = 0; i < 3; i++) {
		fill(before, after, patterns[i]);
		after[RAX] = I386_SYS_getpid;
		before[RAX] = (uint64_t)getpid();
		by_int80(after);
		compare(before, after);
	}
	for (size_t i = 0; i < 3; i++) {
		fill(before, after, patterns[i]);
		before[RBX] = after[RBX] = (uint64_t)map(PAGE_SIZE, PROT_READ, MAP_PRIVATE);
		by_fault(after);
		before[RAX] &= ~UINT64_C(0xff);
		compare(before, after);
	}
	return 0;
}
