/* SPDX-License-Identifier: MIT */
/*
 * recording.c: the scene, step by step, and what turns a step into an event.
 *
 * Three processes: 1 is the shell, 2 writes into a pipe, 3 reads from it. Within the scene a system call blocks while
 * another process runs, a timer interrupt switches, and process 3 goes from CPU 1 to CPU 0 inside a call.
 */
#include "recording.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIDS      4
#define OPEN_MAX  4 /* crossings of one process */
#define STEP_NS   250000
#define PER_NS    3 /* ticks of the TSC */
#define USER_CODE UINT64_C(0x401000)

enum kind { CALL, FAULT, TICK, BACK, EXIT, PROCESS, NOTE };

struct step {
	enum kind kind;
	uint32_t pid;
	unsigned cpu;
	const char *name; /* call, hypercall, process, note */
	uint64_t value;   /* number of the call, address of the fault */
	const char *args[3];
	const char *result; /* BACK from a call: as strace prints it; NULL: not from a call */
};

static const struct step scene[] = {
	{.kind = CALL,
	 .pid = 1,
	 .name = "openat",
	 .value = 257,
	 .args = {"AT_FDCWD", "\"/etc/passwd\"", "O_RDONLY|O_CLOEXEC"}},
	{.kind = EXIT, .pid = 1, .name = "file"},
	{.kind = BACK, .pid = 1, .result = "3"},
	{.kind = FAULT, .pid = 1, .value = 0x4ef490},
	{.kind = EXIT, .pid = 1, .name = "copy_page"},
	{.kind = BACK, .pid = 1},
	{.kind = CALL, .pid = 1, .name = "read", .value = 0, .args = {"3", "0x7fffffffe3f0", "4096"}},
	{.kind = FAULT, .pid = 1, .value = 0x7fffffffe3f0},
	{.kind = BACK, .pid = 1},
	{.kind = EXIT, .pid = 1, .name = "file"},
	{.kind = BACK, .pid = 1, .result = "52", .args = {"3", "\"root:x:0:0:root:/root:/bin/sh\\n\"...", "4096"}},
	{.kind = CALL, .pid = 1, .name = "close", .value = 3, .args = {"3"}},
	{.kind = BACK, .pid = 1, .result = "0"},
	{.kind = FAULT, .pid = 2, .cpu = 1, .value = 0x5305f4},
	{.kind = BACK, .pid = 2, .cpu = 1},
	{.kind = FAULT, .pid = 1, .value = 0x5fd000},
	{.kind = EXIT, .pid = 1, .name = "copy_page"},
	{.kind = BACK, .pid = 1},
	{.kind = FAULT, .pid = 2, .cpu = 1, .value = 0x7fffffffd210},
	{.kind = BACK, .pid = 2, .cpu = 1},
	{.kind = CALL, .pid = 1, .name = "wait4", .value = 61, .args = {"-1", "0x7fffffffe6bc", "WSTOPPED|WCONTINUED"}},
	{.kind = CALL, .pid = 2, .cpu = 1, .name = "write", .value = 1, .args = {"1", "\"hi\\n\"", "3"}},
	{.kind = BACK, .pid = 2, .cpu = 1, .result = "3"},
	{.kind = EXIT, .pid = 3, .name = "fpu"},
	{.kind = BACK, .pid = 3},
	{.kind = FAULT, .pid = 3, .value = 0x4d1008},
	{.kind = EXIT, .pid = 3, .name = "copy_page"},
	{.kind = BACK, .pid = 3},
	{.kind = FAULT, .pid = 3, .value = 0x4b1770},
	{.kind = BACK, .pid = 3},
	{.kind = CALL, .pid = 3, .name = "dup2", .value = 33, .args = {"4", "0"}},
	{.kind = BACK, .pid = 3, .result = "0"},
	{.kind = TICK, .pid = 2, .cpu = 1},
	{.kind = BACK, .pid = 2, .cpu = 1},
	{.kind = FAULT, .pid = 3, .value = 0x4c9018},
	{.kind = EXIT, .pid = 3, .name = "file"},
	{.kind = BACK, .pid = 3},
	{.kind = FAULT, .pid = 3, .value = 0x5ee250},
	{.kind = BACK, .pid = 3},
	{.kind = CALL, .pid = 3, .name = "read", .value = 0, .args = {"0", "0x5fd010", "65536"}},
	{.kind = CALL,
	 .pid = 2,
	 .cpu = 1,
	 .name = "rt_sigaction",
	 .value = 13,
	 .args = {"SIGCHLD", "NULL", "0x7fffffffe5a0"}},
	{.kind = BACK,
	 .pid = 2,
	 .cpu = 1,
	 .result = "0",
	 .args = {"SIGCHLD", "NULL", "{sa_handler=SIG_DFL, sa_mask=[], sa_flags=0}"}},
	{.kind = EXIT, .pid = 1, .name = "fpu"},
	{.kind = BACK, .pid = 1, .result = "-1 ECHILD (No child processes)"},
	{.kind = FAULT, .pid = 1, .value = 0x460c48},
	{.kind = BACK, .pid = 1},
	{.kind = TICK, .pid = 2, .cpu = 1},
	{.kind = EXIT, .pid = 3, .cpu = 1, .name = "fpu"},
	{.kind = BACK, .pid = 3, .cpu = 1, .result = "3", .args = {"0", "\"hi\\n\"", "65536"}},
	{.kind = FAULT, .pid = 3, .cpu = 1, .value = 0x60c000},
	{.kind = BACK, .pid = 3, .cpu = 1},
	{.kind = CALL, .pid = 3, .cpu = 1, .name = "write", .value = 1, .args = {"1", "\"3\\n\"", "2"}},
	{.kind = EXIT, .pid = 3, .cpu = 1, .name = "console_write"},
	{.kind = BACK, .pid = 3, .cpu = 1, .result = "2"},
	{.kind = CALL, .pid = 1, .name = "mmap", .value = 9, .args = {"NULL", "8192", "PROT_READ|PROT_WRITE"}},
	{.kind = BACK, .pid = 1, .result = "0x7f0000000000"},
	{.kind = FAULT, .pid = 1, .value = 0x7f0000000000},
	{.kind = EXIT, .pid = 1, .name = "copy_page"},
	{.kind = BACK, .pid = 1},
	{.kind = FAULT, .pid = 3, .cpu = 1, .value = 0x47be8e},
	{.kind = BACK, .pid = 3, .cpu = 1},
	{.kind = FAULT, .pid = 3, .cpu = 1, .value = 0x48a000},
	{.kind = EXIT, .pid = 3, .cpu = 1, .name = "file"},
	{.kind = BACK, .pid = 3, .cpu = 1},
	{.kind = PROCESS, .pid = 3, .cpu = 1, .name = "busybox"},
	{.kind = TICK, .pid = 3, .cpu = 1},
	{.kind = EXIT, .pid = 2, .cpu = 1, .name = "fpu"},
	{.kind = BACK, .pid = 2, .cpu = 1},
	{.kind = FAULT, .pid = 2, .cpu = 1, .value = 0x4ef490},
	{.kind = BACK, .pid = 2, .cpu = 1},
	{.kind = NOTE, .pid = 2, .cpu = 1, .name = "port 0x1234 has no device; reads give 0xff"},
	{.kind = TICK, .pid = 2, .cpu = 1},
	{.kind = EXIT, .pid = 3, .cpu = 1, .name = "fpu"},
	{.kind = BACK, .pid = 3, .cpu = 1},
	{.kind = CALL, .pid = 3, .cpu = 1, .name = "getcwd", .value = 79, .args = {"0x5ee250", "4096"}},
	{.kind = BACK, .pid = 3, .cpu = 1, .result = "2", .args = {"\"/\"", "4096"}},
	{.kind = FAULT, .pid = 1, .value = 0x4ef490},
	{.kind = BACK, .pid = 1},
	{.kind = TICK, .pid = 3, .cpu = 1},
	{.kind = EXIT, .pid = 2, .cpu = 1, .name = "fpu"},
	{.kind = BACK, .pid = 2, .cpu = 1},
};
#define STEPS (sizeof(scene) / sizeof(scene[0]))

