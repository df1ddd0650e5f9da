/* SPDX-License-Identifier: MIT */
/* show.c: the parts of the report that are not events of the guest: address spaces, and what stands at the end. */
#include <stdio.h>
#include <string.h>

#include "layout.h"
#include "run_parts.h"
#include "verdict.h"

/* After one that had to be cut short there are no more: such tables could keep a VMM busy for hours. */
static void show_layout(struct run *run, gpa_t cr3, const struct process *process, const char *when)
{
	struct layout_request request = {
		.ram = run->ram,
		.state = &run->state,
		.symbols = run->symbols,
		.processes = &run->tracer.processes,
		.user_brk = run->boot->user_brk,
		.software_cow = run->tracer.sites.linux_abi,
		.cr3 = cr3,
		.pid = process != NULL ? process->pid : 0,
		.parent = process != NULL ? process->parent : 0,
		.name = process != NULL ? process->name : run->program,
		.when = when,
	};
	struct event event = run_event(run, EVENT_ADDRESS_SPACE);
	struct layout layout;

	if (run->layout_cut)
		return;
	event.pid = request.pid;
	if (layout_build(&layout, &request)) {
		event.address_space = layout.space;
		stream_emit(run->stream, &event);
	}
	run->layout_cut |= layout.cut_short;
	layout_free(&layout);
}

void run_show_first_layout(struct run *run)
{
	run->state.cr0 = CR0_WP;
	run->state.cr3 = run->boot->user_cr3;
	run->state.cr4 = (strstr(run->boot->protections, "smap") ? CR4_SMAP : 0) |
			 (strstr(run->boot->protections, "smep") ? CR4_SMEP : 0);
	if (run->layout & LAYOUT_START) {
		/* The guest has not run, so its table of processes is empty; what is mapped here becomes its first one.
		 */
		struct process first = {.pid = 1, .cr3 = run->boot->user_cr3};
		const char *slash = strrchr(run->program, '/');

		snprintf(first.name, sizeof(first.name), "%s", slash != NULL ? slash + 1 : run->program);
		show_layout(run, run->boot->user_cr3, &first, "start");
	}
	run->layout_cr3 = run->boot->user_cr3;
}

void run_show_layout(struct run *run)
{
	gpa_t cr3 = run->state.cr3 & CR3_ADDRESS;
	struct process *process = tracer_process(&run->tracer, cr3);

	if (process != NULL && !process->layout_shown) {
		process->layout_shown = true;
		if ((run->layout & LAYOUT_START) && cr3 != run->boot->user_cr3)
			show_layout(run, cr3, process, "start");
	}
	if ((run->layout & LAYOUT_SWITCH) && cr3 != run->layout_cr3)
		show_layout(run, cr3, process, "switch");
	run->layout_cr3 = cr3;
}

static void show_last_layouts(struct run *run)
{
	const struct process *last = NULL; /* the one that the CPU was in, if it is not alive any more */
	bool any = false;

	for (size_t i = 0; i < run->tracer.processes.count; i++) {
		const struct process *process = &run->tracer.processes.items[i];

		if (process->state != VMM_PROCESS_FREE && process->cr3 == (run->state.cr3 & CR3_ADDRESS))
			last = process;
		if (process->state != VMM_PROCESS_LIVE || process->cr3 == 0)
			continue;
		show_layout(run, process->cr3, process, "end");
		any = true;
	}
	if (!any)
		show_layout(run, run->state.cr3, last, "end");
}

void run_show_end(struct run *run, bool observing)
{
	struct verdict_request request = {
		.tracer = &run->tracer,
		.vcpu = run->vcpu,
		.state = &run->state,
		.observing = observing,
		.state_lost = run->state_lost,
	};
	struct verdict verdict;
	struct event event = run_event(run, EVENT_END);

	if ((run->layout & LAYOUT_END) && !run->state_lost)
		show_last_layouts(run);
	request.layout_cut = run->layout_cut;
	verdict_build(&verdict, &request);
	stream_emit_summary(run->stream, run->moment.ns);
	event.end = (struct event_end){
		.status = run->status,
		.reason = run->reason,
		.verdict = verdict.count == 0 ? "complete" : "incomplete",
		.doubts = verdict.doubts,
		.doubt_count = verdict.count,
	};
	snprintf(event.end.message, sizeof(event.end.message), "%s", run->message);
	stream_emit(run->stream, &event);
}
