/* SPDX-License-Identifier: MIT */
/*
 * text_summary.c: the tables of -c: system calls in the manner of `strace -c`, then the other causes, then VM exits.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

static const char *const titles[] = {"COUNT", "ERRORS", "TOTAL/us", "MEAN/us", "MIN/us", "MAX/us", "EXITS"};
static const unsigned ends[] = {9, 17, 31, 43, 55, 67, 76};
#define COLUMN_WHAT 78

static void text_count(struct text_line *line, unsigned end, uint64_t count, bool blank)
{
	char text[24] = "";

	if (!blank)
		snprintf(text, sizeof(text), "%" PRIu64, count);
	line_right(line, end, text);
}

static void text_time(struct text_line *line, unsigned end, uint64_t ns)
{
	struct text_unit unit;

	line_right(line, end, unit_microseconds(&unit, ns));
}

static void text_what(struct text_line *line, const struct summary_row *row)
{
	line_gap(line, COLUMN_WHAT);
	if (row->total) {
		line_color(line, COLOR_BOLD);
		line_printf(line, "%s", cause_name(row->cause));
		line_color(line, COLOR_NONE);
		return;
	}
	line_printf(line, "  ");
	if (row->name)
		line_string(line, row->name);
	else
		line_printf(line, row->has_vector ? "vector 0x%02" PRIx64 : "syscall_0x%" PRIx64, row->number);
}

static void text_summary_row(struct text_line *line, const struct summary_row *row)
{
	text_count(line, ends[0], row->count, false);
	text_count(line, ends[1], row->errors, !row->errors);
	if (row->finished) {
		text_time(line, ends[2], row->ns);
		text_time(line, ends[3], row->ns / row->finished);
		text_time(line, ends[4], row->ns_min);
		text_time(line, ends[5], row->ns_max);
		text_count(line, ends[6], row->exits, false);
	}
	text_what(line, row);
	line_end(line);
}

/* The columns of strace, and three more: what came in between of faults, interrupts and the guest's own exits */
static const struct {
	const char *title;
	unsigned end;
} call_columns[] = {
	{"% time", 6},  {"seconds", 18}, {"usecs/call", 30}, {"calls", 40},
	{"errors", 50}, {"faults", 60},  {"intrs", 70},      {"exits", 80},
};
#define CALL_COLUMNS (sizeof(call_columns) / sizeof(call_columns[0]))
#define COLUMN_CALL  81

/* One column of that table, without the space that line_right() would put before the first */
static void text_cell(struct text_line *line, unsigned column, const char *text)
{
	unsigned end = call_columns[column].end;
	size_t length = strlen(text);

	if (line->column + length < end)
		line_to(line, end - (unsigned)length);
	else if (column > 0)
		line_printf(line, " ");
	line_string(line, text);
}

static void text_number_cell(struct text_line *line, unsigned column, uint64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, number);
	text_cell(line, column, text);
}

static void text_call_rule(struct text_line *line)
{
	static const char dashes[] = "----------------";

	for (unsigned i = 0, start = 0; i < CALL_COLUMNS; start = call_columns[i++].end + 1)
		line_printf(line, "%.*s ", (int)(call_columns[i].end - start), dashes);
	line_printf(line, "%s", dashes);
	line_end(line);
}

