/* SPDX-License-Identifier: MIT */
/*
 * calibrate.c: the program behind `vmm --calibrate`: null system calls, timed by the time stamp counter in ring 3, so
 * that no start and no end of anything is in the times. Usage: calibrate CALLS BATCHES; one line for each batch: its
 * ticks.
 */
#include "lib/syscalls.h"
#include "lib/text.h"

#define BATCHES_MAX 64

int main(int argc, char **argv);

static inline uint64_t ticks(void)
{
	uint32_t low, high;

	asm volatile("lfence; rdtsc; lfence" : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
}

static unsigned long number(const char *text)
{
	unsigned long value = 0;

	for (; *text >= '0' && *text <= '9'; text++)
		value = 10 * value + (unsigned long)(*text - '0');
	return value;
}

int main(int argc, char **argv)
{
	static uint64_t batches[BATCHES_MAX];
	unsigned long calls = argc > 2 ? number(argv[1]) : 0, count = argc > 2 ? number(argv[2]) : 0;

	if (calls == 0 || count == 0 || count > BATCHES_MAX)
		return 1;
	getpid(); /* what happens once has happened */
	batches[count - 1] = 0;
	for (unsigned long batch = 0; batch < count; batch++) {
		uint64_t start = ticks();

		for (unsigned long i = 0; i < calls; i++)
			getpid();
		batches[batch] = ticks() - start;
	}
	for (unsigned long batch = 0; batch < count; batch++)
		printf("%lu\n", (unsigned long)batches[batch]);
	return 0;
}
