/* SPDX-License-Identifier: MIT */
/* interrupts.c: those that are not the timer's: calls between CPUs, and the VMM's. */
#include "apic.h"
#include "hypercall.h"
#include "linux/hooks.h"
#include "lock.h"
#include "scheduler.h"
#include "trap.h"

/* To come into the kernel was all that was wanted: work and TLB are looked at on the way, and an idle CPU looks who is
   ready. */
void call_interrupt(struct trap_frame *frame)
{
	apic_end_interrupt();
	if (from_user(frame) && scheduler_others_ready())
		scheduler_yield();
}

void host_interrupt(struct trap_frame *frame)
{
	apic_end_interrupt();
	if (!from_user(frame))
		lock_if_needed();
	linux_host_events((uint64_t)hypercall(VMM_HYPERCALL_HOST_EVENTS, 0, 0, 0));
	if (!from_user(frame))
		unlock_if_needed();
	else if (scheduler_others_ready())
		scheduler_yield();
}
