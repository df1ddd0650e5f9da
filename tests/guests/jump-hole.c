/* SPDX-License-Identifier: MIT */
/*
 * jump-hole.c: a jump, a call or a return to an address that is not canonical is #GP, SIGSEGV. (Where it is reported,
 * at the instruction or at its target, differs from host to host.) Transitions: #GP 0x0 in each child, without a
 * return.
 */
#include "test.h"

static void jump(void)
{
	asm volatile("jmp *%0" : : "r"(UINT64_C(0x0000800000000000)));
}

static void jump_to_upper(void)
{
	asm volatile("jmp *%0" : : "r"(UINT64_C(0xffff7fffffffffff)));
}

static void call(void)
{
	asm volatile("call *%0" : : "r"(UINT64_C(0x8000000000000000)) : "memory");
}

static void return_there(void)
{
	asm volatile("pushq %0; ret" : : "r"(UINT64_C(0xff00000000000000)) : "memory");
}

int main(int argc, char **argv, char **envp)
{
	(void)argc, (void)argv, (void)envp;
	EXPECT(status_of(jump) == SIGSEGV);
	EXPECT(status_of(jump_to_upper) == SIGSEGV);
	EXPECT(status_of(call) == SIGSEGV);
	EXPECT(status_of(return_there) == SIGSEGV);
	return 0;
}
