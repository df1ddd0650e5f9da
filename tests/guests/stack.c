/* SPDX-License-Identifier: MIT */
/*
 * stack.c: the stack is 8 MiB of demand paging, anywhere in it; below it is a guard where nothing is ever mapped.
 * Transitions: #PF 0x6 and its return for the lowest page, in the middle, and for each of four pages in a row, 6 to 3;
 * in the first child #PF 0x6 without a return for the byte below; in the second, which pushes from page 7 down, #PF 0x6
 * for the pages 7, 2 and 1, 0x7 (copy on write) for 6 to 3 and 0, and 0x6 without a return for the guard.
 */
#include "test.h"

#define AT(offset) (*(volatile char *)(USER_STACK_BASE + (offset)))

static void write_below(void)
{
	*(volatile char *)(USER_STACK_BASE - 1) = 1;
}

static void push_for_ever(void)
{
	asm volatile("movq %0, %%rsp\n"
		     "1: pushq %%rax; jmp 1b"
		     :
		     : "r"(USER_STACK_BASE + 8 * PAGE_SIZE)
		     : "memory");
}

int main(int argc, char **argv, char **envp)
{
	(void)argc, (void)argv, (void)envp;
	AT(0) = 1;
	AT(USER_STACK_SIZE / 2) = 2;
	for (uint64_t page = 4; page > 0; page--)
		AT((2 + page) * PAGE_SIZE) = 3;
	EXPECT(AT(0) == 1 && AT(USER_STACK_SIZE / 2) == 2 && AT(1) == 0);
	EXPECT(status_of(write_below) == SIGSEGV);
	EXPECT(status_of(push_for_ever) == SIGSEGV);
	return 0;
}
