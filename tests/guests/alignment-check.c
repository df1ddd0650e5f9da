/* SPDX-License-Identifier: MIT */
/*
 * alignment-check.c: a program that sets RFLAGS.AC gets an alignment check at a misaligned access: #AC, SIGBUS. System
 * calls still work with AC set, and the kernel's own misaligned accesses are none of its business.
 * Transitions: in the child getpid, write, #AC 0x0 without a return.
 */
#include "test.h"

static void misaligned(void)
{
	static const char text[] = "misaligned text\n";
	static uint64_t words[3];

	asm volatile("pushfq; orl %0, (%%rsp); popfq" : : "i"(RFLAGS_AC) : "cc", "memory");
	EXPECT(getpid() > 0);
	EXPECT(write(1, &text[11], 5) == 5);
	asm volatile("movq (%0), %%rax" : : "r"((char *)words + 1) : "rax");
}

int main(int argc, char **argv, char **envp)
{
	(void)argc, (void)argv, (void)envp;
	EXPECT(status_of(misaligned) == SIGBUS);
	return 0;
}
