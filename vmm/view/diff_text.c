/* SPDX-License-Identifier: MIT */
/*
 * diff_text.c: what differs, in sections, with the numbers of both sides in two columns. A `*` in front marks what
 * makes the runs differ; the rest is there to be seen.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "diff_show.h"
#include "report/text_line.h"

#define COLUMN_A 30
#define COLUMN_B 58

static const char *const sections[] = {
	[DIFF_START] = "start",
	[DIFF_COUNTS] = "counts and costs",
	[DIFF_EXITS] = "VM exits",
	[DIFF_ORDER] = "order, thread by thread",
	[DIFF_PROCESSES] = "processes",
	[DIFF_LAYOUT] = "layout",
	[DIFF_END] = "end",
};

static void begin(struct diff_show *show, struct text_line *line)
{
	*line = (struct text_line){.out = show->out, .color = show->color};
	if (show->begun)
		return;
	show->begun = true;
	for (unsigned side = 0; side < 2; side++) {
		line_printf(line, side ? "B: " : "A: ");
		line_string(line, show->names[side]);
		line_end(line);
	}
}

static void mark(struct text_line *line, bool decides)
{
	if (decides)
		line_color(line, COLOR_RED);
	line_printf(line, decides ? "* " : "  ");
	if (decides)
		line_color(line, COLOR_NONE);
}

static void value_titles(struct text_line *line)
{
	line_to(line, COLUMN_A);
	line_printf(line, "A");
	line_to(line, COLUMN_B);
	line_printf(line, "B");
}

/* Titles in the order of the columns; each ends at its column */
static const struct {
	const char *title;
	unsigned end;
} columns[] = {
	{"COUNT A", 10}, {"COUNT B", 20},  {"B-A", 30},      {"MEAN/us A", 42}, {"MEAN/us B", 54},
	{"B/A", 62},     {"MIN/us A", 73}, {"MIN/us B", 84}, {"EXITS A", 94},   {"EXITS B", 104},
};
#define COLUMN_CAUSE 106

