/* SPDX-License-Identifier: MIT */
/*
 * write-syscall.c: `write` by the instruction `syscall` brings bytes to standard output and standard error and returns
 * their number; what is no file open for writing gives -EBADF.
 * Transitions: each call is one entry by syscall and one return by sysret; exit_group ends the program.
 */
#include "test.h"

int main(int argc, char **argv, char **envp)
{
	(void)argc, (void)argv, (void)envp;
	EXPECT(write(1, "to standard output\n", 19) == 19);
	EXPECT(write(2, "to standard error\n", 18) == 18);
	EXPECT(write(1, "", 0) == 0);
	EXPECT(write(0, "x", 1) == -EBADF);
	EXPECT(write(7, "x", 1) == -EBADF);
	EXPECT(write(-1, "x", 1) == -EBADF);
	return 0;
}
