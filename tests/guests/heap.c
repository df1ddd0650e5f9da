/* SPDX-License-Identifier: MIT */
/*
 * heap.c: brk moves the end of the heap, which begins on the page after the program: memory appears at the first touch,
 * is zero, keeps its values when the heap grows, is gone when it shrinks, and comes back as zeros. A place that is not
 * possible leaves the end where it is.
 * Transitions: 12 brk; #PF 0x6 with a return for each of two pages, then #PF 0x4 for one that has come back; in the
 * child #PF 0x4 without a return for the page that is gone.
 */
#include "test.h"

static volatile char *heap;

static void touch_what_is_gone(void)
{
	(void)heap[3 * PAGE_SIZE];
}

int main(int argc, char **argv, char **envp)
{
	uintptr_t start = (uintptr_t)brk(0);

	(void)argc, (void)argv, (void)envp;
	heap = (volatile char *)start;
	EXPECT(start % PAGE_SIZE == 0 && start > (uintptr_t)&heap);
	EXPECT(brk(start + 2 * PAGE_SIZE) == (long)(start + 2 * PAGE_SIZE));
	heap[0] = 1;
	EXPECT(brk(start + 3 * PAGE_SIZE + 1005) == (long)(start + 3 * PAGE_SIZE + 1005));
	EXPECT(heap[0] == 1 && heap[1] == 0);
	heap[3 * PAGE_SIZE + 1004] = 2;
	EXPECT(brk(start + PAGE_SIZE + 1) == (long)(start + PAGE_SIZE + 1));
	EXPECT(status_of(touch_what_is_gone) == SIGSEGV);
	EXPECT(brk(start + 4 * PAGE_SIZE) == (long)(start + 4 * PAGE_SIZE));
	EXPECT(heap[3 * PAGE_SIZE + 1004] == 0 && heap[0] == 1);
	EXPECT(brk(0) == (long)(start + 4 * PAGE_SIZE));
	EXPECT(brk(start - 1) == (long)(start + 4 * PAGE_SIZE));
	EXPECT(brk(DIRECT_MAP) == (long)(start + 4 * PAGE_SIZE));
	EXPECT(brk(USER_STACK_TOP - PAGE_SIZE) == (long)(start + 4 * PAGE_SIZE));
	EXPECT(brk(UINT64_MAX) == (long)(start + 4 * PAGE_SIZE));
	EXPECT(brk(UINT64_C(0x8000000000000000)) == (long)(start + 4 * PAGE_SIZE));
	EXPECT(brk(start) == (long)start);
	return 0;
}
