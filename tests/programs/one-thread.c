/* SPDX-License-Identifier: MIT */
/*
 * one-thread.c: threads that cannot race: each is joined before the next one starts. Every system call of starting and
 * ending a thread can be compared. The last one ends the program, by exit from within.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static __thread long value = 1;

static const struct timespec moment = {.tv_nsec = 100 * 1000 * 1000};

static void *work(void *argument)
{
	nanosleep(&moment, NULL); /* so that the join has begun to wait */
	value += (long)argument;
	return (void *)value;
}

static void *end(void *argument)
{
	(void)argument;
	nanosleep(&moment, NULL);
	printf("the thread ends it all\n");
	exit(5);
}

int main(void)
{
	pthread_t thread;
	void *result;

	for (long i = 1; i <= 3; i++) {
		if (pthread_create(&thread, NULL, work, (void *)i) != 0 || pthread_join(thread, &result) != 0)
			return 1;
		printf("thread %ld: %ld, here %ld\n", i, (long)result, value);
	}
	if (pthread_create(&thread, NULL, end, NULL) != 0)
		return 1;
	pthread_join(thread, NULL);
	return 1;
}