struct open_crossing {
	size_t step;
	uint64_t seq, ns, exits, faults;
};

struct recording {
	struct event events[STEPS];
	struct event_call calls[STEPS];
	struct {
		struct open_crossing open[OPEN_MAX];
		unsigned count;
	} processes[PIDS];
	uint64_t ns;
};

static unsigned count_args(const struct step *step)
{
	unsigned count = 0;

	while (count < 3 && step->args[count])
		count++;
	return count;
}

static void make_call(struct event_call *call, const struct step *entry, const struct step *back)
{
	call->count = count_args(entry);
	call->result = back ? back->result : "";
	for (unsigned i = 0; i < call->count; i++) {
		bool late = back && back->args[i] && strcmp(back->args[i], entry->args[i]) != 0;

		call->args[i] = late ? back->args[i] : entry->args[i];
		call->output[i] = late ? back->args[i] : NULL;
	}
}

static void make_walk(struct event_transition *fault, uint64_t address)
{
	fault->walk.levels = EVENT_WALK_LEVELS;
	for (unsigned i = 0; i < EVENT_WALK_LEVELS; i++) {
		fault->walk.entries[i].index = address >> (39 - 9 * i) & 511;
		fault->walk.entries[i].value = i == EVENT_WALK_LEVELS - 1 ? 0 : 0x272027 + 0x1000 * i;
	}
	snprintf(fault->why, sizeof(fault->why), "user %s 0x%llx: not present: PTE.P=0 at index %u",
		 address & 8 ? "write to" : "fetch from", (unsigned long long)address, fault->walk.entries[3].index);
}

