/* SPDX-License-Identifier: MIT */
/* read_frame.c: how a trace begins and ends: start, summary, end. */
#include <inttypes.h>
#include <string.h>

#include "abi.h"
#include "reader_parts.h"

static void read_version(struct fields *fields)
{
	uint64_t version = fields_unsigned(fields, "version", UINT64_MAX);

	if (version != READER_VERSION)
		fields_refuse(fields, "version", "is %" PRIu64 "; this vmm reads version %d: use the vmm that wrote it",
			      version, READER_VERSION);
}

/* The strings of an array; returns how many. `strings` has room for all. */
static size_t read_strings(struct fields *fields, const char *key, const char **strings, uint32_t array)
{
	const struct tree_value *values = fields->tree->values;
	size_t count = 0;

	for (uint32_t i = array + 1; array != 0 && i < values[array].next; i = values[i].next) {
		strings[count] = value_string(fields, key, &values[i]);
		if (strings[count++] == NULL)
			return 0;
	}
	return count;
}

static void read_doubts(struct reader *reader, struct fields *fields, struct event_end *end)
{
	uint32_t array = fields_array(fields, "doubts", READER_DOUBTS);

	if (!reader_grow(fields, (void **)&reader->doubts, &reader->doubt_room, fields->tree->values[array].length,
			 sizeof(*reader->doubts)))
		return;
	end->doubts = reader->doubts;
	end->doubt_count = read_strings(fields, "doubts", reader->doubts, array);
}

static void read_host(struct reader *reader, struct fields *fields, struct event_start *start)
{
	struct fields host = fields_object(fields, "host");

	start->host = fields_name(&host, "kvm");
	start->quirk_count =
		read_strings(&host, "quirks", reader->quirks, fields_array(&host, "quirks", READER_QUIRKS));
	for (size_t i = 0; i < start->quirk_count; i++) {
		reader->quirks[i] = names_keep(&reader->names, reader->quirks[i], strlen(reader->quirks[i]));
		if (reader->quirks[i] == NULL)
			fields_refuse(&host, "quirks", "has a name that is too long");
	}
	start->quirks = reader->quirks;
}

void read_start(struct reader *reader, struct fields *fields, struct event *event)
{
	struct event_start *start = &event->start;

	memset(start, 0, sizeof(*start));
	read_version(fields);
	start->version = fields_name(fields, "vmm");
	read_host(reader, fields, start);
	start->image = fields_name(fields, "image");
	start->kernel = fields_name_or_null(fields, "kernel");
	start->method = read_plain_word(fields, "method");
	start->trace = fields_name_or_null(fields, "trace");
	start->protections = fields_name_or_null(fields, "protections");
	start->memory = fields_unsigned(fields, "memory", UINT64_MAX);
	start->cpus = (unsigned)fields_unsigned(fields, "cpus", VMM_CPUS_MAX);
	if (start->cpus == 0)
		fields_refuse(fields, "cpus", "must be at least 1");
}

static void read_row(struct fields *fields, struct summary_row *row)
{
	*row = (struct summary_row){0};
	row->cause = read_cause(fields, "cause");
	row->total = fields_bool(fields, "total");
	row->has_vector = !row->total && fields_has(fields, "vector");
	if (row->has_vector)
		row->number = fields_unsigned(fields, "vector", 255);
	else if (!row->total)
		row->number = fields_unsigned(fields, "number", UINT64_MAX);
	row->name = fields_name_or_null(fields, "name");
	row->count = fields_unsigned(fields, "count", UINT64_MAX);
	row->errors = fields_unsigned(fields, "errors", UINT64_MAX);
	row->finished = fields_unsigned(fields, "finished", UINT64_MAX);
	row->ns = fields_unsigned(fields, "ns", UINT64_MAX);
	row->ns_min = fields_unsigned(fields, "ns_min", UINT64_MAX);
	row->ns_max = fields_unsigned(fields, "ns_max", UINT64_MAX);
	row->exits = fields_unsigned(fields, "exits", UINT64_MAX);
	row->faults = fields_unsigned_or(fields, "faults", UINT64_MAX, 0);
	row->interrupts = fields_unsigned_or(fields, "interrupts", UINT64_MAX, 0);
}

static void read_exit_counts(struct fields *fields, struct event_summary *summary)
{
	struct fields exits = fields_object(fields, "exits"), reasons;

	summary->observed_unknown = !fields_has(&exits, "total");
	if (!summary->observed_unknown) {
		summary->exits_total = fields_unsigned(&exits, "total", UINT64_MAX);
		summary->exits_observed = fields_unsigned(&exits, "observed", UINT64_MAX);
	}
	summary->exits_guest = fields_unsigned(&exits, "guest", UINT64_MAX);
	reasons = fields_object(&exits, "by_reason");
	for (unsigned i = 0; i < EXIT_REASONS; i++)
		summary->exits_by_reason[i] =
			fields_unsigned_or(&reasons, exit_reason_name((enum exit_reason)i), UINT64_MAX, 0);
}

