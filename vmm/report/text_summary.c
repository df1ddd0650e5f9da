/* SPDX-License-Identifier: MIT */
/*
 * text_summary.c: the table of -c, in the manner of `strace -c`.
 */
#include <inttypes.h>
#include <stdio.h>

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

static void text_exit_counts(struct text_line *line, const struct event_summary *summary)
{
	const char *separator = " (";

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
	line_color(line, COLOR_DIM);
	for (unsigned i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		line_right(line, ends[i], titles[i]);
	line_to(line, COLUMN_WHAT);
	line_printf(line, "CAUSE");
	line_color(line, COLOR_NONE);
	line_end(line);
	for (size_t i = 0; i < summary->row_count; i++)
		text_summary_row(line, &summary->rows[i]);
	text_exit_counts(line, summary);
	line_color(line, COLOR_DIM);
	line_printf(line,
		    "Times and exits are from entry to return: a page fault inside a system call counts in both.");
	line_color(line, COLOR_NONE);
	line_end(line);
}