static void make_entry(struct event_transition *entry, const struct step *step, struct event_call *call)
{
	entry->name = step->name;
	if (step->kind == CALL) {
		entry->cause = CAUSE_SYSCALL;
		entry->has_number = true;
		entry->number = step->value;
		entry->arg_count = count_args(step);
		for (unsigned i = 0; i < entry->arg_count; i++)
			entry->args[i] = i == 1 ? 0x7fffffffe3f0 : 3 + i;
		make_call(call, step, NULL);
		entry->call = call;
		entry->quirk = "syscall-faults";
		strcpy(entry->target_symbol, "syscall_entry");
		return;
	}
	entry->has_vector = true;
	entry->cause = step->kind == FAULT ? CAUSE_EXCEPTION : CAUSE_INTERRUPT;
	entry->vector = step->kind == FAULT ? 14 : 32;
	strcpy(entry->target_symbol, step->kind == FAULT ? "page_fault_quirk_entry" : "interrupt_32");
	if (step->kind == TICK)
		return;
	entry->name = "#PF";
	entry->has_error = entry->has_cr2 = true;
	entry->error = 0x14;
	entry->cr2 = step->value;
	make_walk(entry, step->value);
}

static void make_return(struct event_transition *back, const struct step *step)
{
	back->is_return = true;
	back->cause = step->result ? CAUSE_SYSRET : CAUSE_IRET;
	strcpy(back->target_symbol, step->result ? "syscall_rax_saved+0x93" : "return_to_user+0x2f");
}

static void make_transition(struct recording *recording, size_t index)
{
	const struct step *step = &scene[index];
	struct event_transition *transition = &recording->events[index].transition;

	transition->rip = USER_CODE + index * 0x1c4;
	transition->target = 0xffffffff80003055 + (uint64_t)step->kind * 0x9d1;
	transition->rsp = 0x7fffffffe658 - index * 16;
	transition->cr3 = 0x1000 * (uint64_t)step->pid;
	transition->rflags = 0x10202;
	transition->frame = step->kind == BACK && step->result ? 0 : 0xffffc90000003fd8 + 0x4000 * (uint64_t)step->pid;
	transition->cs = 0x2b;
	if (step->kind == BACK)
		make_return(transition, step);
	else
		make_entry(transition, step, &recording->calls[index]);
}

static void make_exit(struct event_exit *exit, const struct step *step)
{
	exit->reason = EXIT_IO;
	exit->write = true;
	exit->address = 0xe00;
	exit->size = 4;
	exit->count = 1;
	exit->device = "hypercall";
	exit->call = step->name;
	exit->args[0] = 0xffffc9000000bd18;
	exit->args[1] = 0xffff88800026a000;
	exit->rip = 0xffffffff80005a20;
	strcpy(exit->symbol, "user_access_hypercall+0x17");
}

static void make_event(struct recording *recording, size_t index)
{
	const struct step *step = &scene[index];
	struct event *event = &recording->events[index];

	event->cpu = step->cpu;
	event->pid = event->tid = step->pid;
	switch (step->kind) {
	case EXIT:
		event->type = EVENT_EXIT;
		make_exit(&event->exit, step);
		break;
	case PROCESS:
		event->type = EVENT_PROCESS;
		event->process = (struct event_process){
			.event = PROCESS_EXEC, .pid = step->pid, .parent = 1, .cr3 = 0x1000 * (uint64_t)step->pid};
		strcpy(event->process.name, step->name);
		break;
	case NOTE:
		event->type = EVENT_NOTE;
		snprintf(event->note, sizeof(event->note), "%s", step->name);
		break;
	case CALL:
	case FAULT:
	case TICK:
	case BACK:
		event->type = EVENT_TRANSITION;
		make_transition(recording, index);
		break;
	}
}

