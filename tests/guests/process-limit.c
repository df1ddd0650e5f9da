/* SPDX-License-Identifier: MIT */
/*
 * process-limit.c: there may be as many processes as the limit says, 256; one more is -EAGAIN. When they are gone there
 * may be others.
 * Transitions: not compared: how far each child comes before it is killed is the scheduler's affair.
 */
#include "test.h"

#define LIMIT 256

static void sleep_for_ever(void)
{
	for (;;)
		nanosleep(&(struct timespec){3600, 0});
}

/* Forks until it is not possible, or `most` times; returns how many children there are then. */
static int fork_up_to(int most)
{
	for (int count = 0; count < most; count++) {
		long child = fork();

		if (child == 0)
			sleep_for_ever();
		if (child < 0) {
			EXPECT(child == -EAGAIN);
			return count;
		}
	}
	return most;
}

static void end_all(int children)
{
	EXPECT(kill(-1, SIGKILL) == 0);
	for (; children > 0; children--) {
		int status = 0;

		EXPECT(wait4(-1, &status, 0) > 0 && status == SIGKILL);
	}
	EXPECT(wait4(-1, NULL, 0) == -ECHILD);
}

int main(int argc, char **argv, char **envp)
{
	(void)argc, (void)argv, (void)envp;
	EXPECT(fork_up_to(LIMIT) == LIMIT - 1);
	end_all(LIMIT - 1);
	EXPECT(fork_up_to(5) == 5);
	end_all(5);
	printf("%d children\n", LIMIT - 1);
	return 0;
}
