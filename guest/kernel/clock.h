/* SPDX-License-Identifier: MIT */
/*
 * clock.h: time, in nanoseconds, and the interrupt that divides it between processes.
 */
#ifndef KERNEL_CLOCK_H
#define KERNEL_CLOCK_H

#include <stdint.h>

#include "abi.h"
#include "apic.h"

#define NANOSECONDS UINT64_C(1000000000) /* in a second */
#define TICK_NS     UINT64_C(10000000)   /* between two timer interrupts: also how long a process may run on */

/* Starts this CPU's timer; interrupts come when ring 3, or idle, has them enabled. */
static inline void clock_start(void)
{
	apic_start_timer(TICK_NS);
}

static inline void clock_stop(void)
{
	apic_stop_timer();
}

#define CLOCK_AT_START (VMM_UPTIME_AT_START * NANOSECONDS)

uint64_t clock_now(void);  /* CLOCK_AT_START at the start of the guest */
uint64_t clock_wall(void); /* since 1970 */

#endif
