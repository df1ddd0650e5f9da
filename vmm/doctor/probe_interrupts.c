/* SPDX-License-Identifier: MIT */
/* probe_interrupts.c: does the local APIC's timer reach the guest, running or halted? */
#include "probes.h"

static bool timer_arrived(const struct probe_stop *stop)
{
	return stop->kind == STOP_VECTOR && stop->number == PROBE_TIMER_VECTOR;
}

/* `code` loops with interrupts on. */
bool probe_timer_interrupt(struct probe_guest *guest, const void *code, struct finding *finding)
{
	struct probe_stop stop;

	probe_run(guest, &(struct probe_start){.code = code, .prelude = probe_timer, .rflags = RFLAGS_IF}, &stop);
	return timer_arrived(&stop) ? finding_yes(finding) : probe_unexpected(finding, &stop);
}

bool probe_hlt_wakes(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	struct probe_stop stop;

	(void)unused;
	probe_run(guest, &(struct probe_start){.code = probe_halt, .prelude = probe_timer}, &stop);
	if (!timer_arrived(&stop) || stop.frame.rip != probe_address(probe_halted))
		return probe_unexpected(finding, &stop);
	return finding_ok(finding, "return address behind the hlt");
}
