/* SPDX-License-Identifier: MIT */
/*
 * json.c: one function an event type. Keys whose value is unknown or does not apply are left out.
 * Layouts are in json_layout.c, counts in json_summary.c.
 */
#include "json.h"

#include "json_parts.h"
#include "names.h"

#define SCHEMA_VERSION 1

static void put_hex_list(struct json_line *line, const uint64_t *values, size_t count)
{
	json_open(line, '[');
	for (size_t i = 0; i < count; i++)
		json_hex(line, values[i]);
	json_close(line, ']');
}

void json_string_list(struct json_line *line, const char *const *strings, size_t count)
{
	json_open(line, '[');
	for (size_t i = 0; i < count; i++)
		json_string(line, strings[i]);
	json_close(line, ']');
}

/* What every event that happens on a CPU has */
static void put_place(struct json_line *line, const struct event *event)
{
	put_unsigned(line, "tsc", event->tsc);
	put_unsigned(line, "cpu", event->cpu);
	put_unsigned(line, "pid", event->pid);
	if (event->tid)
		put_unsigned(line, "tid", event->tid);
}

static void put_start(struct json_line *line, const struct event_start *start)
{
	put_unsigned(line, "version", SCHEMA_VERSION);
	put_string(line, "vmm", start->version);
	json_key(line, "host");
	json_open(line, '{');
	put_string(line, "kvm", start->host);
	json_key(line, "quirks");
	json_string_list(line, start->quirks, start->quirk_count);
	json_close(line, '}');
	put_string(line, "image", start->image);
	put_optional(line, "kernel", start->kernel);
	put_string(line, "method", start->method);
	put_optional(line, "trace", start->trace);
	put_optional(line, "protections", start->protections);
	put_unsigned(line, "memory", start->memory);
	put_unsigned(line, "cpus", start->cpus);
}

/* By the indices of the arguments, which come only where something was not known at the entry */
static void put_output(struct json_line *line, const struct event_call *call)
{
	bool open = false;

	for (unsigned i = 0; i < call->count; i++) {
		const char index[] = {(char)('0' + i), '\0'};

		if (!call->output[i])
			continue;
		if (!open) {
			json_key(line, "output");
			json_open(line, '{');
		}
		open = true;
		json_name(line, index);
		json_string(line, call->output[i]);
	}
	if (open)
		json_close(line, '}');
}

/* A decoded system call, as strace would print it */
static void put_call(struct json_line *line, const struct event_call *call)
{
	json_key(line, "decoded");
	json_string_list(line, call->args, call->count);
	if (call->result[0])
		put_string(line, "result_text", call->result);
	put_output(line, call);
}

static const char *const walk_names[EVENT_WALK_LEVELS] = {"PML4E", "PDPE", "PDE", "PTE"};

static void put_walk(struct json_line *line, const struct event_walk *walk)
{
	json_key(line, "walk");
	json_open(line, '[');
	for (unsigned i = 0; i < walk->levels; i++) {
		json_open(line, '{');
		put_string(line, "entry", walk_names[i]);
		put_unsigned(line, "index", walk->entries[i].index);
		put_hex(line, "value", walk->entries[i].value);
		json_close(line, '}');
	}
	json_close(line, ']');
}

static void put_entry(struct json_line *line, const struct event_transition *entry)
{
	if (entry->has_vector)
		put_unsigned(line, "vector", entry->vector);
	if (entry->has_number)
		put_unsigned(line, "number", entry->number);
	put_optional(line, "name", entry->name);
	if (entry->has_number) {
		json_key(line, "args");
		put_hex_list(line, entry->args, entry->arg_count <= 6 ? entry->arg_count : 6);
	}
	if (entry->call)
		put_call(line, entry->call);
	if (entry->has_error)
		put_hex(line, "error", entry->error);
	if (entry->has_cr2)
		put_hex(line, "cr2", entry->cr2);
	put_array_text(line, "why", entry->why);
	if (entry->walk.levels)
		put_walk(line, &entry->walk);
}

static void put_return(struct json_line *line, const struct event_transition *back)
{
	if (back->first) {
		put_bool(line, "first", true);
		put_hex(line, "rax", back->rax);
	}
	if (back->has_result) {
		put_signed(line, "result", back->result);
		put_optional(line, "error", errno_name(back->result));
	}
	if (back->handler)
		put_bool(line, "handler", true);
	if (back->signal)
		put_unsigned(line, "signal", back->signal);
	put_array_text(line, "siginfo", back->siginfo);
	if (back->call)
		put_call(line, back->call);
	if (!back->has_entry)
		return;
	put_unsigned(line, "entry", back->entry);
	put_string(line, "entry_cause", cause_name(back->entry_cause));
	put_optional(line, "entry_name", back->entry_name);
	put_unsigned(line, "ns_inside", back->ns_inside);
	put_unsigned(line, "exits_inside", back->exits_inside);
	if (back->faults_inside)
		put_unsigned(line, "faults_inside", back->faults_inside);
	if (back->interrupts_inside)
		put_unsigned(line, "interrupts_inside", back->interrupts_inside);
}

