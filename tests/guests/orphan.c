/* SPDX-License-Identifier: MIT */
/*
 * orphan.c: a process that lives on when its parent ends sees process 1 as its parent, as on Linux; but process 1 is a
 * program like any other here and not asked to wait for it: it vanishes when it ends.
 * Transitions: process 1: clone, wait4 for its child, wait4 = -ECHILD, and a sleep until the orphan has ended.
 */
#include "test.h"

static void child(void)
{
	struct timespec while_parent_ends = {0, 100000000};
	long parent = getpid();

	if (fork() == 0) {
		EXPECT(getppid() == parent);
		nanosleep(&while_parent_ends);
		EXPECT(getppid() == 1);
		exit(9);
	}
	nanosleep(&(struct timespec){0, 20000000}); /* so that the first getppid of its child comes before */
}

int main(int argc, char **argv, char **envp)
{
	int status = -1;

	(void)argc, (void)argv, (void)envp;
	EXPECT(status_of(child) == 0);
	EXPECT(wait4(-1, &status, 0) == -ECHILD);
	nanosleep(&(struct timespec){0, 200000000});
	EXPECT(wait4(-1, &status, 0) == -ECHILD);
	return 0;
}
