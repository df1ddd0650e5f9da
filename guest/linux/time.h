/* SPDX-License-Identifier: MIT */
/*
 * time.h: time as system calls have it.
 */
#ifndef LINUX_TIME_H
#define LINUX_TIME_H

#include <stdint.h>

struct timespec {
	int64_t seconds, nanoseconds;
};

struct timespec to_timespec(uint64_t ns);

/* When a timeout at `address` (struct timespec, from now on) ends on the clock of clock_now(); NO_DEADLINE for address
   0. Returns 0, -EFAULT or -EINVAL. */
int64_t time_deadline(uint64_t address, uint64_t *deadline);

/* The same of a length of time. */
int64_t time_deadline_of(const struct timespec *time, uint64_t *deadline);

#endif
