/* SPDX-License-Identifier: MIT */
/*
 * apic.h: this CPU's local APIC: it brings interrupts, also those from one CPU to another. AMD APM vol. 2, "x2APIC".
 */
#ifndef KERNEL_APIC_H
#define KERNEL_APIC_H

#include "cpu.h"
#include "traps_asm.h"
#include "x86.h"

#define APIC_ICR_ASSERT 0x4000

/* Lets interrupts through. */
static inline void apic_start(void)
{
	write_msr(MSR_X2APIC_SPURIOUS, APIC_SPURIOUS_ENABLE | VECTOR_SPURIOUS);
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
