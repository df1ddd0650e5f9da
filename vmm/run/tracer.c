/* SPDX-License-Identifier: MIT */
/* tracer.c: from an exit at a trace site to an event. */
#include "tracer.h"

#include <string.h>

#include "fault.h"
#include "quirks.h"
#include "system_calls.h"
#include "walk.h"

#define SITE_SIZE    2
#define SYSCALL_ARGS 6

static bool pushes_error(unsigned vector)
{
	return vector < VECTOR_EXCEPTIONS && (VECTORS_WITH_ERROR_CODE >> vector & 1);
}

/* At an entry rsp points to what the CPU pushed; AMD APM vol. 2, "Long-Mode Interrupt Stack Frame". */
static struct pushed_frame read_frame(struct tracer *tracer, const struct cpu_state *state, bool error)
{
	struct pushed_frame pushed = {.address = state->rsp + (error ? 8 : 0)};
	uint64_t code = 0;

	if (walk_read(tracer->ram, state->cr3, pushed.address, &pushed.frame, sizeof(pushed.frame)) !=
	    sizeof(pushed.frame))
		tracer->unreadable++;
	if (error && walk_read(tracer->ram, state->cr3, state->rsp, &code, sizeof(code)) == sizeof(code))
		pushed.error = (uint32_t)code;
	return pushed;
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

	return site->dpl == 3 && (frame->cs & 3) == 3 &&
	       walk_read(tracer->ram, state->cr3, frame->rip - 2, code, sizeof(code)) == sizeof(code) &&
	       code[0] == 0xcd && code[1] == site->vector;
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

	out->cause = site->vector == VECTOR_NMI ? CAUSE_NMI : CAUSE_EXCEPTION;
	out->has_vector = true;
	out->name = exception_name(site->vector);
	out->has_error = fault.has_error;
	out->error = fault.error;
	out->has_cr2 = site->vector == VECTOR_PF;
	out->cr2 = state->cr2;
	fault_explain(tracer->ram, state, &fault, out->why, sizeof(out->why));
}

static void fill_interrupt_entry(struct tracer *tracer, const struct site *site, const struct cpu_state *state,
				 struct event_transition *out, struct crossing *crossing, struct completion *completion)
{
	struct pushed_frame pushed = read_frame(tracer, state, pushes_error(site->vector));
	unsigned vector = site->vector;

