/* SPDX-License-Identifier: MIT */
/* read_transition.c: entries and returns. */
#include <string.h>

#include "reader_parts.h"

#define DEPTH_MOST 4096 /* vmm keeps 1,024 open crossings */

static unsigned read_hex_list(struct fields *fields, const char *key, uint64_t *list, unsigned most)
{
	const struct tree_value *values = fields->tree->values;
	uint32_t array = fields_array(fields, key, most);
	unsigned count = 0;

	for (uint32_t i = array + 1; array != 0 && i < values[array].next; i = values[i].next)
		list[count++] = value_hex(fields, key, &values[i], UINT64_MAX);
	return count;
}

static void read_output(struct fields *fields, struct event_call *call)
{
	struct fields output;

	if (!fields_has(fields, "output"))
		return;
	output = fields_object(fields, "output");
	for (unsigned i = 0; i < call->count; i++) {
		const char index[] = {(char)('0' + i), '\0'};

		call->output[i] = value_string(&output, index, fields_find(&output, index));
	}
}

/* A decoded system call: `decoded`, `output`, `result_text` */
static void read_call(struct reader *reader, struct fields *fields, struct event_transition *transition)
{
	const struct tree_value *values = fields->tree->values, *result;
	struct event_call *call = &reader->call;
	uint32_t array;

	transition->call = NULL;
	if (!fields_has(fields, "decoded"))
		return;
	array = fields_array(fields, "decoded", 6);
	*call = (struct event_call){.result = ""};
	for (uint32_t i = array + 1; array != 0 && i < values[array].next; i = values[i].next) {
		call->args[call->count++] = value_string(fields, "decoded", &values[i]);
		if (!fields_good(fields))
			return;
	}
	result = fields_find(fields, "result_text");
	if (result != NULL)
		call->result = value_string(fields, "result_text", result);
	read_output(fields, call);
	transition->call = fields_good(fields) ? call : NULL;
}

static void read_walk(struct fields *fields, struct event_walk *walk)
{
	const struct tree_value *values = fields->tree->values;
	uint32_t array;

	walk->levels = 0;
	if (!fields_has(fields, "walk"))
		return;
	array = fields_array(fields, "walk", EVENT_WALK_LEVELS);
	for (uint32_t i = array + 1; array != 0 && i < values[array].next; i = values[i].next) {
		struct fields entry = value_object(fields, "walk", &values[i]);

		walk->entries[walk->levels].index = (unsigned)fields_unsigned(&entry, "index", 511);
		walk->entries[walk->levels++].value = fields_hex(&entry, "value", UINT64_MAX);
	}
}

static void read_entry(struct reader *reader, struct fields *fields, struct event_transition *entry)
{
	entry->has_vector = fields_has(fields, "vector");
	entry->vector = (unsigned)fields_unsigned_or(fields, "vector", 255, 0);
	entry->has_number = fields_has(fields, "number");
	entry->number = fields_unsigned_or(fields, "number", UINT64_MAX, 0);
	entry->name = fields_name_or_null(fields, "name");
	if (entry->has_number)
		entry->arg_count = read_hex_list(fields, "args", entry->args, 6);
	read_call(reader, fields, entry);
	entry->has_error = fields_has(fields, "error");
	entry->error = (uint32_t)fields_hex_or_0(fields, "error", UINT32_MAX);
	entry->has_cr2 = fields_has(fields, "cr2");
	entry->cr2 = fields_hex_or_0(fields, "cr2", UINT64_MAX);
	fields_text(fields, "why", entry->why, sizeof(entry->why));
	read_walk(fields, &entry->walk);
}

static void read_inside(struct fields *fields, struct event_transition *back)
{
	back->has_entry = fields_has(fields, "entry");
	if (!back->has_entry)
		return;
	back->entry = fields_unsigned_or(fields, "entry", UINT64_MAX, 0);
	back->entry_cause = read_cause(fields, "entry_cause");
	if (back->entry_cause >= CAUSE_SYSRET)
		fields_refuse(fields, "entry_cause", "is that of a return");
	back->entry_name = fields_name_or_null(fields, "entry_name");
	back->ns_inside = fields_unsigned(fields, "ns_inside", UINT64_MAX);
	back->exits_inside = fields_unsigned(fields, "exits_inside", UINT64_MAX);
	back->faults_inside = fields_unsigned_or(fields, "faults_inside", UINT64_MAX, 0);
	back->interrupts_inside = fields_unsigned_or(fields, "interrupts_inside", UINT64_MAX, 0);
}

static void read_return(struct reader *reader, struct fields *fields, struct event_transition *back)
{
	back->first = fields_bool_or_false(fields, "first");
	if (back->first)
		back->rax = fields_hex(fields, "rax", UINT64_MAX);
	back->has_result = fields_has(fields, "result");
	if (back->has_result)
		back->result = fields_signed(fields, "result");
	back->handler = fields_bool_or_false(fields, "handler");
	back->signal = (unsigned)fields_unsigned_or(fields, "signal", 255, 0);
	fields_text(fields, "siginfo", back->siginfo, sizeof(back->siginfo));
	read_call(reader, fields, back);
	read_inside(fields, back);
}

void read_transition(struct reader *reader, struct fields *fields, struct event *event)
{
	struct event_transition *transition = &event->transition;

	memset(transition, 0, sizeof(*transition));
	event->tsc = fields_unsigned(fields, "tsc", UINT64_MAX);
	read_place(fields, event);
	transition->from = (unsigned)fields_unsigned(fields, "from", 3);
	transition->to = (unsigned)fields_unsigned(fields, "to", 3);
	transition->cause = read_cause(fields, "cause");
	transition->is_return = transition->cause >= CAUSE_SYSRET;
	transition->rip = fields_hex(fields, "rip", UINT64_MAX);
	transition->target = fields_hex(fields, "target", UINT64_MAX);
	transition->rsp = fields_hex(fields, "rsp", UINT64_MAX);
	transition->cr3 = fields_hex(fields, "cr3", UINT64_MAX);
	transition->rflags = fields_hex(fields, "rflags", UINT64_MAX);
	transition->frame = fields_hex_or_0(fields, "frame", UINT64_MAX);
	if (transition->frame)
		transition->cs = (unsigned)fields_hex(fields, "cs", UINT32_MAX);
	if (transition->is_return)
		read_return(reader, fields, transition);
	else
		read_entry(reader, fields, transition);
	fields_text(fields, "symbol", transition->symbol, sizeof(transition->symbol));
	fields_text(fields, "target_symbol", transition->target_symbol, sizeof(transition->target_symbol));
	transition->depth = (unsigned)fields_unsigned(fields, "depth", DEPTH_MOST);
	transition->quirk = fields_name_or_null(fields, "quirk");
}