static void row_titles(struct text_line *line)
{
	for (unsigned i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		line_right(line, columns[i].end, columns[i].title);
	line_to(line, COLUMN_CAUSE);
	line_printf(line, "CAUSE");
}

static void heading(struct diff_show *show, struct text_line *line, enum diff_section section)
{
	begin(show, line);
	if (show->section == section + 1u)
		return;
	show->section = section + 1u;
	line_end(line);
	line_color(line, COLOR_BOLD);
	line_printf(line, "%s", sections[section]);
	line_color(line, COLOR_NONE);
	line_color(line, COLOR_DIM);
	if (section == DIFF_COUNTS) {
		line_end(line);
		row_titles(line);
	} else if (section != DIFF_ORDER) {
		value_titles(line);
	}
	line_color(line, COLOR_NONE);
	line_end(line);
}

static void put_value(struct text_line *line, const struct diff_value *value)
{
	if (!value->there)
		line_printf(line, "-");
	else if (value->is_number)
		line_printf(line, "%" PRIu64, value->number);
	else if (value->text[0] == '\0')
		line_printf(line, "\"\"");
	else
		line_string(line, value->text);
}

static void on_value(void *state, enum diff_section section, const char *what, const struct diff_value *a,
		     const struct diff_value *b, bool decides)
{
	struct text_line line;

	heading(state, &line, section);
	mark(&line, decides);
	line_printf(&line, "%s", what);
	line_gap(&line, COLUMN_A);
	put_value(&line, a);
	line_gap(&line, COLUMN_B);
	put_value(&line, b);
	line_end(&line);
}

static void put_count(struct text_line *line, unsigned column, const struct summary_row *row)
{
	char text[24] = "-";

	if (row != NULL)
		snprintf(text, sizeof(text), "%" PRIu64, row->count);
	line_right(line, columns[column].end, text);
}

static void put_time(struct text_line *line, unsigned column, const struct summary_row *row, uint64_t ns)
{
	struct text_unit unit;

	line_right(line, columns[column].end, row != NULL && row->finished ? unit_microseconds(&unit, ns) : "-");
}

static void put_exits(struct text_line *line, unsigned column, const struct summary_row *row)
{
	char text[24] = "-";

	if (row != NULL && row->finished)
		snprintf(text, sizeof(text), "%" PRIu64, row->exits);
	line_right(line, columns[column].end, text);
}

static uint64_t mean(const struct summary_row *row)
{
	return row != NULL && row->finished ? row->ns / row->finished : 0;
}

static void put_difference(struct text_line *line, unsigned column, const struct summary_row *a,
			   const struct summary_row *b)
{
	uint64_t left = a != NULL ? a->count : 0, right = b != NULL ? b->count : 0;
	char text[24] = "=";

	if (left != right)
		snprintf(text, sizeof(text), "%c%" PRIu64, right > left ? '+' : '-',
			 right > left ? right - left : left - right);
	line_right(line, columns[column].end, text);
}

static void put_ratio(struct text_line *line, unsigned column, uint64_t a, uint64_t b)
{
	char text[32] = "-";

	if (a && b)
		snprintf(text, sizeof(text), "%.2f", (double)b / (double)a);
	line_right(line, columns[column].end, text);
}

static void put_name(struct text_line *line, const struct summary_row *row)
{
	line_gap(line, COLUMN_CAUSE);
	line_color(line, row->total ? COLOR_BOLD : COLOR_NONE);
	line_printf(line, "%s", row->total ? cause_name(row->cause) : "  ");
	line_color(line, COLOR_NONE);
	if (row->total)
		return;
	if (row->name != NULL)
		line_string(line, row->name);
	else
		line_printf(line, row->has_vector ? "vector 0x%02" PRIx64 : "syscall_0x%" PRIx64, row->number);
}

static void on_row(void *state, const struct summary_row *a, const struct summary_row *b, bool differs)
{
	const struct summary_row *row = a != NULL ? a : b;
	struct text_line line;

	heading(state, &line, DIFF_COUNTS);
	if (differs)
		line_color(&line, COLOR_RED);
	line_printf(&line, differs ? "*" : " ");
	put_count(&line, 0, a);
	put_count(&line, 1, b);
	put_difference(&line, 2, a, b);
	if (differs)
		line_color(&line, COLOR_NONE);
	put_time(&line, 3, a, mean(a));
	put_time(&line, 4, b, mean(b));
	put_ratio(&line, 5, mean(a), mean(b));
	put_time(&line, 6, a, a != NULL ? a->ns_min : 0);
	put_time(&line, 7, b, b != NULL ? b->ns_min : 0);
	put_exits(&line, 8, a);
	put_exits(&line, 9, b);
	put_name(&line, row);
	if (a != NULL && b != NULL && a->errors != b->errors)
		line_printf(&line, ", errors %" PRIu64 " and %" PRIu64, a->errors, b->errors);
	line_end(&line);
}

static void put_step(struct text_line *line, char sign, const struct order_step *step)
{
	line_color(line, sign == 'A' ? COLOR_RED : sign == 'B' ? COLOR_GREEN : COLOR_DIM);
	line_printf(line, "    %c", sign);
	line_printf(line, " line %" PRIu64, step->line);
	line_gap(line, 18);
	line_array(line, step->text);
	line_color(line, COLOR_NONE);
	line_end(line);
}

static void put_side(struct text_line *line, const struct order_thread *thread, unsigned side)
{
	for (unsigned i = 0; i < thread->after_count[side]; i++)
		put_step(line, side ? 'B' : 'A', &thread->after[side][i]);
	if (thread->after_count[side] > 0 || thread->somewhere)
		return;
	line_printf(line, "    %c ends here", side ? 'B' : 'A');
	line_end(line);
}

static void on_thread(void *state, const struct order_thread *thread, const struct person *a, const struct person *b)
{
	const struct person *person = a != NULL ? a : b;
	uint64_t first = thread->same > ORDER_CONTEXT ? thread->same - ORDER_CONTEXT : 0;
	struct text_line line;

	heading(state, &line, DIFF_ORDER);
	mark(&line, true);
	line_printf(&line, "process %u", thread->process);
	if (person != NULL && person->name[0] != '\0') {
		line_printf(&line, " (");
		line_array(&line, person->name);
		line_printf(&line, ")");
	}
	if (thread->thread > 1)
		line_printf(&line, ", thread %u", thread->thread);
	line_printf(&line, ": the first %" PRIu64 " steps are the same", thread->same);
	line_printf(&line, thread->somewhere ? "; the rest is not, but is too far apart to say where" : ", then");
	line_end(&line);
	for (uint64_t i = first; i < thread->same && !thread->somewhere; i++)
		put_step(&line, '=', &thread->before[i % ORDER_CONTEXT]);
	put_side(&line, thread, 0);
	put_side(&line, thread, 1);
}

static void put_rights(struct text_line *line, bool readable, bool writable, bool executable)
{
	line_printf(line, "%c%c%c ", readable ? 'r' : '-', writable ? 'w' : '-', executable ? 'x' : '-');
}

static void put_region(struct text_line *line, char sign, const struct event_region *region)
{
	struct text_unit unit;

	if (region == NULL)
		return;
	line_color(line, sign == 'A' ? COLOR_RED : COLOR_GREEN);
	line_printf(line, "    %c %016" PRIx64 "-", sign, region->start);
	line_printf(line, region->end ? "%016" PRIx64 : "2^64", region->end);
	line_right(line, 53, unit_bytes(&unit, region->end - region->start));
	line_to(line, 55);
	put_rights(line, region->ring == 3 && region->readable, region->ring == 3 && region->writable,
		   region->ring == 3 && region->executable);
	if (region->ring == 3)
		put_rights(line, region->kernel_readable, region->kernel_writable, region->kernel_executable);
	else
		put_rights(line, region->readable, region->writable, region->executable);
	line_right(line, 72, region->guard ? "-" : unit_bytes(&unit, region->page));
	line_to(line, 74);
	line_array(line, region->name);
	if (region->shared_frames)
		line_printf(line, "; %" PRIu64 " shared with %zu", region->shared_frames, region->shared_with_count);
	if (region->cow_pages)
		line_printf(line, "; %" PRIu64 " copy-on-write", region->cow_pages);
	line_color(line, COLOR_NONE);
	line_end(line);
}

static void on_region(void *state, const struct diff_region *region)
{
	static const char *const words[] = {
		[DIFF_ONLY_A] = "only in A", [DIFF_ONLY_B] = "only in B", [DIFF_CHANGED] = "not the same"};
	struct text_line line;

	heading(state, &line, DIFF_LAYOUT);
	mark(&line, true);
	line_printf(&line, "process %u at the %s, %s:", region->space->process,
		    region->space->when == PROFILE_AT_START ? "start" : "end", words[region->change]);
	line_end(&line);
	put_region(&line, 'A', region->a);
	put_region(&line, 'B', region->b);
}

static void on_verdict(void *state, const unsigned differences[DIFF_SECTIONS], uint64_t steps)
{
	static const char *const names[][2] = {
		[DIFF_START] = {"option", "options"},        [DIFF_COUNTS] = {"count", "counts"},
		[DIFF_EXITS] = {"VM exit", "VM exits"},      [DIFF_ORDER] = {"thread", "threads"},
		[DIFF_PROCESSES] = {"process", "processes"}, [DIFF_LAYOUT] = {"region", "regions"},
		[DIFF_END] = {"ending", "endings"},
	};
	const char *separator = ": ";
	struct text_line line;
	unsigned sum = 0;

	begin(state, &line);
	for (unsigned i = 0; i < DIFF_SECTIONS; i++)
		sum += differences[i];
	line_end(&line);
	line_printf(&line, "verdict: ");
	line_color(&line, sum ? COLOR_RED : COLOR_GREEN);
	line_printf(&line, sum ? "the runs differ" : "the runs are the same but for times");
	line_color(&line, COLOR_NONE);
	for (unsigned i = 0; i < DIFF_SECTIONS; i++) {
		if (!differences[i])
			continue;
		line_printf(&line, "%s%u %s", separator, differences[i], names[i][differences[i] > 1]);
		separator = ", ";
	}
	line_printf(&line, "; %" PRIu64 " steps are the same in order", steps);
	line_end(&line);
}

const struct diff_sink diff_text = {
	.value = on_value, .row = on_row, .thread = on_thread, .region = on_region, .verdict = on_verdict};
