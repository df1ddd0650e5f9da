/* SPDX-License-Identifier: MIT */
/*
 * orphan.c: a process that lives on when its parent ends sees process 1 as its parent; process 1, which waits already,
 * gets it when it ends.
 * Transitions: process 1: clone, wait4 for its child, wait4 for the orphan, wait4 = -ECHILD. The orphan sleeps until
 * its parent has gone for long.
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
	EXPECT(wait4(-1, &status, 0) == 3 && status == 9 << 8);
	EXPECT(wait4(-1, &status, 0) == -ECHILD);
	return 0;
}
