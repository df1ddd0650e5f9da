/* SPDX-License-Identifier: MIT */
/*
 * clock.c: the time stamp counter as the clock, and the local APIC's timer for the interrupt. AMD APM vol. 2, "Local
 * APIC", "APIC Timer Operation" and "x2APIC".
 */
#include "clock.h"

#include "cpu.h"
#include "scheduler.h"
#include "trap.h"
#include "traps_asm.h"

static const struct vmm_boot_info *boot_info;
static uint64_t ns_per_cycle; /* as a fixed-point number, 32 bits after the point; 0: not needed so far */
static uint64_t ticks;

/* The VMM lets the APIC timer count nanoseconds (1 GHz, divided by 1). */
void clock_start(const struct vmm_boot_info *boot)
{
	boot_info = boot;
	write_msr(MSR_X2APIC_SPURIOUS, APIC_SPURIOUS_ENABLE | VECTOR_SPURIOUS);
	write_msr(MSR_X2APIC_DIVIDE, APIC_DIVIDE_BY_1);
	write_msr(MSR_X2APIC_LVT_TIMER, APIC_TIMER_PERIODIC | VECTOR_TIMER);
	write_msr(MSR_X2APIC_INITIAL_COUNT, TICK_NS);
}

uint64_t clock_now(void)
{
	if (boot_info->tsc_khz ==
	    0) /* the speed of the TSC is not known: count interrupts, though some may be missed */
		return ticks * TICK_NS;
	if (ns_per_cycle == 0)
		ns_per_cycle = (UINT64_C(1000000) << 32) / boot_info->tsc_khz;
	return (unsigned __int128)(read_tsc() - boot_info->start_tsc) * ns_per_cycle >> 32;
}

uint64_t clock_wall(void)
{
	return boot_info->start_ns + clock_now();
}

void timer_interrupt(struct trap_frame *frame)
{
	write_msr(MSR_X2APIC_EOI, 0);
	ticks++;
	scheduler_wake_sleepers();
	if (!from_user(frame)) /* idle: it looks for itself */
		return;
	current()->ticks++;
	if (scheduler_others_ready())
		scheduler_yield();
}
