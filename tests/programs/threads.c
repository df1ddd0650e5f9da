/* SPDX-License-Identifier: MIT */
/*
 * threads.c: pthreads: four threads count under a mutex; two pass a token by a condition variable; thread-local
 * variables are each thread's own; one leaves by pthread_exit with a value; a cancelled one is joined.
 */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#define THREADS 4
#define ROUNDS  1000

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turned = PTHREAD_COND_INITIALIZER;
static int counter, turn;
static _Thread_local int own = 7;

static void *count(void *argument)
{
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&lock);
		counter++;
		pthread_mutex_unlock(&lock);
	}
	own += (int)(long)argument;
	return (void *)(long)own;
}

static void *take_turns(void *argument)
{
	const int me = (int)(long)argument;

	pthread_mutex_lock(&lock);
	for (int i = 0; i < 10; i++) {
		while (turn != me)
			pthread_cond_wait(&turned, &lock);
		turn = !me;
		pthread_cond_signal(&turned);
	}
	pthread_mutex_unlock(&lock);
	pthread_exit((void *)(long)(me + 40));
}

static void *wait_forever(void *argument)
{
	for (;;)
		pause();
	return argument;
}

static long join(pthread_t thread)
{
	void *result = NULL;

	return pthread_join(thread, &result) == 0 ? (long)result : -99;
}

int main(void)
{
	pthread_t threads[THREADS], cancelled;

	for (long i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, count, (void *)i) != 0)
			return 1;
	for (int i = 0; i < THREADS; i++)
		printf("thread %d: %ld\n", i, join(threads[i]));
	printf("counter %d, own %d\n", counter, own);
	for (long i = 0; i < 2; i++)
		if (pthread_create(&threads[i], NULL, take_turns, (void *)i) != 0)
			return 1;
	for (int i = 0; i < 2; i++)
		printf("player %d: %ld\n", i, join(threads[i]));
	if (pthread_create(&cancelled, NULL, wait_forever, NULL) != 0 || pthread_cancel(cancelled) != 0)
		return 1;
	printf("cancelled: %d\n", join(cancelled) == (long)PTHREAD_CANCELED);
	return 0;
}
