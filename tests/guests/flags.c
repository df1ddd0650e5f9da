/* SPDX-License-Identifier: MIT */
/*
 * flags.c: the kernel works whatever flags the program has set: direction, alignment check, nested task,
 * identification; they are the program's again afterwards (nested task apart: one KVM host drops it). The I/O privilege
 * level and the interrupt flag cannot be changed by ring 3. Transitions: for each of six sets of flags: getpid by
 * syscall, getpid by int, #PF 0x6 and 0x4 with their returns, and a call with a page fault of the kernel's own inside
 * (0>0 #PF 0x2); no #AC, no #GP.
 */
#include "test.h"

#define FLAGS_ID   UINT64_C(0x200000)
#define ARITHMETIC UINT64_C(0x8d5)

/* Runs between setting flags and reading them; `instruction` may use rax, rbx, rcx, rdx, rdi, rsi, r11. */
#define WITH_FLAGS(flags, result, instruction, a, b)                                               \
	asm volatile("subq $128, %%rsp\n"                                                          \
		     "pushq %[set]\n"                                                              \
		     "popfq\n" instruction "\n"                                                    \
		     "pushfq\n"                                                                    \
		     "popq %[got]\n"                                                               \
		     "pushq %[plain]\n"                                                            \
		     "popfq\n"                                                                     \
		     "addq $128, %%rsp\n"                                                          \
		     : [got] "=&r"(got), "=a"(result)                                              \
		     : [set] "r"(flags), [plain] "i"(RFLAGS_RESERVED1 | RFLAGS_IF), "a"(a), "D"(b) \
		     : "rcx", "rdx", "rsi", "r11", "memory", "cc")

int main(int argc, char **argv, char **envp)
{
	static const uint64_t sets[] = {
		0, RFLAGS_DF, RFLAGS_AC, RFLAGS_NT, FLAGS_ID, RFLAGS_DF | RFLAGS_AC | RFLAGS_NT | FLAGS_ID,
	};
	const uint64_t mask = ~(ARITHMETIC | RFLAGS_NT), fixed = RFLAGS_RESERVED1 | RFLAGS_IF;
	long pid = getpid(), result;
	uint64_t got;

	(void)argc, (void)argv, (void)envp;
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		volatile char *area = map(4 * PAGE_SIZE, PROT_RW, MAP_PRIVATE);
		uint64_t set = sets[i] | fixed;

		WITH_FLAGS(set, result, "syscall", SYS_getpid, 0);
		EXPECT(result == pid && ((got ^ set) & mask) == 0);
		WITH_FLAGS(set, result, "int $0x80", I386_SYS_getpid, 0);
		EXPECT(result == pid && ((got ^ set) & mask) == 0);
		WITH_FLAGS(set, result, "movb $1, (%%rdi)", 0, area);
		EXPECT(area[0] == 1 && ((got ^ set) & mask) == 0);
		WITH_FLAGS(set, result, "movzbl (%%rdi), %%eax", 0, area + PAGE_SIZE);
		EXPECT(result == 0 && ((got ^ set) & mask) == 0);
		WITH_FLAGS(set, result, "syscall", SYS_uname, area + 2 * PAGE_SIZE);
		EXPECT(result == 0 && area[2 * PAGE_SIZE] == 'L' && ((got ^ set) & mask) == 0);
	}
	/* ring 3 may try */
	WITH_FLAGS(fixed | RFLAGS_IOPL, result, "syscall", SYS_getpid, 0);
	EXPECT((got & mask) == fixed);
	WITH_FLAGS(RFLAGS_RESERVED1, result, "syscall", SYS_getpid, 0);
	EXPECT((got & mask) == fixed);
	return 0;
}
