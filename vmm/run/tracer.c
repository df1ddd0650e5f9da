/* SPDX-License-Identifier: MIT */
/* tracer.c: whose transition it is, and what all transitions have in common. */
#include "tracer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer_parts.h"
#include "walk.h"

#define CONTEXT_OF_THREAD (UINT64_C(1) << 63) /* no CR3 has this bit */

/* At an entry rsp points to what the CPU pushed; AMD APM vol. 2, "Long-Mode Interrupt Stack Frame". */
struct pushed_frame tracer_read_frame(struct tracer *tracer, const struct cpu_state *state, bool error)
{
	struct pushed_frame pushed = {.address = state->rsp + (error ? 8 : 0)};
	uint64_t code = 0;

	if (tracer->evidence != NULL) {
		pushed.frame = tracer->evidence->frame;
		pushed.error = error ? tracer->evidence->error : 0;
		return pushed;
	}

	if (walk_read(tracer->ram, state->cr3, pushed.address, &pushed.frame, sizeof(pushed.frame)) !=
	    sizeof(pushed.frame))
		tracer->unreadable++;
	if (error && walk_read(tracer->ram, state->cr3, state->rsp, &code, sizeof(code)) == sizeof(code))
		pushed.error = (uint32_t)code;
	return pushed;
}

/* With every cause observed, the ring after one transition is the ring before the next of this CPU, or one was missed.
 */
void tracer_check_continuity(struct tracer *tracer, unsigned cpu, unsigned from, unsigned to)
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

void tracer_start_event(struct tracer *tracer, const struct cpu_state *state, const struct moment *moment,
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

void tracer_observe(struct tracer *tracer, const struct site *site, const struct cpu_state *state,
		    const struct moment *moment, struct completion *completion)
{
	*completion = (struct completion){0};
	tracer_poll_processes(tracer, state, moment);
	if (site->kind == VMM_SITE_IRET || site->kind == VMM_SITE_SYSRET)
		tracer_observe_return(tracer, site, state, moment);
	else
		tracer_observe_entry(tracer, site, state, moment, completion);
}

void tracer_observe_record(struct tracer *tracer, const struct site *site, const struct cpu_state *state,
			   const struct evidence *evidence, const struct moment *moment)
{
	struct completion none = {0}; /* sites of which the VMM completes transitions are not recorded */

	tracer->evidence = evidence;
	if (site->kind == VMM_SITE_IRET || site->kind == VMM_SITE_SYSRET)
		tracer_observe_return(tracer, site, state, moment);
	else
		tracer_observe_entry(tracer, site, state, moment, &none);
	tracer->evidence = NULL;
}

struct user_memory tracer_memory(const struct tracer *tracer, const struct cpu_state *state)
{
	return (struct user_memory){tracer->ram, state->cr3, tracer->evidence};
}

struct change_context {
	struct tracer *tracer;
	const struct moment *moment;
};

/* Keys of the list of crossings. */
static uint64_t context_of_thread(const struct process *thread)
{
	return CONTEXT_OF_THREAD | thread->tid;
}

/* Where no thread is known, as in a kernel's idle loop, each CPU has a context of its own: its task-state segment tells
   it from the others. */
static uint64_t context_of_cpu(const struct cpu_state *state)
{
	return (state->cr3 & CR3_ADDRESS) | ((state->tss_base >> 16 ^ state->tss_base >> 4) & (PAGE_SIZE - 1));
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
		crossings_forget(&where->tracer->crossings, context_of_thread(process));
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

	if (where->tracer->evidence != NULL) {
		*top = where->tracer->evidence->stack_top;
		return true;
	}

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
	const struct process *thread = tracer_thread(tracer, state);

	return thread != NULL ? context_of_thread(thread) : context_of_cpu(state);
}

void tracer_unimplemented(struct tracer *tracer, const struct cpu_state *state, const struct moment *moment)
{
	const struct event_missing_call *call =
		missing_call_note(&tracer->missing_calls, tracer->symbols, state->rdi, state->rsi, state->rcx & 1);
	struct event event;

	if (call == NULL)
		return;
	tracer_start_event(tracer, state, moment, &event);
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
