/* SPDX-License-Identifier: MIT */
/*
 * json.c: one function an event type. Keys whose value is unknown or does not apply are left out.
 */
#include "json.h"

#include "names.h"

#define SCHEMA_VERSION 1

#define put_unsigned(line, name, value) (json_key(line, name), json_unsigned(line, value))
#define put_signed(line, name, value)   (json_key(line, name), json_signed(line, value))
#define put_hex(line, name, value)      (json_key(line, name), json_hex(line, value))
#define put_bool(line, name, value)     (json_key(line, name), json_bool(line, value))
#define put_string(line, name, value)   (json_key(line, name), json_string(line, value))

/* Of a char array that is empty when there is nothing to say */
#define put_array_text(line, name, array)                      \
	do {                                                   \
		if ((array)[0]) {                              \
			json_key(line, name);                  \
			json_text(line, array, sizeof(array)); \
		}                                              \
	} while (0)

#define put_optional(line, name, value)                \
	do {                                           \
		if (value)                             \
			put_string(line, name, value); \
	} while (0)

static void put_hex_list(struct json_line *line, const uint64_t *values, size_t count)
{
	json_open(line, '[');
	for (size_t i = 0; i < count; i++)
		json_hex(line, values[i]);
	json_close(line, ']');
}

static void put_string_list(struct json_line *line, const char *const *strings, size_t count)
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
	put_string_list(line, start->quirks, start->quirk_count);
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
	put_string_list(line, call->args, call->count);
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

static void put_rights(struct json_line *line, bool readable, bool writable, bool executable)
{
	const char rights[] = {readable ? 'r' : '-', writable ? 'w' : '-', executable ? 'x' : '-', '\0'};

	json_string(line, rights);
}

/* The end of the last page is 2^64, one more than a uint64_t holds. */
static void put_region_end(struct json_line *line, uint64_t end)
{
	json_key(line, "end");
	if (end)
		json_hex(line, end);
	else
		json_string(line, "0x10000000000000000");
}

static void put_region(struct json_line *line, const struct event_region *region)
{
	json_open(line, '{');
	put_hex(line, "start", region->start);
	put_region_end(line, region->end);
	put_unsigned(line, "ring", region->ring);
	json_key(line, "rights");
	put_rights(line, region->readable, region->writable, region->executable);
	json_key(line, "kernel_rights");
	put_rights(line, region->kernel_readable, region->kernel_writable, region->kernel_executable);
	put_bool(line, "guard", region->guard);
	if (!region->guard) {
		put_unsigned(line, "page", region->page);
		put_hex(line, "phys", region->phys);
		put_bool(line, "contiguous", region->contiguous);
		put_unsigned(line, "shared_frames", region->shared_frames);
		put_unsigned(line, "cow_pages", region->cow_pages);
		json_key(line, "shared_with");
		json_open(line, '[');
		for (size_t i = 0; i < region->shared_with_count; i++)
			json_unsigned(line, region->shared_with[i]);
		json_close(line, ']');
	}
	put_array_text(line, "name", region->name);
	json_close(line, '}');
}

static void put_totals(struct json_line *line, const struct event_address_space *space)
{
	json_open(line, '{');
	put_unsigned(line, "user_bytes", space->user_bytes);
	put_unsigned(line, "kernel_bytes", space->kernel_bytes);
	put_unsigned(line, "user_pages", space->user_pages);
	put_unsigned(line, "kernel_pages", space->kernel_pages);
	put_unsigned(line, "user_half", space->user_half);
	put_unsigned(line, "hole", space->hole);
	put_unsigned(line, "kernel_half", space->kernel_half);
	put_unsigned(line, "table_pages", space->table_pages);
	put_bool(line, "kernel_half_shared", space->kernel_half_shared);
	put_unsigned(line, "kernel_tables", space->kernel_tables);
	put_unsigned(line, "compared_with", space->compared_with);
	put_unsigned(line, "wx_pages", space->wx_pages);
	put_unsigned(line, "problems", space->problems);
	json_close(line, '}');
}

