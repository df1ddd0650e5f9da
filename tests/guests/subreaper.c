/* SPDX-License-Identifier: MIT */
/*
 * subreaper.c: who has asked for it (prctl, PR_SET_CHILD_SUBREAPER) gets the children of its children when those end,
 * alive or dead, and their status. Transitions: prctl; clone, wait4 for the child, wait4 for its child, which outlives
 * it, wait4 = -ECHILD.
 */
#include "test.h"

#define PR_SET_CHILD_SUBREAPER 36

static void child(void)
{
	long parent = getpid();

	if (fork() == 0) {
		nanosleep(&(struct timespec){0, 200000000});
		EXPECT(getppid() != parent);
		exit(9);
	}
}

int main(int argc, char **argv, char **envp)
{
	int status = -1;

	(void)argc, (void)argv, (void)envp;
	EXPECT(raw(SYS_prctl, PR_SET_CHILD_SUBREAPER, 1, 0) == 0);
	EXPECT(status_of(child) == 0);
	EXPECT(wait4(-1, &status, 0) > 0 && status == 9 << 8);
	EXPECT(wait4(-1, &status, 0) == -ECHILD);
	return 0;
}
