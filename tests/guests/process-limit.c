/* SPDX-License-Identifier: MIT */
/*
 * process-limit.c: there may be as many processes as the limit says, 256; one more is -EAGAIN. When they are gone there
 * may be as many again.
 * Transitions: not compared: how far each child comes before it is killed is the scheduler's affair.
 */
#include "test.h"

#define LIMIT 256

int main(int argc, char **argv, char **envp)
{
	(void)argc, (void)argv, (void)envp;
	for (int round = 0; round < 2; round++) {
		int count = 1;
		long child;

		for (;; count++) {
			struct timespec hour = { 3600, 0 };

			child = fork();
			if (child == 0)
				for (;;)
					nanosleep(&hour);
			if (child < 0)
				break;
		}
		EXPECT(child == -EAGAIN && count == LIMIT);
		EXPECT(kill(-1, SIGKILL) == 0);
		for (; count > 1; count--) {
			int status = 0;

			EXPECT(wait4(-1, &status, 0) > 0 && status == SIGKILL);
		}
		EXPECT(wait4(-1, NULL, 0) == -ECHILD);
	}
	printf("%d children, twice\n", LIMIT - 1);
	return 0;
}
