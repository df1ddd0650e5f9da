/* SPDX-License-Identifier: MIT */
/*
 * yield.c: sched_yield lets another ready process go on before it returns; alone, it returns at once.
 * Transitions: process 1: sched_yield, clone, 4 times sched_yield, wait4; the child as many.
 */
#include "test.h"

int main(int argc, char **argv, char **envp)
{
	volatile int *turns = (volatile int *)map(PAGE_SIZE, PROT_RW, MAP_SHARED);
	int status = -1;
	long child;

	(void)argc, (void)argv, (void)envp;
	EXPECT(sched_yield() == 0);
	turns[0] = 0;
	child = fork();
	if (child == 0) {
		for (int turn = 0; turn < 4; turn++) {
			turns[0]++;
			EXPECT(sched_yield() == 0);
		}
		exit(0);
	}
	for (int turn = 0; turn < 4; turn++)
		EXPECT(sched_yield() == 0);
	EXPECT(turns[0] > 0); /* 4, if the timer did not get in between */
	EXPECT(wait4(child, &status, 0) == child && status == 0 && turns[0] == 4);
	return 0;
}
