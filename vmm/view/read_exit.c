/* SPDX-License-Identifier: MIT */
/* read_exit.c: VM exits, and what needs few words: processes and notes. */
#include <string.h>

#include "reader_parts.h"

#define DEPTH_MOST 4096

static const char *reason_of(unsigned index)
{
	return exit_reason_name((enum exit_reason)index);
}

static void read_access(struct fields *fields, struct event_exit *exit)
{
	bool io = exit->reason == EXIT_IO;
	const char *direction;

	if (exit->reason != EXIT_IO && exit->reason != EXIT_MMIO)
		return;
	direction = fields_string(fields, "direction");
	exit->write = direction != NULL && strcmp(direction, io ? "out" : "write") == 0;
	if (direction != NULL && !exit->write && strcmp(direction, io ? "in" : "read") != 0)
		fields_refuse(fields, "direction", io ? "must be in or out" : "must be read or write");
	exit->address = fields_hex(fields, io ? "port" : "address", UINT64_MAX);
	exit->size = (unsigned)fields_unsigned(fields, "size", UINT32_MAX);
	exit->count = (unsigned)fields_unsigned(fields, "count", UINT32_MAX);
}

static void read_hypercall(struct fields *fields, struct event_exit *exit)
{
	const struct tree_value *values = fields->tree->values;
	uint32_t array;

	exit->call = fields_name_or_null(fields, "call");
	if (exit->call == NULL)
		return;
	array = fields_array(fields, "args", 3);
	for (uint32_t i = 0; i < values[array].length && fields_good(fields); i++)
		exit->args[i] = value_hex(fields, "args", &values[array + 1 + i], UINT64_MAX);
	exit->result = fields_signed(fields, "result");
}

void read_exit(struct reader *reader, struct fields *fields, struct event *event)
{
	struct event_exit *exit = &event->exit;

	(void)reader;
	memset(exit, 0, sizeof(*exit));
	event->tsc = fields_unsigned(fields, "tsc", UINT64_MAX);
	read_place(fields, event);
	exit->reason = (enum exit_reason)fields_word(fields, "reason", reason_of, EXIT_REASONS);
	read_access(fields, exit);
	exit->device = fields_name_or_null(fields, "device");
	read_hypercall(fields, exit);
	exit->has_entry = fields_has(fields, "entry");
	exit->entry = fields_unsigned_or(fields, "entry", UINT64_MAX, 0);
	exit->from = (unsigned)fields_unsigned(fields, "from", 3);
	exit->rip = fields_hex(fields, "rip", UINT64_MAX);
	fields_text(fields, "symbol", exit->symbol, sizeof(exit->symbol));
	exit->depth = (unsigned)fields_unsigned(fields, "depth", DEPTH_MOST);
	fields_text(fields, "detail", exit->detail, sizeof(exit->detail));
}

static const char *change_of(unsigned index)
{
	return process_event_name((enum process_event)index);
}

void read_process(struct reader *reader, struct fields *fields, struct event *event)
{
	struct event_process *process = &event->process;

	(void)reader;
	memset(process, 0, sizeof(*process));
	read_place(fields, event);
	process->pid = event->pid;
	process->parent = (uint32_t)fields_unsigned(fields, "parent", UINT32_MAX);
	process->event = (enum process_event)fields_word(fields, "event", change_of, PROCESS_THREAD_EXIT + 1);
	fields_text(fields, "name", process->name, sizeof(process->name));
	process->cr3 = fields_hex(fields, "cr3", UINT64_MAX);
	if (process->event == PROCESS_EXIT || process->event == PROCESS_REAPED)
		process->status = (uint32_t)fields_unsigned(fields, "status", UINT32_MAX);
}

void read_note(struct reader *reader, struct fields *fields, struct event *event)
{
	(void)reader;
	read_place(fields, event);
	if (!fields_has(fields, "text"))
		fields_refuse(fields, "text", "is missing");
	fields_text(fields, "text", event->note, sizeof(event->note));
}
