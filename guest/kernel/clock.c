/* SPDX-License-Identifier: MIT */
/*
 * clock.c: the time stamp counter as the clock, and the local APIC's timer for the interrupt. AMD APM vol. 2, "Local
 * APIC", "APIC Timer Operation" and "x2APIC".
 */
#include "clock.h"

#include "apic.h"
#include "boot_info.h"
#include "cpu.h"
#include "linux/hooks.h"
#include "lock.h"
#include "scheduler.h"
#include "trap.h"
#include "traps_asm.h"

static uint64_t ns_per_cycle; /* as a fixed-point number, 32 bits after the point; 0: not needed so far */
static uint64_t ticks;

uint64_t clock_now(void)
{
	if (boot_info->tsc_khz ==
	    0) /* the speed of the TSC is not known: count interrupts, though some may be missed */
		return CLOCK_AT_START + ticks * TICK_NS;
	if (ns_per_cycle == 0)
		ns_per_cycle = (UINT64_C(1000000) << 32) / boot_info->tsc_khz;
	return CLOCK_AT_START + (uint64_t)((unsigned __int128)(read_tsc() - boot_info->start_tsc) * ns_per_cycle >> 32);
}

uint64_t clock_wall(void)
{
	return boot_info->start_ns - CLOCK_AT_START + clock_now();
}

/* Time has passed. */
static void tick(void)
{
	if (this_cpu()->index == 0)
		ticks++;
	scheduler_wake_sleepers();
	linux_tick();
}

void timer_interrupt(struct trap_frame *frame)
{
	apic_end_interrupt();
	if (!from_user(frame)) { /* idle: it looks for itself who is ready */
		lock_if_needed();
		tick();
		unlock_if_needed();
		return;
	}
	tick();
	current()->ticks++;
	if (scheduler_others_ready())
		scheduler_yield();
}
