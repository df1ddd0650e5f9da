/* SPDX-License-Identifier: MIT */
/*
 * demand-paging.c: mmap gives addresses and no memory. The first touch of each page, by reading or by writing, is a
 * page fault that brings in a page of zeros; later touches are none. What munmap took back comes in as zeros again.
 * Transitions: mmap; #PF 0x4 with its return for the page that is read first, 0x6 for the one that is written first,
 * none for the third, which nobody touches; munmap; and all that once more.
 */
#include "test.h"

static uint64_t or_of(const volatile char *page)
{
	const volatile uint64_t *words = (const volatile uint64_t *)page;
	uint64_t all = 0;

	for (size_t i = 0; i < PAGE_SIZE / sizeof(*words); i++)
		all |= words[i];
	return all;
}

int main(int argc, char **argv, char **envp)
{
	(void)argc, (void)argv, (void)envp;
	for (int round = 0; round < 2; round++) {
		volatile char *area = map(3 * PAGE_SIZE, PROT_RW, MAP_PRIVATE);

		EXPECT(or_of(area) == 0);
		area[PAGE_SIZE + 500] = 7; /* not in the first words: the kernel may use those of free pages */
		EXPECT(area[PAGE_SIZE] == 0 && area[PAGE_SIZE + 500] == 7 && area[2 * PAGE_SIZE - 1] == 0);
		area[1000] = 8;
		EXPECT(area[1000] == 8);
		EXPECT(munmap((void *)(uintptr_t)area, 3 * PAGE_SIZE) == 0);
	}
	return 0;
}
