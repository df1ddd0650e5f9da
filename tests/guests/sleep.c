/* SPDX-License-Identifier: MIT */
/*
 * sleep.c: nanosleep ends not before its time; several sleepers wake in the order of their times, whatever the order in
 * which they went to sleep; while all sleep the CPU halts. Bad times are -EINVAL.
 * Transitions: the calls in this order; three children with one nanosleep each.
 */
#include "test.h"

static int64_t slept(int64_t ns)
{
	struct timespec request = {ns / 1000000000, ns % 1000000000};
	int64_t start = now_ns();

	EXPECT(nanosleep(&request) == 0);
	return now_ns() - start;
}

int main(int argc, char **argv, char **envp)
{
	static const int delays[] = {700, 100, 400}; /* ms */
	volatile int *order = (volatile int *)map(PAGE_SIZE, PROT_RW, MAP_SHARED);
	long children[3];

	(void)argc, (void)argv, (void)envp;
	EXPECT(slept(0) < 1000000000);
	EXPECT(slept(1) >= 1);
	EXPECT(slept(25000000) >= 25000000);
	for (int child = 0; child < 3; child++) {
		children[child] = fork();
		if (children[child] == 0) {
			struct timespec request = {0, delays[child] * 1000000};

			nanosleep(&request);
			order[++order[0]] = child;
			exit(0);
		}
	}
	for (int child = 0; child < 3; child++)
		EXPECT(wait4(children[child], NULL, 0) == children[child]);
	EXPECT(order[0] == 3 && order[1] == 1 && order[2] == 2 && order[3] == 0);
	EXPECT(nanosleep(&(struct timespec){0, 1000000000}) == -EINVAL);
	EXPECT(nanosleep(&(struct timespec){0, -1}) == -EINVAL);
	EXPECT(nanosleep(&(struct timespec){-1, 0}) == -EINVAL);
	return 0;
}
