/* SPDX-License-Identifier: MIT */
/*
 * futex.h: words of user memory at which threads wait.
 */
#ifndef LINUX_FUTEX_H
#define LINUX_FUTEX_H

#include <stdint.h>

struct thread;

/* Wakes at most `count` waiters of the current process at this address. */
void futex_wake_private(uint64_t address, unsigned count);

/* The end of a thread: marks the mutexes that it still holds (set_robust_list). */
void futex_release_robust(struct thread *thread);

#endif
