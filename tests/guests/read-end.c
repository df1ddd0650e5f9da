/* SPDX-License-Identifier: MIT */
/*
 * read-end.c: reading from a standard input that is at its end gives 0, as often as one asks; from what cannot be read,
 * -EBADF; nothing is written to the buffer.
 * Transitions: read = 0 three times, then twice -9; the first touch of the buffer is the program's, as nothing was
 * read.
 */
#include "test.h"

int main(int argc, char **argv, char **envp)
{
	volatile char *buffer = map(PAGE_SIZE, PROT_RW, MAP_PRIVATE);

	(void)argc, (void)argv, (void)envp;
	buffer[0] = 5;
	EXPECT(read(0, (void *)(uintptr_t)buffer, PAGE_SIZE) == 0);
	EXPECT(read(0, (void *)(uintptr_t)buffer, 1) == 0);
	EXPECT(read(0, (void *)(uintptr_t)buffer, 0) == 0);
	EXPECT(read(9, (void *)(uintptr_t)buffer, 1) == -EBADF);
	EXPECT(read(-1, (void *)(uintptr_t)buffer, 1) == -EBADF);
	EXPECT(buffer[0] == 5);
	return 0;
}
