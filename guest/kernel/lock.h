/* SPDX-License-Identifier: MIT */
/*
 * lock.h: the big kernel lock. With several CPUs one of them at a time is in the kernel: whoever enters from ring 3
 * takes the lock, whoever returns there, or idles, gives it back (traps.S). A CPU that waits for it is *parked*: it
 * touches nothing, and on its way in it forgets its TLB if it was asked to. So the holder may change the tables of an
 * address space that other CPUs are using once it has parked them (cpus_park).
 */
#ifndef KERNEL_LOCK_H
#define KERNEL_LOCK_H

#include <stdbool.h>

extern bool kernel_lock_needed;

/* There is more than one CPU. */
static inline bool kernel_lock_is_needed(void)
{
	return kernel_lock_needed;
}

/* Not called with one CPU. */
void kernel_lock(void);
void kernel_unlock(void);

/* The same for C that runs without the lock: interrupts that come while a CPU idles. */
void lock_if_needed(void);
void unlock_if_needed(void);

/* Called by each of several CPUs at its start. */
static inline void lock_is_needed(void)
{
	__atomic_store_n(&kernel_lock_needed, true, __ATOMIC_RELAXED);
}

/* One turn of waiting for another CPU; *spins counts them. */
void spin(unsigned *spins);

#endif
