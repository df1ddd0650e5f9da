/* SPDX-License-Identifier: MIT */
/*
 * wait.c: wait4: by pid and for any; WNOHANG; the status by exit and by signal; what is not a child, or no longer one,
 * is -ECHILD; a bad option is -EINVAL; a bad pointer is -EFAULT, though the child is reaped then, as by Linux.
 * Transitions: the calls in this order with these results; children end by exit_group, by #UD, or by the parent's kill.
 */
#include "test.h"

static void pause_for_ever(void)
{
	struct timespec hour = {3600, 0};

	for (;;)
		nanosleep(&hour);
}

int main(int argc, char **argv, char **envp)
{
	long first, second;
	int status = 5;

	(void)argc, (void)argv, (void)envp;
	EXPECT(wait4(-1, &status, 0) == -ECHILD && wait4(-1, &status, WNOHANG) == -ECHILD && status == 5);
	first = fork();
	if (first == 0)
		pause_for_ever();
	nanosleep(&(struct timespec){0, 30000000}); /* so that it has come to where it stays */
	EXPECT(wait4(first, &status, WNOHANG) == 0 && status == 5);
	EXPECT(wait4(-1, &status, WNOHANG) == 0);
	second = fork_and_wait();
	if (second == 0)
		exit(0x1234);
	EXPECT(wait4(first, &status, WNOHANG) == 0);
	EXPECT(wait4(second, &status, 0) == second && status == 0x3400);
	EXPECT(wait4(second, &status, 0) == -ECHILD);
	second = fork_and_wait();
	if (second == 0)
		asm volatile("ud2");
	EXPECT(wait4(-1, &status, 0) == second && status == SIGILL);
	EXPECT(wait4(99999, &status, 0) == -ECHILD && wait4(getpid(), &status, 0) == -ECHILD);
	EXPECT(wait4(1 << 30, &status, WNOHANG) == -ECHILD);
	EXPECT(wait4(first, &status, 0x100) == -EINVAL);
	EXPECT(kill(first, SIGTERM) == 0 && wait4(0, &status, 0) == first && status == SIGTERM);
	second = fork_and_wait();
	if (second == 0)
		exit(0);
	EXPECT(wait4(second, (int *)KERNEL_BASE, 0) == -EFAULT && wait4(second, &status, 0) == -ECHILD);
	second = fork_and_wait();
	if (second == 0)
		exit(7);
	EXPECT(wait4(second, NULL, 0) == second);
	return 0;
}
