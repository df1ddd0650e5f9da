/* SPDX-License-Identifier: MIT */
/*
 * preemption.c: two processes that make no system call both get the CPU, again and again; and each finds its registers,
 * all of them, SSE and x87 control words among them, as it left them, however often it was interrupted. Each also sees
 * the other's progress in shared memory while it runs.
 * Transitions: process 1: clone twice, wait4 twice. Each child: its stack's copy-on-write fault and exit_group, and
 * nothing in between but the timer, whose interrupts are not compared.
 */
#include "test.h"

#define ROUNDS 100

/* Loads all general registers and xmm0 to xmm15 with patterns made of `seed`, counts down `rounds`, and returns 0 if
   all are as before, else which is not. */
uint64_t keep_registers(uint64_t seed, uint64_t rounds);
asm(".text\n"
    "keep_registers:\n"
    "	pushq %rbx; pushq %rbp; pushq %r12; pushq %r13; pushq %r14; pushq %r15\n"
    "	pushq %rsi; pushq %rdi\n" /* rsp: seed, rounds */
    ".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n"
    "	leaq \\n(%rdi), %rax; movq %rax, %xmm\\n; punpcklqdq %xmm\\n, %xmm\\n\n"
    ".endr\n"
    "	leaq 1(%rdi), %rax; leaq 2(%rdi), %rbx; leaq 3(%rdi), %rcx; leaq 4(%rdi), %rdx; leaq 5(%rdi), %rsi\n"
    "	leaq 6(%rdi), %rbp; leaq 8(%rdi), %r8; leaq 9(%rdi), %r9; leaq 10(%rdi), %r10; leaq 11(%rdi), %r11\n"
    "	leaq 12(%rdi), %r12; leaq 13(%rdi), %r13; leaq 14(%rdi), %r14; leaq 15(%rdi), %r15\n"
    "1:	decq 8(%rsp); jnz 1b\n"
    "	negq %rdi\n"
    "	leaq -1(%rax, %rdi), %rax; leaq -2(%rbx, %rdi), %rbx; orq %rbx, %rax\n"
    "	leaq -3(%rcx, %rdi), %rcx; orq %rcx, %rax; leaq -4(%rdx, %rdi), %rdx; orq %rdx, %rax\n"
    "	leaq -5(%rsi, %rdi), %rsi; orq %rsi, %rax; leaq -6(%rbp, %rdi), %rbp; orq %rbp, %rax\n"
    ".irp n, 8, 9, 10, 11, 12, 13, 14, 15\n"
    "	leaq -\\n(%r\\n, %rdi), %r\\n; orq %r\\n, %rax\n"
    ".endr\n"
    ".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n"
    "	movq %xmm\\n, %rcx; leaq -\\n(%rcx, %rdi), %rcx; orq %rcx, %rax\n"
    "	punpckhqdq %xmm\\n, %xmm\\n; movq %xmm\\n, %rcx; leaq -\\n(%rcx, %rdi), %rcx; orq %rcx, %rax\n"
    ".endr\n"
    "	addq (%rsp), %rdi; orq %rdi, %rax\n"
    "	addq $16, %rsp\n"
    "	popq %r15; popq %r14; popq %r13; popq %r12; popq %rbp; popq %rbx\n"
    "	ret\n");

static volatile uint64_t *shared;

static _Noreturn void busy(unsigned self, uint64_t rounds)
{
	uint32_t mxcsr = self == 0 ? 0x1f80 : 0x5f80, mxcsr_after; /* rounding */
	uint16_t control = self == 0 ? 0x037f : 0x0c7f, control_after;
	bool other_moved = false;
	uint64_t other = shared[1 - self];

	asm volatile("ldmxcsr %0; fldcw %1" : : "m"(mxcsr), "m"(control));
	for (int round = 0; round < ROUNDS; round++) {
		EXPECT(keep_registers(UINT64_C(0x1111111111111111) * (self + 1), rounds) == 0);
		shared[self]++;
		other_moved = other_moved || shared[1 - self] != other;
	}
	asm volatile("stmxcsr %0; fnstcw %1" : "=m"(mxcsr_after), "=m"(control_after));
	EXPECT(mxcsr_after == mxcsr && control_after == control);
	EXPECT(other_moved);
	exit(0);
}

int main(int argc, char **argv, char **envp)
{
	uint64_t rounds = rounds_in(2500000); /* of 5 ms or so: the count is in memory, which takes longer */
	long children[2];

	(void)argc, (void)argv, (void)envp;
	shared = (volatile uint64_t *)map(PAGE_SIZE, PROT_RW, MAP_SHARED);
	for (unsigned child = 0; child < 2; child++) {
		children[child] = fork();
		if (children[child] == 0)
			busy(child, rounds);
	}
	for (unsigned child = 0; child < 2; child++) {
		int status = -1;

		EXPECT(wait4(children[child], &status, 0) == children[child] && status == 0);
	}
	return 0;
}
