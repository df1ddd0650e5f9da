/* SPDX-License-Identifier: MIT */
/* tracer_returns.c: where the CPU is about to go, and what that ends. */
#include <stdlib.h>
#include <string.h>

#include "system_calls.h"
#include "tracer_parts.h"
#include "walk.h"

#define SITE_SIZE 2

/* Calls that go on elsewhere when they succeed. */
static bool leads_elsewhere(const char *name)
{
	static const char *const names[] = {"execve", "execveat", "rt_sigreturn", "sigreturn"};

	for (size_t i = 0; name != NULL && i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/*
 * What a system call gives is in rax if the program goes on behind it. If it goes on at the instruction itself, the
 * call begins again. If elsewhere, a signal handler comes first: then what the program will find behind the call lies
 * on its stack, in Linux's signal frame (ucontext at rsp + 8: rax at 144, rip at 168).
 */
static void find_result(struct tracer *tracer, const struct crossing *entry, const struct cpu_state *state,
			struct event_transition *out)
{
	uint64_t rax = state->rax, rip = out->rip;

	if (tracer->sites.linux_abi && rip != entry->next && !leads_elsewhere(entry->name)) {
		out->handler = rip != entry->next - 2;
		if (out->handler && tracer->evidence != NULL)
			rip = 0; /* a kernel with a recorder lets such returns be observed by exits (trace.h) */
		else if (out->handler &&
			 (walk_read(tracer->ram, state->cr3, out->rsp + 8 + 144, &rax, sizeof(rax)) != sizeof(rax) ||
			  walk_read(tracer->ram, state->cr3, out->rsp + 8 + 168, &rip, sizeof(rip)) != sizeof(rip)))
			rip = 0;
		if (rip != entry->next) {
			out->result = EVENT_RESTARTED;
			return;
		}
	}
	out->result = entry->cause == CAUSE_INT ? (int32_t)rax : (int64_t)rax;
}

/*
 * The program does not go on where it was. Does a signal handler begin? Then rdi is the signal, and rsi and rdx point
 * into the frame that Linux's kernel has put on the stack: to siginfo, and to the ucontext before it (rsp + 8; 304
 * bytes).
 */
static void find_signal(const struct tracer *tracer, const struct cpu_state *state, struct event_transition *out)
{
	const struct user_memory memory = tracer_memory(tracer, state);

	if (tracer->evidence != NULL || !tracer->sites.linux_abi || out->to != 3 || out->cause != CAUSE_IRET ||
	    state->rdi < 1 || state->rdi > 64 || state->rdx != out->rsp + 8 || state->rsi != out->rsp + 8 + 304)
		return;
	out->handler = true;
	out->signal = (unsigned)state->rdi;
	system_call_siginfo(&memory, state->rsi, out->siginfo, sizeof(out->siginfo));
}

static void fill_return_entry(struct tracer *tracer, const struct crossing *entry, const struct cpu_state *state,
			      const struct moment *moment, struct event_transition *out)
{
	out->has_entry = true;
	out->entry = entry->seq;
	out->entry_cause = entry->cause;
	out->entry_name = entry->name;
	out->ns_inside = moment->ns - entry->ns;
	out->exits_inside = entry->exits;
	out->faults_inside = entry->faults;
	out->interrupts_inside = entry->interrupts;
	if (entry->cause == CAUSE_SYSCALL || entry->has_number) {
		out->has_result = true;
		find_result(tracer, entry, state, out);
	}
	if (entry->call != NULL) {
		const struct user_memory memory = tracer_memory(tracer, state);

		system_call_end(entry->call, &memory, out->result);
		out->call = &entry->call->event;
	}
}

/* Asked once a process: the answer changes it. */
static bool first_time_in_ring3(struct tracer *tracer, const struct cpu_state *state)
{
	struct process *process = tracer_thread(tracer, state);

	if (process == NULL || process->was_in_ring3)
		return false;
	process->was_in_ring3 = true;
	return true;
}

/* Where the CPU is about to go; returns the address of the frame that iretq pops, or 0. */
static gva_t fill_return(struct tracer *tracer, const struct site *site, const struct cpu_state *state,
			 struct event_transition *out)
{
	struct pushed_frame popped;

	out->is_return = true;
	out->target = site->shown + SITE_SIZE;
	if (site->kind == VMM_SITE_SYSRET) {
		out->cause = CAUSE_SYSRET;
		out->to = 3;
		out->rip = state->rcx;
		out->rsp = state->rsp;
		out->rflags = state->r11;
		return 0;
	}
	popped = tracer_read_frame(tracer, state, false);
	out->cause = CAUSE_IRET;
	out->to = popped.frame.cs & 3;
	out->rip = popped.frame.rip;
	out->rsp = popped.frame.rsp;
	out->rflags = popped.frame.rflags;
	out->frame = popped.address;
	out->cs = popped.frame.cs & 0xffff;
	return popped.address;
}

/* A return is shown with its entry; without one, if it is a first one, or if every entry is shown. */
static bool is_return_shown(const struct tracer *tracer, const struct event_transition *out,
			    const struct crossing *entry)
{
	if (entry != NULL && entry->selected)
		return true;
	if (!(tracer->traced & TRACE_RETURN))
		return false;
	if (entry != NULL)
		return !entry->hidden;
	return out->first || (tracer->traced & TRACE_ENTRIES) == TRACE_ENTRIES;
}

void tracer_observe_return(struct tracer *tracer, const struct site *site, const struct cpu_state *state,
			   const struct moment *moment)
{
	struct event event;
	struct event_transition *out = &event.transition;
	struct crossing entry = {0};
	uint64_t context = tracer_context(tracer, state);
	bool paired;
	gva_t frame;

	tracer_start_event(tracer, state, moment, &event);
	frame = fill_return(tracer, site, state, out);
	out->first = out->to == 3 && first_time_in_ring3(tracer, state);
	out->rax = state->rax;
	paired = crossings_leave(&tracer->crossings, context, out->to, frame, &entry);
	if (is_return_shown(tracer, out, paired ? &entry : NULL)) {
		if (paired)
			fill_return_entry(tracer, &entry, state, moment, out);
		if (paired && out->rip != entry.next)
			find_signal(tracer, state, out);
		tracer_describe(tracer, state, out->rip, out->symbol, sizeof(out->symbol));
		tracer_describe(tracer, state, out->target, out->target_symbol, sizeof(out->target_symbol));
		out->depth = crossings_depth(&tracer->crossings, context);
		tracer->last_seq = stream_emit(tracer->stream, &event);
		tracer->returns++;
	}
	tracer_check_continuity(tracer, moment->cpu, 0, out->to);
	free(entry.call);
}
