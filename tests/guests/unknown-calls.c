/* SPDX-License-Identifier: MIT */
/*
 * unknown-calls.c: a number without a system call gives -ENOSYS, by either door: far ones and negative
 * ones. (fuzz-calls has the first numbers behind the last.)
 * Transitions: each by its number, with = -38.
 */
#include "test.h"

int main(int argc, char **argv, char **envp)
{
	static const long numbers[] = {600, 1000, 4096, 9999, 0x7fffffff, 0x80000000, 0xffffffff, -1};

	(void)argc, (void)argv, (void)envp;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		EXPECT(raw(numbers[i], 0, 0, 0) == -ENOSYS);
		EXPECT((int)int80(numbers[i], 0, 0, 0) == -ENOSYS);
	}
	return 0;
}
