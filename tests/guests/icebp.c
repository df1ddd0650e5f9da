/* SPDX-License-Identifier: MIT */
/*
 * icebp.c: the instruction of one byte, 0xf1 (icebp, int1), is a #DB without privileges: SIGTRAP.
 * Transitions: #DB in the child after the copy-on-write fault on its stack, no return from it.
 */
#include "test.h"

static void icebp(void)
{
	asm volatile(".byte 0xf1");
}

int main(int argc, char **argv, char **envp)
{
	(void)argc, (void)argv, (void)envp;
	EXPECT(status_of(icebp) == SIGTRAP);
	return 0;
}
