/* SPDX-License-Identifier: MIT */
/*
 * clock.h: time, in nanoseconds, and the interrupt that divides it between processes.
 */
#ifndef KERNEL_CLOCK_H
#define KERNEL_CLOCK_H

#include <stdint.h>

#include "abi.h"

#define NANOSECONDS UINT64_C(1000000000) /* in a second */
#define TICK_NS     UINT64_C(10000000)   /* between two timer interrupts: also how long a process may run on */

/* Starts this CPU's timer; interrupts come when ring 3, or idle, has them enabled. */
void clock_start(void);
void clock_stop(void);

#define CLOCK_AT_START (VMM_UPTIME_AT_START * NANOSECONDS)

uint64_t clock_now(void);  /* CLOCK_AT_START at the start of the guest */
uint64_t clock_wall(void); /* since 1970 */

#endif
