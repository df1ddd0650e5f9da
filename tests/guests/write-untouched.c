/* SPDX-License-Identifier: MIT */
/*
 * write-untouched.c: a write from memory of which only the first page was ever touched goes out as a whole; so does a
 * vector of it.
 */
#include "file_calls.h"

int main(int argc, char **argv, char **envp)
{
	volatile char *area = map(4 * PAGE_SIZE, PROT_RW, MAP_PRIVATE);
	const struct iovec parts[] = {{(void *)(uintptr_t)area, 1},
				      {(void *)(uintptr_t)(area + PAGE_SIZE), 2 * PAGE_SIZE}};

	(void)argc, (void)argv, (void)envp;
	area[0] = 'x';
	EXPECT(write(1, (void *)(uintptr_t)area, PAGE_SIZE + 10) == PAGE_SIZE + 10);
	EXPECT(CALL(writev, 1, parts, 2) == 2 * PAGE_SIZE + 1);
	return 0;
}
