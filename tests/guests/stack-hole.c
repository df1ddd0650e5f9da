/* SPDX-License-Identifier: MIT */
/*
 * stack-hole.c: an access through rsp to an address that is not canonical is #SS, SIGBUS, where through other registers
 * it is #GP. Transitions: #SS 0x0 in both children, without a return.
 */
#include "test.h"

static void pop_from_hole(void)
{
	asm volatile("movq %0, %%rsp; popq %%rax" : : "r"(UINT64_C(0x8000000000000000)) : "rax");
}

static void push_to_hole(void)
{
	asm volatile("movq %0, %%rsp; pushq %%rax" : : "r"(UINT64_C(0xffff000000000000)));
}

int main(int argc, char **argv, char **envp)
{
	(void)argc, (void)argv, (void)envp;
	EXPECT(status_of(pop_from_hole) == SIGBUS);
	EXPECT(status_of(push_to_hole) == SIGBUS);
	return 0;
}