static void put_transition(struct json_line *line, const struct event *event)
{
	const struct event_transition *transition = &event->transition;

	put_place(line, event);
	put_unsigned(line, "from", transition->from);
	put_unsigned(line, "to", transition->to);
	put_string(line, "cause", cause_name(transition->cause));
	put_hex(line, "rip", transition->rip);
	put_hex(line, "target", transition->target);
	put_hex(line, "rsp", transition->rsp);
	put_hex(line, "cr3", transition->cr3);
	put_hex(line, "rflags", transition->rflags);
	if (transition->frame) {
		put_hex(line, "frame", transition->frame);
		put_hex(line, "cs", transition->cs);
	}
	if (transition->is_return)
		put_return(line, transition);
	else
		put_entry(line, transition);
	put_array_text(line, "symbol", transition->symbol);
	put_array_text(line, "target_symbol", transition->target_symbol);
	put_unsigned(line, "depth", transition->depth);
	put_optional(line, "quirk", transition->quirk);
}

static void put_exit(struct json_line *line, const struct event *event)
{
	const struct event_exit *exit = &event->exit;

	put_place(line, event);
	put_string(line, "reason", exit_reason_name(exit->reason));
	if (exit->reason == EXIT_IO) {
		put_string(line, "direction", exit->write ? "out" : "in");
		put_hex(line, "port", exit->address);
	} else if (exit->reason == EXIT_MMIO) {
		put_string(line, "direction", exit->write ? "write" : "read");
		put_hex(line, "address", exit->address);
	}
	if (exit->reason == EXIT_IO || exit->reason == EXIT_MMIO) {
		put_unsigned(line, "size", exit->size);
		put_unsigned(line, "count", exit->count);
	}
	put_optional(line, "device", exit->device);
	if (exit->call) {
		put_string(line, "call", exit->call);
		json_key(line, "args");
		put_hex_list(line, exit->args, 3);
		put_signed(line, "result", exit->result);
	}
	if (exit->has_entry)
		put_unsigned(line, "entry", exit->entry);
	put_unsigned(line, "from", exit->from);
	put_hex(line, "rip", exit->rip);
	put_array_text(line, "symbol", exit->symbol);
	put_unsigned(line, "depth", exit->depth);
	put_array_text(line, "detail", exit->detail);
}

static void put_process(struct json_line *line, const struct event *event)
{
	const struct event_process *process = &event->process;

	put_unsigned(line, "cpu", event->cpu);
	put_unsigned(line, "pid", process->pid);
	if (event->tid)
		put_unsigned(line, "tid", event->tid);
	put_unsigned(line, "parent", process->parent);
	put_string(line, "event", process_event_name(process->event));
	put_array_text(line, "name", process->name);
	put_hex(line, "cr3", process->cr3);
	if (process->event != PROCESS_EXIT && process->event != PROCESS_REAPED)
		return;
	put_unsigned(line, "status", process->status);
	if (process->status & 0x7f) /* as WTERMSIG() and WEXITSTATUS() take it apart */
		put_unsigned(line, "signal", process->status & 0x7f);
	else
		put_unsigned(line, "exit_status", process->status >> 8 & 0xff);
}

static const char *type_name(enum event_type type)
{
	static const char *const names[] = {
		[EVENT_START] = "start",
		[EVENT_TRANSITION] = "transition",
		[EVENT_EXIT] = "exit",
		[EVENT_PROCESS] = "process",
		[EVENT_ADDRESS_SPACE] = "address_space",
		[EVENT_NOTE] = "note",
		[EVENT_SUMMARY] = "summary",
		[EVENT_END] = "end",
	};

	return names[type];
}

static void put_note(struct json_line *line, const struct event *event)
{
	put_unsigned(line, "cpu", event->cpu);
	put_unsigned(line, "pid", event->pid);
	if (event->tid)
		put_unsigned(line, "tid", event->tid);
	json_key(line, "text");
	json_text(line, event->note, sizeof(event->note));
}

void json_event(struct writer *out, const struct event *event, const struct render_options *options, void *state)
{
	struct json_line *line = state;

	(void)options; /* the stream has decided what is shown; the frame is part of the format */
	json_begin(line, out);
	put_string(line, "type", type_name(event->type));
	put_unsigned(line, "seq", event->seq);
	put_unsigned(line, "ns", event->ns);
	switch (event->type) {
	case EVENT_START:
		put_start(line, &event->start);
		break;
	case EVENT_TRANSITION:
		put_transition(line, event);
		break;
	case EVENT_EXIT:
		put_exit(line, event);
		break;
	case EVENT_PROCESS:
		put_process(line, event);
		break;
	case EVENT_ADDRESS_SPACE:
		json_address_space(line, &event->address_space);
		break;
	case EVENT_NOTE:
		put_note(line, event);
		break;
	case EVENT_SUMMARY:
		json_summary(line, &event->summary);
		break;
	case EVENT_END:
		json_end_event(line, &event->end);
		break;
	}
	json_end(line);
}
