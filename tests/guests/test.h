/* SPDX-License-Identifier: MIT */
/*
 * test.h: what the test guests share: an expectation that ends the program, and children in a fixed order.
 */
#ifndef TEST_H
#define TEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/syscalls.h"
#include "lib/text.h"
#include "linux/errno.h"
#include "shared/layout.h"
#include "shared/syscalls.h"

#define SIGALRM             14
#define SIGTERM             15
#define PROT_RW             (PROT_READ | PROT_WRITE)
#define MAP_FIXED_NOREPLACE 0x100000
#define WNOHANG             1

/* Status 1 and one line: in a child too, where the parent then meets a status that it does not expect. */
#define EXPECT(condition)                                                        \
	do {                                                                     \
		if (!(condition)) {                                              \
			printf("line %d: not true: %s\n", __LINE__, #condition); \
			exit(1);                                                 \
		}                                                                \
	} while (0)

int main(int argc, char **argv, char **envp);

static inline long raw(long number, long a, long b, long c)
{
	return syscall6(number, a, b, c, 0, 0, 0);
}

static inline volatile char *map(size_t bytes, int protection, int flags)
{
	long result = mmap(NULL, bytes, protection, flags);

	EXPECT(result > 0);
	return (volatile char *)result;
}

/*
 * The wait status of a child that calls `body`. The parent stands still meanwhile, so the order is always the same:
 *   clone; in the child a copy-on-write fault on its stack, then what `body` does, and exit_group(0) if that returns;
 *   in the parent the same fault on its stack, then wait4.
 */
static inline int status_of(void (*body)(void))
{
	int status = -1;
	long child = fork_and_wait();

	if (child == 0) {
		asm volatile("" : "+r"(body)); /* a real call, so that it writes to the stack */
		body();
		exit(0);
	}
	EXPECT(child > 0 && wait4(child, &status, 0) == child);
	return status;
}

static inline int64_t now_ns(void)
{
	struct timespec time = {0, 0};

	EXPECT(clock_gettime(CLOCK_MONOTONIC, &time) == 0);
	return time.tv_sec * 1000000000 + time.tv_nsec;
}

/* How many rounds of a loop of two instructions take so long. Asks the clock twice, so the number of calls is fixed. */
static inline uint64_t rounds_in(int64_t ns)
{
	const uint64_t sample = 400000;
	uint64_t rounds = sample;
	int64_t start = now_ns(), elapsed;

	asm volatile("1: decq %0; jnz 1b" : "+r"(rounds));
	elapsed = now_ns() - start;
	return elapsed > 0 ? (uint64_t)(ns * (int64_t)(sample / 100) / elapsed * 100) + 1 : sample;
}

static inline void spin(uint64_t rounds)
{
	asm volatile("1: decq %0; jnz 1b" : "+r"(rounds));
}

#endif