static void put_address_space(struct json_line *line, const struct event_address_space *space)
{
	put_string(line, "when", space->when);
	put_unsigned(line, "pid", space->pid);
	put_unsigned(line, "parent", space->parent);
	put_array_text(line, "name", space->name);
	put_hex(line, "cr3", space->cr3);
	json_key(line, "regions");
	json_open(line, '[');
	for (size_t i = 0; i < space->region_count; i++)
		put_region(line, &space->regions[i]);
	json_close(line, ']');
	json_key(line, "totals");
	put_totals(line, space);
}

static void put_row(struct json_line *line, const struct summary_row *row)
{
	json_open(line, '{');
	put_string(line, "cause", cause_name(row->cause));
	put_bool(line, "total", row->total);
	if (!row->total && row->has_vector)
		put_unsigned(line, "vector", row->number);
	else if (!row->total)
		put_unsigned(line, "number", row->number);
	put_optional(line, "name", row->name);
	put_unsigned(line, "count", row->count);
	put_unsigned(line, "errors", row->errors);
	put_unsigned(line, "finished", row->finished);
	put_unsigned(line, "ns", row->ns);
	put_unsigned(line, "ns_min", row->ns_min);
	put_unsigned(line, "ns_max", row->ns_max);
	put_unsigned(line, "exits", row->exits);
	put_unsigned(line, "faults", row->faults);
	put_unsigned(line, "interrupts", row->interrupts);
	json_close(line, '}');
}

static void put_exit_counts(struct json_line *line, const struct event_summary *summary)
{
	json_open(line, '{');
	if (!summary->observed_unknown) {
		put_unsigned(line, "total", summary->exits_total);
		put_unsigned(line, "observed", summary->exits_observed);
	}
	put_unsigned(line, "guest", summary->exits_guest);
	json_key(line, "by_reason");
	json_open(line, '{');
	for (unsigned reason = 0; reason < EXIT_REASONS; reason++) {
		if (!summary->exits_by_reason[reason])
			continue;
		json_name(line, exit_reason_name((enum exit_reason)reason));
		json_unsigned(line, summary->exits_by_reason[reason]);
	}
	json_close(line, '}');
	json_close(line, '}');
}

static void put_summary(struct json_line *line, const struct event_summary *summary)
{
	put_unsigned(line, "transitions", summary->transitions);
	put_unsigned(line, "entries", summary->entries);
	put_unsigned(line, "returns", summary->returns);
	json_key(line, "exits");
	put_exit_counts(line, summary);
	json_key(line, "rows");
	json_open(line, '[');
	for (size_t i = 0; i < summary->row_count; i++)
		put_row(line, &summary->rows[i]);
	json_close(line, ']');
}

static void put_missing_call(struct json_line *line, const struct event_missing_call *call)
{
	json_open(line, '{');
	put_unsigned(line, "number", call->number);
	put_optional(line, "name", call->name);
	if (call->i386)
		put_bool(line, "i386", true);
	put_unsigned(line, "count", call->count);
	put_hex(line, "rip", call->rip);
	put_array_text(line, "symbol", call->symbol);
	json_close(line, '}');
}

static void put_end(struct json_line *line, const struct event_end *end)
{
	put_signed(line, "status", end->status);
	put_string(line, "reason", end->reason);
	json_key(line, "message");
	json_text(line, end->message, sizeof(end->message));
	put_string(line, "verdict", end->verdict);
	json_key(line, "doubts");
	put_string_list(line, end->doubts, end->doubt_count);
	if (end->missing_count) {
		json_key(line, "unimplemented");
		json_open(line, '[');
		for (size_t i = 0; i < end->missing_count; i++)
			put_missing_call(line, &end->missing[i]);
		json_close(line, ']');
	}
	put_unsigned(line, "lost", end->lost);
	put_unsigned(line, "transitions", end->transitions);
	put_unsigned(line, "entries", end->entries);
	put_unsigned(line, "returns", end->returns);
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
		put_address_space(line, &event->address_space);
		break;
	case EVENT_NOTE:
		put_note(line, event);
		break;
	case EVENT_SUMMARY:
		put_summary(line, &event->summary);
		break;
	case EVENT_END:
		put_end(line, &event->end);
		break;
	}
	json_end(line);
}
