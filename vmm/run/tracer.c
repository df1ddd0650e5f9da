/* SPDX-License-Identifier: MIT */
/* tracer.c: from an exit at a trace site to an event. */
#include "tracer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
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

/* With every cause observed, the ring after one transition is the ring before the next of this CPU, or one was missed.
 */
static void check_continuity(struct tracer *tracer, unsigned cpu, unsigned from, unsigned to)
{
	unsigned *ring = &tracer->rings[cpu < VMM_CPUS_MAX ? cpu : 0];

	if ((tracer->armed & TRACE_TRANSITIONS) == TRACE_TRANSITIONS && from != *ring) {
		if (tracer->missed == 0)
			tracer->missed_seq = tracer->last_seq;
		tracer->missed++;
	}
	*ring = to;
}

unsigned tracer_needs(unsigned traced, const struct call_filter *filter)
{
	return filter->mode == FILTER_ONLY ? traced | TRACE_SYSCALL | TRACE_INT | TRACE_RETURN : traced;
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

static void start_event(struct tracer *tracer, const struct cpu_state *state, const struct moment *moment,
			struct event *event)
{
	struct process *thread = tracer_thread(tracer, state);

	*event = (struct event){
		.type = EVENT_TRANSITION,
		.ns = moment->ns,
		.tsc = moment->tsc,
		.cpu = moment->cpu,
		.pid = thread != NULL ? thread->pid : 0,
		.tid = thread != NULL ? thread->tid : 0,
	};
	event->transition.cr3 = state->cr3;
}

void tracer_describe(struct tracer *tracer, const struct cpu_state *state, gva_t address, char *text, size_t size)
{
	const struct process *thread = tracer_thread(tracer, state);

	if (address < USER_HALF_END && thread != NULL && thread->other_program)
		snprintf(text, size, "%s", "");
	else
		symbols_describe(tracer->symbols, address, text, size);
}

/* Decodes a system call's arguments and shows the entry. */
static void show_entry(struct tracer *tracer, const struct cpu_state *state, struct event *event,
		       struct crossing *crossing)
{
	struct event_transition *out = &event->transition;
	/* `syscall` and `int n` save the address behind themselves; the name is of the instruction itself. */
	bool saved_next = out->cause == CAUSE_SYSCALL || out->cause == CAUSE_INT;

	tracer_describe(tracer, state, out->rip - (saved_next ? 2 : 0), out->symbol, sizeof(out->symbol));
	tracer_describe(tracer, state, out->target, out->target_symbol, sizeof(out->target_symbol));
	if (out->has_number && out->name != NULL)
		crossing->call = system_call_begin(tracer->ram, state->cr3, out->name, out->cause == CAUSE_INT,
						   out->args, out->rsp);
	if (crossing->call != NULL)
		out->call = &crossing->call->event;
	crossing->seq = tracer->last_seq = stream_emit(tracer->stream, event);
	tracer->entries++;
}

static void observe_entry(struct tracer *tracer, const struct site *site, const struct cpu_state *state,
			  const struct moment *moment, struct completion *completion)
{
	struct event event;
	struct event_transition *out = &event.transition;
	struct crossing crossing = {.context = tracer_context(tracer, state), .ns = moment->ns};

	start_event(tracer, state, moment, &event);
	out->target = site->address;
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
	check_continuity(tracer, moment->cpu, out->from, 0);
	crossings_enter(&tracer->crossings, &crossing);
}

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
		if (out->handler &&
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
		system_call_end(entry->call, tracer->ram, state->cr3, out->result);
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
	out->target = site->address + SITE_SIZE;
	if (site->kind == VMM_SITE_SYSRET) {
		out->cause = CAUSE_SYSRET;
		out->to = 3;
		out->rip = state->rcx;
		out->rsp = state->rsp;
		out->rflags = state->r11;
		return 0;
	}
	popped = read_frame(tracer, state, false);
	out->cause = CAUSE_IRET;
	out->to = popped.frame.cs & 3;
	out->rip = popped.frame.rip;
	out->rsp = popped.frame.rsp;
	out->rflags = popped.frame.rflags;
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

static void observe_return(struct tracer *tracer, const struct site *site, const struct cpu_state *state,
			   const struct moment *moment)
{
	struct event event;
	struct event_transition *out = &event.transition;
	struct crossing entry = {0};
	uint64_t context = tracer_context(tracer, state);
	bool paired;
	gva_t frame;

	start_event(tracer, state, moment, &event);
	frame = fill_return(tracer, site, state, out);
	out->first = out->to == 3 && first_time_in_ring3(tracer, state);
	out->rax = state->rax;
	paired = crossings_leave(&tracer->crossings, context, out->to, frame, &entry);
	if (is_return_shown(tracer, out, paired ? &entry : NULL)) {
		if (paired)
			fill_return_entry(tracer, &entry, state, moment, out);
		tracer_describe(tracer, state, out->rip, out->symbol, sizeof(out->symbol));
		tracer_describe(tracer, state, out->target, out->target_symbol, sizeof(out->target_symbol));
		out->depth = crossings_depth(&tracer->crossings, context);
		tracer->last_seq = stream_emit(tracer->stream, &event);
		tracer->returns++;
	}
	check_continuity(tracer, moment->cpu, 0, out->to);
	free(entry.call);
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

/* CR3s are multiples of 4 KiB and thus never a thread's number in this range. */
static uint64_t context_of(const struct process *thread, gpa_t cr3)
{
	return thread != NULL && thread->tid < PAGE_SIZE ? thread->tid : cr3 & CR3_ADDRESS;
}

static void process_changed(void *context, enum process_change change, const struct process *process)
{
	static const enum process_event events[] = {
		[CHANGE_START] = PROCESS_START,
		[CHANGE_EXEC] = PROCESS_EXEC,
		[CHANGE_EXIT] = PROCESS_EXIT,
		[CHANGE_REAPED] = PROCESS_REAPED,
	};
	struct change_context *where = context;
	struct event event = {
		.type = EVENT_PROCESS,
		.ns = where->moment->ns,
		.tsc = where->moment->tsc,
		.cpu = where->moment->cpu,
		.pid = process->pid,
		.tid = process->tid,
		.process = {.pid = process->pid,
			    .parent = process->parent,
			    .status = process->status,
			    .cr3 = process->cr3},
	};

	if (change == CHANGE_EXIT)
		crossings_forget(&where->tracer->crossings, context_of(process, process->cr3));
	if (process_is_thread(process)) {
		if (change != CHANGE_START && change != CHANGE_EXIT)
			return; /* nobody waits for a thread */
		event.process.event = change == CHANGE_START ? PROCESS_THREAD_START : PROCESS_THREAD_EXIT;
	} else {
		event.process.event = events[change];
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

struct stack_context {
	const struct tracer *tracer;
	const struct cpu_state *state;
};

/* TSS.RSP0: AMD APM vol. 2, "64-Bit Task State Segment" */
static bool read_kernel_stack(void *context, gva_t *top)
{
	const struct stack_context *where = context;
	gva_t field = where->state->tss_base + offsetof(struct x86_tss, rsp);

	return walk_read(where->tracer->ram, where->state->cr3, field, top, sizeof(*top)) == sizeof(*top);
}

struct process *tracer_thread(struct tracer *tracer, const struct cpu_state *state)
{
	struct stack_context context = {tracer, state};

	if (tracer->sites.process_table != 0)
		return process_running(&tracer->processes, state->cr3, read_kernel_stack, &context);
	return process_discover(&tracer->processes, state->cr3, tracer->program);
}

uint64_t tracer_context(struct tracer *tracer, const struct cpu_state *state)
{
	return context_of(tracer_thread(tracer, state), state->cr3);
}

void tracer_unimplemented(struct tracer *tracer, const struct cpu_state *state, const struct moment *moment)
{
	const struct event_missing_call *call =
		missing_call_note(&tracer->missing_calls, tracer->symbols, state->rdi, state->rsi, state->rcx & 1);
	struct event event;

	if (call == NULL)
		return;
	start_event(tracer, state, moment, &event);
	event.type = EVENT_NOTE;
	snprintf(event.note, sizeof(event.note), "system call %s (%s%" PRIu64 ") is not there: it returned -ENOSYS; %s",
		 call->name != NULL ? call->name : "without a name", call->i386 ? "i386 " : "", call->number,
		 call->symbol);
	stream_emit(tracer->stream, &event);
}

void tracer_close(struct tracer *tracer)
{
	crossings_close(&tracer->crossings);
	site_table_close(&tracer->sites);
}
