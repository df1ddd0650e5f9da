/* SPDX-License-Identifier: MIT */
/*
 * clocks.c: the clocks agree with each other and never go back; unknown ones are -EINVAL.
 * Transitions: the calls in this order.
 */
#include "test.h"

#define CLOCK_REALTIME 0

static int64_t read_clock(int clock)
{
	struct timespec time = {-1, -1};

	EXPECT(clock_gettime(clock, &time) == 0 && time.tv_nsec >= 0 && time.tv_nsec < 1000000000);
	return time.tv_sec * 1000000000 + time.tv_nsec;
}

int main(int argc, char **argv, char **envp)
{
	struct timespec time, resolution;
	int64_t before = read_clock(CLOCK_MONOTONIC), seconds;
	int64_t microseconds[2];

	(void)argc, (void)argv, (void)envp;
	for (int i = 0; i < 20; i++) {
		int64_t now = read_clock(CLOCK_MONOTONIC);

		EXPECT(now >= before);
		before = now;
	}
	EXPECT(clock_gettime(CLOCK_REALTIME, &time) == 0 && time.tv_sec > 1700000000);
	EXPECT(raw(SYS_gettimeofday, (long)microseconds, 0, 0) == 0);
	EXPECT(microseconds[0] - time.tv_sec <= 5 && microseconds[0] >= time.tv_sec && microseconds[1] < 1000000);
	seconds = raw(SYS_time, 0, 0, 0);
	EXPECT(seconds - time.tv_sec <= 5 && seconds >= time.tv_sec);
	EXPECT(raw(SYS_clock_getres, CLOCK_MONOTONIC, (long)&resolution, 0) == 0);
	EXPECT(resolution.tv_sec == 0 && resolution.tv_nsec == 1);
	EXPECT(clock_gettime(77, &time) == -EINVAL);
	EXPECT(clock_gettime(CLOCK_REALTIME, (struct timespec *)KERNEL_BASE) == -EFAULT);
	return 0;
}
