/* SPDX-License-Identifier: MIT */
/*
 * sleeps.c: clock_nanosleep for a span and until a moment, of several clocks, nanosleep, select and poll as sleeps;
 * that each takes its time; and bad spans. Prints no times.
 */
#include <poll.h>
#include <stdlib.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#include "say.h"

#define SPAN 20000000L

static const struct timespec span = {.tv_nsec = SPAN};

static struct timespec *volatile nowhere = (void *)8;

static long long now(void)
{
	struct timespec moment;

	clock_gettime(CLOCK_MONOTONIC, &moment);
	return moment.tv_sec * 1000000000LL + moment.tv_nsec;
}

static void until(void)
{
	struct timespec moment;

	clock_gettime(CLOCK_MONOTONIC, &moment);
	moment.tv_nsec += SPAN;
	if (moment.tv_nsec >= 1000000000) {
		moment.tv_nsec -= 1000000000;
		moment.tv_sec++;
	}
	SAY("until", clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &moment, NULL));
	moment.tv_sec -= 100;
	SAY("until a moment gone by", clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &moment, NULL));
}

int main(void)
{
	const struct timespec bad = {.tv_nsec = 1000000000};
	struct timeval wait = {.tv_usec = SPAN / 1000};
	long long start = now();

	SAY("nanosleep", nanosleep(&span, NULL));
	printf("slept %d\n", now() - start >= SPAN);
	start = now();
	SAY("clock_nanosleep", clock_nanosleep(CLOCK_REALTIME, 0, &span, NULL));
	printf("slept %d\n", now() - start >= SPAN);
	start = now();
	until();
	printf("slept %d\n", now() - start >= SPAN);
	start = now();
	SAY("select", select(0, NULL, NULL, NULL, &wait));
	SAY("poll", poll(NULL, 0, 20));
	SAY("usleep", usleep(1000));
	printf("slept %d\n", now() - start >= 2 * SPAN);
	SAY("too many nanoseconds", nanosleep(&bad, NULL));
	SAY("bad clock", clock_nanosleep(99, 0, &span, NULL));
	SAY("bad pointer", nanosleep(nowhere, NULL));
	return 0;
}
