/* SPDX-License-Identifier: MIT */
/* tracer_entries.c: what the CPU has pushed and loaded on its way into the kernel. */
#include <stdio.h>
#include <string.h>

#include "fault.h"
#include "quirks.h"
#include "system_calls.h"
#include "tracer_parts.h"
#include "walk.h"

#define SYSCALL_ARGS 6

static bool pushes_error(unsigned vector)
{
	return vector < VECTOR_EXCEPTIONS && (VECTORS_WITH_ERROR_CODE >> vector & 1);
}

static void name_syscall(const struct tracer *tracer, const struct cpu_state *state, struct event_transition *out)
{
	const uint64_t args[SYSCALL_ARGS] = {state->rdi, state->rsi, state->rdx, state->r10, state->r8, state->r9};

	out->has_number = true;
	out->number = state->rax;
	out->arg_count = SYSCALL_ARGS;
	memcpy(out->args, args, sizeof(args));
	if (tracer->sites.linux_abi) {
		const struct system_call *call = system_call_x86_64(state->rax);

		out->name = call->name;
		out->arg_count = call->args;
	}
}

/* Linux's `int 0x80` is the i386 interface, also in 64-bit code: 32-bit registers, other numbers. */
static void name_int(const struct tracer *tracer, const struct cpu_state *state, struct event_transition *out)
{
	const uint64_t args[SYSCALL_ARGS] = {state->rbx, state->rcx, state->rdx, state->rsi, state->rdi, state->rbp};

	out->has_vector = true;
	if (!tracer->sites.linux_abi || out->vector != 0x80)
		return;
	const struct system_call *call = system_call_i386((uint32_t)state->rax);

	out->has_number = true;
	out->number = (uint32_t)state->rax;
	out->name = call->name;
	out->arg_count = call->args;
	for (unsigned i = 0; i < call->args && i < SYSCALL_ARGS; i++)
		out->args[i] = (uint32_t)args[i];
}

static void fill_syscall(struct tracer *tracer, const struct cpu_state *state, struct event_transition *out)
{
	out->cause = CAUSE_SYSCALL;
	out->rip = state->rcx;
	out->rsp = state->rsp;
	out->rflags = state->r11;
	out->from = state->rcx >= KERNEL_HALF ? 0 : 3; /* `syscall` saves no CS; only its own half can have run it */
	name_syscall(tracer, state, out);
}

static bool is_software_interrupt(const struct tracer *tracer, const struct site *site, const struct cpu_state *state,
				  const struct x86_interrupt_frame *frame)
{
	uint8_t code[2];

	if (tracer->evidence !=
	    NULL) /* nothing but the instruction raises a vector of which the recorder keeps arguments */
		return site->dpl == 3 && (frame->cs & 3) == 3;
	return site->dpl == 3 && (frame->cs & 3) == 3 &&
	       walk_read(tracer->ram, state->cr3, frame->rip - 2, code, sizeof(code)) == sizeof(code) &&
	       code[0] == 0xcd && code[1] == site->vector;
}

static void fill_walk(const struct walk *walk, struct event_walk *out)
{
	out->levels = walk->levels;
	for (unsigned i = 0; i < walk->levels; i++) {
		out->entries[i].index = walk->entries[i].index;
		out->entries[i].value = walk->entries[i].entry;
	}
}

static void fill_exception(struct tracer *tracer, const struct site *site, const struct cpu_state *state,
			   const struct pushed_frame *pushed, struct event_transition *out)
{
	struct fault fault = {
		.vector = site->vector,
		.ring = out->from,
		.has_error = pushes_error(site->vector),
		.error = pushed->error,
		.rip = out->rip,
		.rflags = out->rflags,
		.software_cow = tracer->sites.linux_abi,
	};
	struct walk walk = {0};

	out->cause = site->vector == VECTOR_NMI ? CAUSE_NMI : CAUSE_EXCEPTION;
	out->has_vector = true;
	out->name = exception_name(site->vector);
	out->has_error = fault.has_error;
	out->error = fault.error;
	out->has_cr2 = site->vector == VECTOR_PF;
	out->cr2 = state->cr2;
	if (out->has_cr2) {
		if (tracer->evidence != NULL)
			walk_recorded(tracer->ram, tracer->evidence->walk, state->cr2, &walk);
		else
			walk_address(tracer->ram, state->cr3, state->cr2, &walk);
		fill_walk(&walk, &out->walk);
	}
	fault_explain(tracer->ram, state, &fault, &walk, out->why, sizeof(out->why));
}

/* The recorder itself has told the two apart. */
static bool is_quirk_syscall(const struct tracer *tracer, const struct cpu_state *state,
			     const struct pushed_frame *pushed)
{
	if (tracer->evidence != NULL)
		return tracer->evidence->quirk_syscall;
	return quirk_is_syscall(&tracer->sites, tracer->ram, state, pushed);
}

static void fill_interrupt_entry(struct tracer *tracer, const struct site *site, const struct cpu_state *state,
				 struct event_transition *out, struct crossing *crossing, struct completion *completion)
{
	struct pushed_frame pushed = tracer_read_frame(tracer, state, pushes_error(site->vector));
	unsigned vector = site->vector;

