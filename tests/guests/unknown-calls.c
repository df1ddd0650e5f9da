/* SPDX-License-Identifier: MIT */
/*
 * unknown-calls.c: a number without a system call gives -ENOSYS, by either door: the first free ones, far ones, negative
 * ones, and ones whose low bits would be a call's.
 * Transitions: each by its number, with = -38.
 */
#include "test.h"

int main(int argc, char **argv, char **envp)
{
	static const long numbers[] = { 463, 512, 1000, 4096, 0x7fffffff, 0x80000000, 0xffffffff, -1, INT64_MIN };

	(void)argc, (void)argv, (void)envp;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		EXPECT(raw(numbers[i], 0, 0, 0) == -ENOSYS);
		EXPECT((int)int80(numbers[i], 0, 0, 0) == -ENOSYS);
	}
	return 0;
}
