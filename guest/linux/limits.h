/* SPDX-License-Identifier: MIT */
/*
 * limits.h: resource limits (getrlimit). Most are only remembered: the machine itself is what limits.
 */
#ifndef LINUX_LIMITS_H
#define LINUX_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

#define RLIMIT_STACK  3
#define RLIMIT_CORE   4
#define RLIMIT_NPROC  6
#define RLIMIT_NOFILE 7
#define RLIMITS       16
#define RLIM_INFINITY UINT64_MAX

struct limits;
struct process;

/* What applies to a process now. */
uint64_t limit_of(const struct process *process, unsigned resource);

/* For fork: a user more of the same limits; for the end of a process: one less. NULL: those of the start. */
void limits_hold(struct limits *limits);
void limits_drop(struct limits *limits);

#endif