	crossing->frame = out->frame = pushed.address;
	out->cs = pushed.frame.cs & 0xffff;
	out->vector = vector;
	out->rip = pushed.frame.rip;
	out->rsp = pushed.frame.rsp;
	out->rflags = pushed.frame.rflags;
	out->from = pushed.frame.cs & 3;
	if (vector == VECTOR_PF && is_quirk_syscall(tracer, state, &pushed)) {
		struct cpu_state as_syscall = *state;

		as_syscall.rsp = pushed.frame.rsp;
		fill_syscall(tracer, &as_syscall, out);
		out->quirk = "syscall-faults";
		out->target = site_find(&tracer->sites, VMM_SITE_SYSCALL, 0)->address;
		if (tracer->sites.emulate_syscall)
			quirk_complete_syscall(&tracer->sites, state, &pushed, completion);
		return;
	}
	if (vector == VECTOR_UD && quirk_is_int(&tracer->sites, tracer->ram, state, &pushed, &vector)) {
		const struct site *gate = site_find(&tracer->sites, VMM_SITE_ENTRY, vector);

		out->quirk = "int-is-ud";
		if (gate != NULL && gate->dpl == 3 &&
		    (!tracer->sites.emulate_int ||
		     quirk_complete_int(&tracer->sites, tracer->ram, state, &pushed, vector, completion))) {
			out->cause = CAUSE_INT;
			out->vector = vector;
			out->rip = pushed.frame.rip + 2;
			out->rflags &= ~RFLAGS_RF; /* set by the delivery of a fault, not by `int n` */
			out->target = gate->address;
			name_int(tracer, state, out);
			return;
		}
	}
	if (site->vector < VECTOR_EXCEPTIONS) {
		fill_exception(tracer, site, state, &pushed, out);
	} else if (is_software_interrupt(tracer, site, state, &pushed.frame)) {
		out->cause = CAUSE_INT;
		name_int(tracer, state, out);
	} else {
		out->cause = CAUSE_INTERRUPT;
		out->has_vector = true;
	}
}

static unsigned event_of(enum cause cause)
{
	switch (cause) {
	case CAUSE_SYSCALL:
		return TRACE_SYSCALL;
	case CAUSE_INT:
		return TRACE_INT;
	case CAUSE_EXCEPTION:
		return TRACE_EXCEPTION;
	case CAUSE_INTERRUPT:
	case CAUSE_NMI:
		return TRACE_INTERRUPT;
	default:
		return TRACE_RETURN;
	}
}

/* Is this system call chosen by name? */
static bool is_selected(const struct tracer *tracer, const struct event_transition *entry)
{
	return tracer->filter.mode == FILTER_ONLY && entry->has_number &&
	       call_filter_lists(&tracer->filter, entry->cause == CAUSE_INT, entry->number);
}

static bool is_shown(const struct tracer *tracer, const struct event_transition *entry)
{
	if (is_selected(tracer, entry))
		return true;
	if (tracer->filter.mode == FILTER_EXCEPT && entry->has_number &&
	    call_filter_lists(&tracer->filter, entry->cause == CAUSE_INT, entry->number))
		return false;
	return event_of(entry->cause) & tracer->traced;
}

/* Decodes a system call's arguments and shows the entry. */
static void show_entry(struct tracer *tracer, const struct cpu_state *state, struct event *event,
		       struct crossing *crossing)
{
	struct event_transition *out = &event->transition;
	const struct user_memory memory = tracer_memory(tracer, state);
	/* `syscall` and `int n` save the address behind themselves; the name is of the instruction itself. */
	bool saved_next = out->cause == CAUSE_SYSCALL || out->cause == CAUSE_INT;

	tracer_describe(tracer, state, out->rip - (saved_next ? 2 : 0), out->symbol, sizeof(out->symbol));
	tracer_describe(tracer, state, out->target, out->target_symbol, sizeof(out->target_symbol));
	if (out->has_number && out->name != NULL)
		crossing->call = system_call_begin(&memory, out->name, out->cause == CAUSE_INT, out->args, out->rsp);
	if (crossing->call != NULL)
		out->call = &crossing->call->event;
	crossing->seq = tracer->last_seq = stream_emit(tracer->stream, event);
	tracer->entries++;
}

void tracer_observe_entry(struct tracer *tracer, const struct site *site, const struct cpu_state *state,
			  const struct moment *moment, struct completion *completion)
{
	struct event event;
	struct event_transition *out = &event.transition;
	struct crossing crossing = {.context = tracer_context(tracer, state), .ns = moment->ns};

	tracer_start_event(tracer, state, moment, &event);
	out->target = site->shown;
	if (site->kind == VMM_SITE_SYSCALL)
		fill_syscall(tracer, state, out);
	else
		fill_interrupt_entry(tracer, site, state, out, &crossing, completion);
	/* Whoever was in ring 3 has returned from everything before, seen (-e return) or not. */
	if (out->from == 3)
		crossings_forget(&tracer->crossings, crossing.context);
	crossings_count_nested(&tracer->crossings, crossing.context, out->cause);
	out->depth = crossings_depth(&tracer->crossings, crossing.context);
	crossing.from = out->from;
	crossing.cause = out->cause;
	crossing.name = out->name;
	crossing.has_number = out->has_number;
	crossing.next = out->rip;
	crossing.hidden = !is_shown(tracer, out);
	crossing.selected = is_selected(tracer, out);
	if (!crossing.hidden)
		show_entry(tracer, state, &event, &crossing);
	tracer_check_continuity(tracer, moment->cpu, out->from, 0);
	crossings_enter(&tracer->crossings, &crossing);
}