static void read_observation(struct fields *fields, struct event_observation *observation)
{
	struct fields members;

	if (!fields_has(fields, "observation"))
		return;
	members = fields_object(fields, "observation");
	observation->method = read_plain_word(&members, "method");
	observation->count = fields_unsigned(&members, "count", UINT64_MAX);
	observation->ns = fields_unsigned(&members, "ns", UINT64_MAX);
	observation->share_ppm = fields_unsigned(&members, "share_ppm", UINT64_MAX);
	observation->each_ns = fields_unsigned_or(&members, "each_ns", UINT64_MAX, 0);
	observation->source = fields_name_or_null(&members, "source");
	observation->corrected = fields_bool(&members, "corrected");
}

void read_summary(struct reader *reader, struct fields *fields, struct event *event)
{
	const struct tree_value *values = reader->tree.values;
	struct event_summary *summary = &event->summary;
	uint32_t array;

	memset(summary, 0, sizeof(*summary));
	summary->ns = event->ns;
	summary->transitions = fields_unsigned(fields, "transitions", UINT64_MAX);
	summary->entries = fields_unsigned(fields, "entries", UINT64_MAX);
	summary->returns = fields_unsigned(fields, "returns", UINT64_MAX);
	read_exit_counts(fields, summary);
	read_observation(fields, &summary->observation);
	array = fields_array(fields, "rows", READER_ROWS);
	if (!reader_grow(fields, (void **)&reader->rows, &reader->row_room, values[array].length,
			 sizeof(*reader->rows)))
		return;
	summary->rows = reader->rows;
	for (uint32_t i = array + 1; array != 0 && i < values[array].next; i = values[i].next) {
		struct fields row = value_object(fields, "row", &values[i]);

		if (!fields_good(fields))
			return;
		read_row(&row, &reader->rows[summary->row_count++]);
	}
}

static void read_missing_call(struct fields *fields, struct event_missing_call *call)
{
	*call = (struct event_missing_call){0};
	call->number = fields_unsigned(fields, "number", UINT64_MAX);
	call->name = fields_name_or_null(fields, "name");
	call->i386 = fields_bool_or_false(fields, "i386");
	call->count = fields_unsigned(fields, "count", UINT64_MAX);
	call->rip = fields_hex(fields, "rip", UINT64_MAX);
	fields_text(fields, "symbol", call->symbol, sizeof(call->symbol));
}

static void read_missing(struct reader *reader, struct fields *fields, struct event_end *end)
{
	const struct tree_value *values = reader->tree.values;
	uint32_t array;

	if (!fields_has(fields, "unimplemented"))
		return;
	array = fields_array(fields, "unimplemented", READER_MISSING);
	if (!reader_grow(fields, (void **)&reader->missing, &reader->missing_room, values[array].length,
			 sizeof(*reader->missing)))
		return;
	end->missing = reader->missing;
	for (uint32_t i = array + 1; array != 0 && i < values[array].next; i = values[i].next) {
		struct fields call = value_object(fields, "unimplemented", &values[i]);

		if (!fields_good(fields))
			return;
		read_missing_call(&call, &reader->missing[end->missing_count++]);
	}
}

static void read_expectations(struct reader *reader, struct fields *fields, struct event_end *end)
{
	const struct tree_value *values = reader->tree.values;
	uint32_t array;

	if (!fields_has(fields, "expectations"))
		return;
	array = fields_array(fields, "expectations", READER_EXPECTATIONS);
	if (!reader_grow(fields, (void **)&reader->expectations, &reader->expectation_room, values[array].length,
			 sizeof(*reader->expectations)))
		return;
	end->expectations = reader->expectations;
	for (uint32_t i = array + 1; array != 0 && i < values[array].next; i = values[i].next) {
		struct fields item = value_object(fields, "expectations", &values[i]);

		if (!fields_good(fields))
			return;
		reader->expectations[end->expectation_count++] = (struct event_expectation){
			.text = fields_string(&item, "text"),
			.value = fields_unsigned(&item, "value", UINT64_MAX),
			.met = fields_bool(&item, "met"),
		};
	}
}

void read_end(struct reader *reader, struct fields *fields, struct event *event)
{
	struct event_end *end = &event->end;

	memset(end, 0, sizeof(*end));
	end->status = (int)fields_unsigned(fields, "status", 255);
	end->reason = read_plain_word(fields, "reason");
	if (!fields_has(fields, "message"))
		fields_refuse(fields, "message", "is missing");
	fields_text(fields, "message", end->message, sizeof(end->message));
	end->verdict = fields_name(fields, "verdict");
	if (end->verdict != NULL && strcmp(end->verdict, "complete") != 0 && strcmp(end->verdict, "incomplete") != 0)
		fields_refuse(fields, "verdict", "must be complete or incomplete");
	read_doubts(reader, fields, end);
	read_missing(reader, fields, end);
	read_expectations(reader, fields, end);
	end->lost = fields_unsigned(fields, "lost", UINT64_MAX);
	end->transitions = fields_unsigned(fields, "transitions", UINT64_MAX);
	end->entries = fields_unsigned(fields, "entries", UINT64_MAX);
	end->returns = fields_unsigned(fields, "returns", UINT64_MAX);
}
