/* SPDX-License-Identifier: MIT */
/*
 * apic.h: this CPU's local APIC: it brings interrupts, also those from one CPU to another. AMD APM vol. 2, "x2APIC".
 */
#ifndef KERNEL_APIC_H
#define KERNEL_APIC_H

#include "cpu.h"
#include "traps_asm.h"
#include "x86.h"

#define APIC_ICR_ASSERT      0x4000
#define APIC_DIVIDE_AT_RESET 2

/* Lets interrupts through. */
static inline void apic_start(void)
{
	write_msr(MSR_X2APIC_SPURIOUS, APIC_SPURIOUS_ENABLE | VECTOR_SPURIOUS);
}

/* An interrupt each `ns` from now on. The timer's clock runs at 1 GHz. After reset the timer counts every second cycle
   of it; to leave that so saves the write that would change it. */
static inline void apic_start_timer(uint32_t ns)
{
	write_msr(MSR_X2APIC_LVT_TIMER, APIC_TIMER_PERIODIC | VECTOR_TIMER);
	write_msr(MSR_X2APIC_INITIAL_COUNT, ns / APIC_DIVIDE_AT_RESET);
}

static inline void apic_stop_timer(void)
{
	write_msr(MSR_X2APIC_INITIAL_COUNT, 0);
}

static inline void apic_end_interrupt(void)
{
	write_msr(MSR_X2APIC_EOI, 0);
}

/* Makes another CPU come into the kernel, or wake up. */
static inline void apic_call_cpu(uint32_t index)
{
	write_msr(MSR_X2APIC_ICR, (uint64_t)index << 32 | APIC_ICR_ASSERT | VECTOR_CALL);
}

#endif
