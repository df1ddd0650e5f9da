/* SPDX-License-Identifier: MIT */
/*
 * fork-memory.c: after fork both have the same values; what one writes to private memory the other does not see, in
 * both directions; shared memory is the same for both. The last owner of a page gets it without a copy, but with a
 * fault. Transitions: in the child and in the parent one #PF 0x7 for each private page that each writes to (the stack
 * first; two in the child, three in the parent), and one #PF 0x4 for the page that nobody had touched before; none for
 * the shared pages, none for reading what the other has.
 */
#include "test.h"

static volatile struct {
	long value;
	char rest[PAGE_SIZE - sizeof(long)];
} first __attribute__((aligned(PAGE_SIZE))) = {.value = 1}, second __attribute__((aligned(PAGE_SIZE))) = {.value = 2};

static volatile long *shared, *private;

static void child(void)
{
	EXPECT(first.value == 10 && second.value == 2 && shared[0] == 5 && private[0] == 6 && private[512] == 0);
	first.value = 11;
	private[0] = 66;
	private[512] = 77;
	shared[0] = 55;
	shared[512] = 44;
	EXPECT(first.value == 11 && second.value == 2 && private[0] == 66 && private[512] == 77);
}

int main(int argc, char **argv, char **envp)
{
	(void)argc, (void)argv, (void)envp;
	shared = (volatile long *)map(2 * PAGE_SIZE, PROT_RW, MAP_SHARED);
	private = (volatile long *)map(2 * PAGE_SIZE, PROT_RW, MAP_PRIVATE);
	shared[0] = 5;
	private[0] = 6;
	first.value = 10;
	EXPECT(status_of(child) == 0);
	EXPECT(first.value == 10 && second.value == 2 && private[0] == 6 && private[512] == 0);
	EXPECT(shared[0] == 55 && shared[512] == 44);
	first.value = 12;
	second.value = 13;
	private[0] = 14;
	EXPECT(first.value == 12 && second.value == 13 && private[0] == 14);
	return 0;
}
