/* SPDX-License-Identifier: MIT */
/*
 * process-tree.c: a child forks a child of its own, each with its own memory; getppid names the parent. A process whose
 * parent has ended is nobody's child.
 * Transitions: in each process what it does, in this order; process 1 reaps one child, its own.
 */
#include "test.h"

static volatile long value = 1;

static void grandchild(void)
{
	EXPECT(value == 2);
	value = 3;
	EXPECT(value == 3);
}

static void child(void)
{
	long parent = getpid();

	value = 2;
	EXPECT(status_of(grandchild) == 0 && value == 2);
	if (fork_and_wait() == 0) {
		EXPECT(getppid() == parent);
		exit(0); /* nobody has waited for it when its parent ends */
	}
	value = 4;
}

int main(int argc, char **argv, char **envp)
{
	int status = -1;

	(void)argc, (void)argv, (void)envp;
	EXPECT(getpid() == 1 && getppid() == 0);
	EXPECT(status_of(child) == 0 && value == 1);
	EXPECT(wait4(-1, &status, 0) == -ECHILD);
	return 0;
}
