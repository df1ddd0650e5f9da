/* SPDX-License-Identifier: MIT */
/* show.c: the parts of the report that are not events of the guest: address spaces, and what stands at the end. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "layout.h"
#include "run_parts.h"
#include "verdict.h"

/* After one that had to be cut short there are no more: such tables could keep a VMM busy for hours. */
static void show_layout(struct run_cpu *cpu, gpa_t cr3, const struct process *process, const char *when)
{
	struct run *run = cpu->run;
	struct layout_request request = {
		.ram = run->ram,
		.state = &cpu->state,
		.symbols = run->symbols,
		.processes = &run->tracer.processes,
		.user_brk = run->boot->user_brk,
		.other_program = process != NULL && process->other_program,
		.software_cow = run->tracer.sites.linux_abi,
		.cr3 = cr3,
		.pid = process != NULL ? process->pid : 0,
		.parent = process != NULL ? process->parent : 0,
		.name = process != NULL ? process->name : run->program,
		.when = when,
	};
	struct event event = run_event(cpu, EVENT_ADDRESS_SPACE);
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
	struct run_cpu *cpu = &run->cpus[0];

	cpu->state.cr0 = CR0_WP;
	cpu->state.cr3 = run->boot->user_cr3;
	cpu->state.cr4 = (strstr(run->boot->protections, "smap") ? CR4_SMAP : 0) |
			 (strstr(run->boot->protections, "smep") ? CR4_SMEP : 0);
	if (run->layout & LAYOUT_START) {
		/* The guest has not run, so its table of processes is empty; what is mapped here becomes its first one.
		 */
		struct process first = {.pid = 1, .cr3 = run->boot->user_cr3};
		const char *slash = strrchr(run->program, '/');

		snprintf(first.name, sizeof(first.name), "%s", slash != NULL ? slash + 1 : run->program);
		show_layout(cpu, run->boot->user_cr3, &first, "start");
	}
	cpu->layout_cr3 = run->boot->user_cr3;
}

void run_show_layout(struct run_cpu *cpu)
{
	struct run *run = cpu->run;
	gpa_t cr3 = cpu->state.cr3 & CR3_ADDRESS;
	struct process *process = tracer_process(&run->tracer, cr3);

	if (process != NULL && !process->layout_shown) {
		process->layout_shown = true;
		if ((run->layout & LAYOUT_START) && cr3 != run->boot->user_cr3)
			show_layout(cpu, cr3, process, "start");
	}
	if ((run->layout & LAYOUT_SWITCH) && cr3 != cpu->layout_cr3)
		show_layout(cpu, cr3, process, "switch");
	cpu->layout_cr3 = cr3;
}

static void show_last_layouts(struct run *run)
{
	struct run_cpu *cpu = run->last;
	const struct process *last = NULL; /* the one that the CPU was in, if it is not alive any more */
	bool any = false;

	for (size_t i = 0; i < run->tracer.processes.count; i++) {
		const struct process *process = &run->tracer.processes.items[i];

		if (process->state != VMM_PROCESS_FREE && process->cr3 == (cpu->state.cr3 & CR3_ADDRESS))
			last = process;
		if (process->state != VMM_PROCESS_LIVE || process->cr3 == 0 || process_is_thread(process))
			continue;
		show_layout(cpu, process->cr3, process, "end");
		any = true;
	}
	if (!any)
		show_layout(cpu, cpu->state.cr3, last, "end");
}

/* The guest ends with its first process; whoever else was alive has no end of his own. */
static void show_cut_short(struct run *run)
{
	unsigned count = 0;
	struct event event = run_event(&run->cpus[0], EVENT_NOTE);
	const struct process *last = NULL;

	for (size_t i = 0; i < run->tracer.processes.count; i++) {
		const struct process *process = &run->tracer.processes.items[i];

		if (process->state != VMM_PROCESS_LIVE || process->parent == 0 || process_is_thread(process))
			continue;
		last = process;
		count++;
	}
	if (count == 0 || (run->devices.end != GUEST_EXITED && run->devices.end != GUEST_KILLED))
		return;
	if (count == 1)
		snprintf(event.note, sizeof(event.note),
			 "process %" PRIu32 " (%s) was still alive; it ends with the guest", last->pid, last->name);
	else
		snprintf(event.note, sizeof(event.note), "%u processes were still alive; they end with the guest",
			 count);
	stream_emit(run->stream, &event);
}

void run_show_end(struct run *run, bool observing)
{
	struct verdict_request request = {
		.tracer = &run->tracer,
		.cpu_count = run->cpu_count,
		.observing = observing,
		.refused = run->rings.refused,
		.state_lost = run->state_lost,
	};
	struct verdict verdict;
	struct event event = run_event(run->last, EVENT_END);

	show_cut_short(run);
	if ((run->layout & LAYOUT_END) && !run->state_lost)
		show_last_layouts(run);
	request.layout_cut = run->layout_cut;
	for (unsigned i = 0; i < run->cpu_count; i++)
		request.cpus[i] = (struct verdict_cpu){run->cpus[i].vcpu, &run->cpus[i].state};
	verdict_build(&verdict, &request);
	stream_emit_summary(run->stream, run->moment.ns);
	event.end = (struct event_end){
		.status = run->status,
		.reason = run->reason,
		.verdict = verdict.count == 0 ? "complete" : "incomplete",
		.doubts = verdict.doubts,
		.doubt_count = verdict.count,
		.missing = run->tracer.missing_calls.items,
		.missing_count = run->tracer.missing_calls.count,
	};
	snprintf(event.end.message, sizeof(event.end.message), "%s", run->message);
	stream_emit(run->stream, &event);
}
