/* SPDX-License-Identifier: MIT */
/*
 * write-large.c: one write of 300,000 bytes brings out all of them, in order, though the kernel hands them on in parts.
 * Transitions: one page fault for each of the 74 pages that the program fills; one write, = 300,000.
 */
#include "test.h"

#define BYTES 300000
#define LINE  20

int main(int argc, char **argv, char **envp)
{
	char *text = (char *)(uintptr_t)map(BYTES, PROT_RW, MAP_PRIVATE);

	(void)argc, (void)argv, (void)envp;
	for (unsigned line = 0; line < BYTES / LINE; line++) {
		char number[LINE + 1];

		snprintf(number, sizeof(number), "line %014u\n", line);
		memcpy(text + line * LINE, number, LINE);
	}
	EXPECT(write(1, text, BYTES) == BYTES);
	return 0;
}
