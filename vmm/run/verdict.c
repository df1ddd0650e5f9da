/* SPDX-License-Identifier: MIT */
/* verdict.c: the doubts about a run. */
#include "verdict.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "walk.h"

static void doubt(struct verdict *verdict, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void doubt(struct verdict *verdict, const char *format, ...)
{
	va_list arguments;

	if (verdict->count == VERDICT_DOUBTS)
		return;
	va_start(arguments, format);
	vsnprintf(verdict->texts[verdict->count], VERDICT_TEXT, format, arguments);
	va_end(arguments);
	verdict->doubts[verdict->count] = verdict->texts[verdict->count];
	verdict->count++;
}

static gva_t gate_target(const struct x86_gate *gate)
{
	return gate->offset_15_0 | (gva_t)gate->offset_31_16 << 16 | (gva_t)gate->offset_63_32 << 32;
}

/* A gate that does not lead to a site of its vector is a door that nobody watches. */
static void check_idt(struct verdict *verdict, const struct verdict_request *request, const struct cpu_state *state)
{
	const struct tracer *tracer = request->tracer;
	unsigned unwatched = 0, first = 0;
	gva_t target = 0;

	for (unsigned vector = 0; vector < VECTORS; vector++) {
		struct x86_gate gate;
		const struct site *site;

		if ((vector + 1) * sizeof(gate) > (size_t)state->idt_limit + 1 ||
		    walk_read(tracer->ram, state->cr3, state->idt_base + vector * sizeof(gate), &gate, sizeof(gate)) !=
			    sizeof(gate))
			break;
		if (!(gate.type & 0x80))
			continue;
		site = site_at(&tracer->sites, gate_target(&gate));
		if (site != NULL && site->kind == VMM_SITE_ENTRY && site->vector == vector)
			continue;
		if (unwatched++ == 0) {
			first = vector;
			target = gate_target(&gate);
		}
	}
	if (unwatched > 0)
		doubt(verdict,
		      "%u gate%s of the IDT lead to code without a trace site (the first: vector %u, 0x%" PRIx64
		      "): entries through %s were not seen",
		      unwatched, unwatched == 1 ? "" : "s", first, target, unwatched == 1 ? "it" : "them");
}

static void check_lstar(struct verdict *verdict, const struct verdict_request *request, const struct verdict_cpu *cpu)
{
	const struct site *site;
	uint64_t lstar;

	if (!(cpu->state->efer & EFER_SCE) || !vcpu_get_msr(cpu->vcpu, MSR_LSTAR, &lstar) || lstar == 0)
		return;
	site = site_at(&request->tracer->sites, lstar);
	if (site == NULL || site->kind != VMM_SITE_SYSCALL)
		doubt(verdict,
		      "LSTAR leads to 0x%" PRIx64 ", which has no trace site: system calls by `syscall` were not seen",
		      lstar);
}

static void check_code(struct verdict *verdict, const struct verdict_request *request)
{
	const struct tracer *tracer = request->tracer;
	size_t damaged = site_table_damaged(&tracer->sites, tracer->ram, request->cpus[0].state->cr3);

	if (damaged > 0)
		doubt(verdict, "%zu trace site%s no longer in the kernel's code: it was changed or unmapped", damaged,
		      damaged == 1 ? " is" : "s are");
}

static void check_sites(struct verdict *verdict, const struct verdict_request *request)
{
	const struct site_table *sites = &request->tracer->sites;
	bool returns = site_find(sites, VMM_SITE_IRET, 0) != NULL || site_find(sites, VMM_SITE_SYSRET, 0) != NULL;
	size_t before;

	if (sites->count == 0) {
		doubt(verdict,
		      "the kernel has no trace sites, so no transition could be seen; add them with the macros of "
		      "shared/trace.h");
		return;
	}
	if (!returns && (request->tracer->armed & TRACE_RETURN))
		doubt(verdict, "the kernel has no trace site before an iretq or sysretq: returns were not seen");
	before = verdict->count;
	if (request->state_lost)
		doubt(verdict,
		      "the triple fault reset the CPU: whether every gate had a trace site could not be checked, and the "
		      "faults that led to it may not have reached their entry");
	else {
		/* What one CPU has, the others usually have, too: once is enough. */
		for (unsigned i = 0; i < request->cpu_count && verdict->count == before; i++) {
			check_idt(verdict, request, request->cpus[i].state);
			check_lstar(verdict, request, &request->cpus[i]);
		}
		check_code(verdict, request);
	}
}

void verdict_build(struct verdict *verdict, const struct verdict_request *request)
{
	const struct tracer *tracer = request->tracer;

	verdict->count = 0;
	if (!request->observing)
		doubt(verdict, "method off: transitions were not observed");
	else if (tracer->armed & TRACE_TRANSITIONS)
		check_sites(verdict, request);
	if (tracer->missed > 0)
		doubt(verdict,
		      "%" PRIu64
		      " transition%s began in another ring than the one before had left (the first: seq %" PRIu64
		      "): something in between has no trace site",
		      tracer->missed, tracer->missed == 1 ? "" : "s", tracer->missed_seq);
	if (tracer->crossings.unreturned > 0 && (tracer->armed & TRACE_TRANSITIONS) == TRACE_TRANSITIONS)
		doubt(verdict,
		      "%" PRIu64 " nested entr%s (one of them: seq %" PRIu64
		      ") had no return before the one around returned: an iretq has no trace site, or the kernel gave them up",
		      tracer->crossings.unreturned, tracer->crossings.unreturned == 1 ? "y" : "ies",
		      tracer->crossings.unreturned_seq);
	if (tracer->unreadable > 0)
		doubt(verdict,
		      "%" PRIu64 " frame%s on the stack could not be read: rings and addresses of %s are wrong",
		      tracer->unreadable, tracer->unreadable == 1 ? "" : "s",
		      tracer->unreadable == 1 ? "that transition" : "those transitions");
	if (tracer->crossings.dropped > 0)
		doubt(verdict, "%" PRIu64 " entries were too many open at once (%d) to be paired with their returns",
		      tracer->crossings.dropped, CROSSINGS_OPEN_MAX);
	if (request->refused > 0)
		doubt(verdict, "%" PRIu64 " record%s in the rings belong to no trace site: the guest has written there",
		      request->refused, request->refused == 1 ? "" : "s");
	if (tracer->processes.overflow)
		doubt(verdict, "more than %d address spaces: later ones have no pid", VMM_PROCESSES);
	if (request->layout_cut)
		doubt(verdict,
		      "the page tables lead in circles or have too many different pages: the layout is not complete");
}