	crossing->frame = pushed.address;
	out->vector = vector;
	out->rip = pushed.frame.rip;
	out->rsp = pushed.frame.rsp;
	out->rflags = pushed.frame.rflags;
	out->from = pushed.frame.cs & 3;
	if (vector == VECTOR_PF && quirk_is_syscall(&tracer->sites, tracer->ram, state, &pushed)) {
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

/* With every cause traced, the ring after one transition is the ring before the next, or one was missed. */
static void check_continuity(struct tracer *tracer, uint64_t seq, unsigned from, unsigned to)
{
	if ((tracer->traced & TRACE_TRANSITIONS) == TRACE_TRANSITIONS && from != tracer->ring) {
		if (tracer->missed == 0)
			tracer->missed_seq = seq;
		tracer->missed++;
	}
	tracer->ring = to;
}

static void start_event(struct tracer *tracer, const struct cpu_state *state, const struct moment *moment,
			struct event *event)
{
	struct process *process = tracer_process(tracer, state->cr3);

	*event = (struct event){
		.type = EVENT_TRANSITION,
		.ns = moment->ns,
		.tsc = moment->tsc,
		.pid = process != NULL ? process->pid : 0,
	};
	event->transition.cr3 = state->cr3;
}

static void observe_entry(struct tracer *tracer, const struct site *site, const struct cpu_state *state,
			  const struct moment *moment, struct completion *completion)
{
	struct event event;
	struct event_transition *out = &event.transition;
	struct crossing crossing = {.context = tracer_context(tracer, state->cr3), .ns = moment->ns};
	bool saved_next;

	start_event(tracer, state, moment, &event);
	out->target = site->address;
	if (site->kind == VMM_SITE_SYSCALL)
		fill_syscall(tracer, state, out);
	else
		fill_interrupt_entry(tracer, site, state, out, &crossing, completion);
	if (!(event_of(out->cause) & tracer->traced))
		return;
	/* `syscall` and `int n` save the address behind themselves; the name is of the instruction itself. */
	saved_next = out->cause == CAUSE_SYSCALL || out->cause == CAUSE_INT;
	symbols_describe(tracer->symbols, out->rip - (saved_next ? 2 : 0), out->symbol, sizeof(out->symbol));
	symbols_describe(tracer->symbols, out->target, out->target_symbol, sizeof(out->target_symbol));
	/* Whoever was in ring 3 has returned from everything before, seen (-e return) or not. */
	if (out->from == 3)
		crossings_forget(&tracer->crossings, crossing.context);
	out->depth = crossings_depth(&tracer->crossings, crossing.context);
	crossing.from = out->from;
	crossing.cause = out->cause;
	crossing.name = out->name;
	crossing.has_number = out->has_number;
	crossing.seq = stream_emit(tracer->stream, &event);
	tracer->entries++;
	check_continuity(tracer, crossing.seq, out->from, 0);
	crossings_enter(&tracer->crossings, &crossing);
}

static void fill_return_entry(const struct crossing *entry, const struct cpu_state *state, const struct moment *moment,
			      struct event_transition *out)
{
	out->has_entry = true;
	out->entry = entry->seq;
	out->entry_cause = entry->cause;
	out->entry_name = entry->name;
	out->ns_inside = moment->ns - entry->ns;
	out->exits_inside = entry->exits;
	if (entry->cause == CAUSE_SYSCALL || entry->has_number) {
		out->has_result = true;
		out->result = entry->cause == CAUSE_INT ? (int32_t)state->rax : (int64_t)state->rax;
	}
}

/* Asked once a process: the answer changes it. */
static bool first_time_in_ring3(struct tracer *tracer, gpa_t cr3)
{
	struct process *process = tracer_process(tracer, cr3);

	if (process == NULL || process->was_in_ring3)
		return false;
	process->was_in_ring3 = true;
	return true;
}

static void observe_return(struct tracer *tracer, const struct site *site, const struct cpu_state *state,
			   const struct moment *moment)
{
	struct event event;
	struct event_transition *out = &event.transition;
	struct crossing entry;
	gva_t frame = 0;
	uint64_t context = tracer_context(tracer, state->cr3), seq;

	start_event(tracer, state, moment, &event);
	out->is_return = true;
	out->target = site->address + SITE_SIZE;
	if (site->kind == VMM_SITE_SYSRET) {
		out->cause = CAUSE_SYSRET;
		out->to = 3;
		out->rip = state->rcx;
		out->rsp = state->rsp;
		out->rflags = state->r11;
	} else {
		struct pushed_frame popped = read_frame(tracer, state, false);

		frame = popped.address;
		out->cause = CAUSE_IRET;
		out->to = popped.frame.cs & 3;
		out->rip = popped.frame.rip;
		out->rsp = popped.frame.rsp;
		out->rflags = popped.frame.rflags;
	}
	out->first = out->to == 3 && first_time_in_ring3(tracer, state->cr3);
	out->rax = state->rax;
	if (crossings_leave(&tracer->crossings, context, out->to, frame, &entry))
		fill_return_entry(&entry, state, moment, out);
	else if (!out->first && (tracer->traced & TRACE_ENTRIES) != TRACE_ENTRIES)
		return; /* of an entry that nobody asked for */
	symbols_describe(tracer->symbols, out->rip, out->symbol, sizeof(out->symbol));
	symbols_describe(tracer->symbols, out->target, out->target_symbol, sizeof(out->target_symbol));
	out->depth = crossings_depth(&tracer->crossings, context);
	seq = stream_emit(tracer->stream, &event);
	tracer->returns++;
	check_continuity(tracer, seq, 0, out->to);
}

void tracer_observe(struct tracer *tracer, const struct site *site, const struct cpu_state *state,
		    const struct moment *moment, struct completion *completion)
{
	*completion = (struct completion){0};
	tracer_poll_processes(tracer, state, moment);
	if (site->kind == VMM_SITE_IRET || site->kind == VMM_SITE_SYSRET)
		observe_return(tracer, site, state, moment);
	else
		observe_entry(tracer, site, state, moment, completion);
}

struct change_context {
	struct tracer *tracer;
	const struct moment *moment;
};

static void process_changed(void *context, enum process_change change, const struct process *process)
{
	struct change_context *where = context;
	struct event event = {
		.type = EVENT_PROCESS,
		.ns = where->moment->ns,
		.tsc = where->moment->tsc,
		.pid = process->pid,
		.process = {.pid = process->pid,
			    .parent = process->parent,
			    .status = process->status,
			    .cr3 = process->cr3},
	};

	switch (change) {
	case CHANGE_START:
		event.process.event = PROCESS_START;
		break;
	case CHANGE_EXEC:
		event.process.event = PROCESS_EXEC;
		break;
	case CHANGE_EXIT:
		event.process.event = PROCESS_EXIT;
		crossings_forget(&where->tracer->crossings, process->pid);
		break;
	case CHANGE_REAPED:
		event.process.event = PROCESS_REAPED;
		break;
	}
	memcpy(event.process.name, process->name, sizeof(process->name));
	stream_emit(where->tracer->stream, &event);
}

void tracer_poll_processes(struct tracer *tracer, const struct cpu_state *state, const struct moment *moment)
{
	struct change_context context = {tracer, moment};

	processes_poll(&tracer->processes, tracer->ram, state->cr3, process_changed, &context);
}

struct process *tracer_process(struct tracer *tracer, gpa_t cr3)
{
	if (tracer->sites.process_table != 0)
		return process_by_cr3(&tracer->processes, cr3);
	return process_discover(&tracer->processes, cr3, tracer->program);
}

uint64_t tracer_context(struct tracer *tracer, gpa_t cr3)
{
	struct process *process = tracer_process(tracer, cr3);

	/* CR3s are multiples of 4 KiB and thus never a pid's number in this range. */
	return process != NULL && process->pid < PAGE_SIZE ? process->pid : cr3 & CR3_ADDRESS;
}

void tracer_close(struct tracer *tracer)
{
	site_table_close(&tracer->sites);
}