struct recording *recording_open(void)
{
	struct recording *recording = calloc(1, sizeof(*recording));

	if (!recording)
		return NULL;
	for (size_t i = 0; i < STEPS; i++)
		make_event(recording, i);
	return recording;
}

/* What a return says of its entry. A process whose first step is a return has just been made. */
static void finish_return(struct recording *recording, size_t index, struct event_transition *back)
{
	unsigned *count = &recording->processes[scene[index].pid].count;
	struct open_crossing *entry;
	const struct event_transition *begin;

	back->first = back->has_entry = back->has_result = false;
	back->call = NULL;
	back->to = 3;
	if (*count == 0) {
		back->first = true;
		return;
	}
	entry = &recording->processes[scene[index].pid].open[--*count];
	back->to = *count > 0 ? 0 : 3;
	begin = &recording->events[entry->step].transition;
	back->has_entry = true;
	back->entry = entry->seq;
	back->entry_cause = begin->cause;
	back->entry_name = begin->name;
	back->ns_inside = recording->ns - entry->ns;
	back->exits_inside = entry->exits;
	back->faults_inside = entry->faults;
	back->depth = *count;
	if (begin->has_number) {
		const struct step *step = &scene[index];

		back->has_result = true;
		back->result = step->result ? (int64_t)strtoull(step->result, NULL, 0) : 0;
		if (step->result && step->result[0] == '-')
			back->result = -10;
		make_call(&recording->calls[index], &scene[entry->step], step);
		if (!recording->calls[index].result)
			recording->calls[index].result = "?";
		back->call = &recording->calls[index];
	}
}

static void finish_exit(struct recording *recording, size_t index, struct event_exit *exit)
{
	unsigned count = recording->processes[scene[index].pid].count;

	exit->has_entry = count > 0;
	exit->depth = count;
	if (count == 0)
		return;
	exit->entry = recording->processes[scene[index].pid].open[count - 1].seq;
	recording->processes[scene[index].pid].open[count - 1].exits++;
}

static void play_step(struct recording *recording, struct stream *stream, size_t index)
{
	struct event *event = &recording->events[index];
	unsigned *count = &recording->processes[scene[index].pid].count;
	struct open_crossing *open = recording->processes[scene[index].pid].open;

	recording->ns += STEP_NS + index * 321;
	event->ns = recording->ns;
	event->tsc = recording->ns * PER_NS;
	if (scene[index].kind == BACK) {
		finish_return(recording, index, &event->transition);
	} else if (scene[index].kind == EXIT) {
		finish_exit(recording, index, &event->exit);
	} else if (event->type == EVENT_TRANSITION) {
		event->transition.depth = *count;
		event->transition.from = *count > 0 ? 0 : 3;
	}
	stream_emit(stream, event);
	if (event->type == EVENT_TRANSITION && !event->transition.is_return) {
		for (unsigned i = 0; i < *count; i++)
			open[i].faults += event->transition.cause == CAUSE_EXCEPTION;
		open[(*count)++] = (struct open_crossing){.step = index, .seq = event->seq, .ns = event->ns};
	}
	if (event->type == EVENT_EXIT)
		stream_count_exit(stream, event->exit.reason, false);
}

static void play_start(struct stream *stream)
{
	struct event event = {.type = EVENT_START,
			      .start = {.version = "recorded",
					.host = "unknown",
					.image = "/bin/busybox",
					.kernel = "built-in",
					.method = "trap",
					.trace = "all",
					.protections = "wp nx",
					.memory = 64 << 20,
					.cpus = 2}};

	stream_emit(stream, &event);
	for (uint32_t pid = 1; pid < PIDS; pid++) {
		event = (struct event){.type = EVENT_PROCESS, .pid = pid, .tid = pid};
		event.process = (struct event_process){.event = PROCESS_START,
						       .pid = pid,
						       .parent = pid > 1,
						       .cr3 = 0x1000 * (uint64_t)pid,
						       .name = "sh"};
		stream_emit(stream, &event);
	}
}

void recording_play(struct recording *recording, struct stream *stream, unsigned long count)
{
	struct event end = {.type = EVENT_END, .end = {.reason = "exit", .verdict = "complete"}};

	play_start(stream);
	for (unsigned long i = 0; i < count; i++)
		play_step(recording, stream, i % STEPS);
	stream_emit_summary(stream, recording->ns);
	end.ns = recording->ns;
	stream_emit(stream, &end);
}

void recording_close(struct recording *recording)
{
	free(recording);
}
