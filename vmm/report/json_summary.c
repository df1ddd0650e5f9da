/* SPDX-License-Identifier: MIT */
/* json_summary.c: the counts, and how the run ended. */
#include "json_parts.h"

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

static void put_observation(struct json_line *line, const struct event_observation *observation)
{
	json_key(line, "observation");
	json_open(line, '{');
	put_string(line, "method", observation->method);
	put_unsigned(line, "count", observation->count);
	put_unsigned(line, "ns", observation->ns);
	put_unsigned(line, "share_ppm", observation->share_ppm);
	if (observation->each_ns != 0)
		put_unsigned(line, "each_ns", observation->each_ns);
	put_optional(line, "source", observation->source);
	put_bool(line, "corrected", observation->corrected);
	json_close(line, '}');
}

void json_summary(struct json_line *line, const struct event_summary *summary)
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
	if (summary->observation.method != NULL)
		put_observation(line, &summary->observation);
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

static void put_expectations(struct json_line *line, const struct event_end *end)
{
	json_key(line, "expectations");
	json_open(line, '[');
	for (size_t i = 0; i < end->expectation_count; i++) {
		json_open(line, '{');
		put_string(line, "text", end->expectations[i].text);
		put_unsigned(line, "value", end->expectations[i].value);
		put_bool(line, "met", end->expectations[i].met);
		json_close(line, '}');
	}
	json_close(line, ']');
}

void json_end_event(struct json_line *line, const struct event_end *end)
{
	put_signed(line, "status", end->status);
	put_string(line, "reason", end->reason);
	json_key(line, "message");
	json_text(line, end->message, sizeof(end->message));
	put_string(line, "verdict", end->verdict);
	json_key(line, "doubts");
	json_string_list(line, end->doubts, end->doubt_count);
	if (end->missing_count) {
		json_key(line, "unimplemented");
		json_open(line, '[');
		for (size_t i = 0; i < end->missing_count; i++)
			put_missing_call(line, &end->missing[i]);
		json_close(line, ']');
	}
	if (end->expectation_count)
		put_expectations(line, end);
	put_unsigned(line, "lost", end->lost);
	put_unsigned(line, "transitions", end->transitions);
	put_unsigned(line, "entries", end->entries);
	put_unsigned(line, "returns", end->returns);
}