static void text_call_row(struct text_line *line, const struct summary_row *row, uint64_t total_ns, const char *name)
{
	char text[32];
	const uint64_t counts[] = {row->count, row->errors, row->faults, row->interrupts, row->exits};

	snprintf(text, sizeof(text), "%.2f", total_ns ? 100.0 * (double)row->ns / (double)total_ns : 0.0);
	text_cell(line, 0, text);
	snprintf(text, sizeof(text), "%" PRIu64 ".%06" PRIu64, row->ns / 1000000000, row->ns / 1000 % 1000000);
	text_cell(line, 1, text);
	text_number_cell(line, 2, row->finished ? row->ns / row->finished / 1000 : 0);
	for (unsigned i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		if (i == 0 || counts[i])
			text_number_cell(line, 3 + i, counts[i]);
	line_to(line, COLUMN_CALL);
	if (name)
		line_string(line, name);
	else
		line_printf(line, "syscall_0x%" PRIx64, row->number);
	/* the same name may stand for another number of the i386 interface */
	line_printf(line, row->cause == CAUSE_INT ? " (int)" : "");
	line_end(line);
}

static bool is_call(const struct summary_row *row)
{
	return !row->total && !row->has_vector && (row->cause == CAUSE_SYSCALL || row->cause == CAUSE_INT);
}

static int by_time(const void *left, const void *right)
{
	const struct summary_row *a = *(const struct summary_row *const *)left;
	const struct summary_row *b = *(const struct summary_row *const *)right;

	if (a->ns != b->ns)
		return a->ns > b->ns ? -1 : 1;
	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return (a > b) - (a < b);
}

static void add(struct summary_row *total, const struct summary_row *row)
{
	total->count += row->count;
	total->errors += row->errors;
	total->finished += row->finished;
	total->ns += row->ns;
	total->exits += row->exits;
	total->faults += row->faults;
	total->interrupts += row->interrupts;
}

static void text_calls(struct text_line *line, const struct event_summary *summary)
{
	const struct summary_row **calls = malloc((summary->row_count + 1) * sizeof(const struct summary_row *));
	struct summary_row total = {.cause = CAUSE_SYSCALL};
	size_t count = 0;

	for (size_t i = 0; calls && i < summary->row_count; i++) {
		if (!is_call(&summary->rows[i]))
			continue;
		calls[count++] = &summary->rows[i];
		add(&total, &summary->rows[i]);
	}
	if (count > 0) {
		qsort(calls, count, sizeof(const struct summary_row *), by_time);
		line_color(line, COLOR_DIM);
		for (unsigned i = 0; i < CALL_COLUMNS; i++)
			text_cell(line, i, call_columns[i].title);
		line_printf(line, " syscall");
		line_color(line, COLOR_NONE);
		line_end(line);
		text_call_rule(line);
		for (size_t i = 0; i < count; i++)
			text_call_row(line, calls[i], total.ns, calls[i]->name);
		text_call_rule(line);
		text_call_row(line, &total, total.ns, "total");
		line_end(line);
	}
	free(calls);
}

/* System calls have a table of their own; of `int n`, only what is no system call is left. */
static bool is_other(const struct event_summary *summary, const struct summary_row *row)
{
	if (row->cause == CAUSE_SYSCALL || is_call(row))
		return false;
	if (row->cause != CAUSE_INT || !row->total)
		return true;
	for (size_t i = 0; i < summary->row_count; i++)
		if (summary->rows[i].cause == CAUSE_INT && summary->rows[i].has_vector)
			return true;
	return false;
}

static void text_exit_counts(struct text_line *line, const struct event_summary *summary)
{
	const char *separator = " (";

	if (summary->observed_unknown)
		line_printf(line, "VM exits: unknown how many to observe, %" PRIu64 " the guest's own",
			    summary->exits_guest);
	else
		line_printf(line, "VM exits: %" PRIu64 ": %" PRIu64 " to observe, %" PRIu64 " the guest's own",
			    summary->exits_total, summary->exits_observed, summary->exits_guest);
	for (unsigned reason = 0; reason < EXIT_REASONS; reason++) {
		if (!summary->exits_by_reason[reason])
			continue;
		line_printf(line, "%s%s %" PRIu64, separator, exit_reason_name((enum exit_reason)reason),
			    summary->exits_by_reason[reason]);
		separator = ", ";
	}
	line_printf(line, "%s", summary->exits_guest ? ")" : "");
	line_end(line);
}

static void text_observation(struct text_line *line, const struct event_observation *observation)
{
	const bool known = observation->each_ns != 0;
	struct text_unit unit;

	if (observation->method == NULL)
		return;
	line_printf(line, "Observation: method %s, ", observation->method);
	if (observation->count == 0) {
		line_printf(line, "nothing was observed");
	} else {
		line_printf(line, "%" PRIu64 " observations: ", observation->count);
		/* What a recorder takes happens in the guest: without its price nothing is known of it. */
		if (known || strcmp(observation->method, "ring") != 0)
			line_printf(line, "%s%s, %s%.1f %% of the time", known ? "" : "at least ",
				    unit_duration(&unit, observation->ns), known ? "about " : "",
				    (double)observation->share_ppm / 1e4);
		else
			line_printf(line, "%s of vmm's own time, and the recorder's in the guest",
				    unit_duration(&unit, observation->ns));
		if (known)
			line_printf(line, " (%" PRIu64 " ns each: %s)", observation->each_ns,
				    observation->source != NULL && strcmp(observation->source, "option") == 0
					    ? "--observation-cost"
					    : "vmm --calibrate");
		else
			line_printf(line, " (vmm's own part; vmm --calibrate measures all of it)");
	}
	line_end(line);
	if (observation->corrected) {
		line_printf(line, "The times above are without it: they are corrected, and not what was measured.");
		line_end(line);
	}
}

void text_summary(struct text_line *line, const struct event_summary *summary)
{
	struct text_unit unit;

	line_end(line);
	line_color(line, COLOR_BOLD);
	line_printf(line, "Summary");
	line_color(line, COLOR_NONE);
	line_printf(line, ": %" PRIu64 " transitions (%" PRIu64 " entries, %" PRIu64 " returns) in %s",
		    summary->transitions, summary->entries, summary->returns, unit_duration(&unit, summary->ns));
	line_end(line);
	text_calls(line, summary);
	line_color(line, COLOR_DIM);
	for (unsigned i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		line_right(line, ends[i], titles[i]);
	line_to(line, COLUMN_WHAT);
	line_printf(line, "CAUSE");
	line_color(line, COLOR_NONE);
	line_end(line);
	for (size_t i = 0; i < summary->row_count; i++)
		if (is_other(summary, &summary->rows[i]))
			text_summary_row(line, &summary->rows[i]);
	text_exit_counts(line, summary);
	text_observation(line, &summary->observation);
	line_color(line, COLOR_DIM);
	line_printf(line,
		    "Times and exits are from entry to return: a page fault inside a system call counts in both.");
	line_color(line, COLOR_NONE);
	line_end(line);
}
