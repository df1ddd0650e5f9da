/* SPDX-License-Identifier: MIT */
/* diff_json.c: one object a line: type diff, then value, count, order and region, at last verdict. */
#include <string.h>

#include "diff_show.h"

#define DIFF_VERSION 1

#define put_unsigned(line, name, value) (json_key(line, name), json_unsigned(line, value))
#define put_hex(line, name, value)      (json_key(line, name), json_hex(line, value))
#define put_bool(line, name, value)     (json_key(line, name), json_bool(line, value))
#define put_string(line, name, value)   (json_key(line, name), json_string(line, value))

static const char *const sections[] = {
	[DIFF_START] = "start",         [DIFF_COUNTS] = "counts", [DIFF_EXITS] = "exits", [DIFF_ORDER] = "order",
	[DIFF_PROCESSES] = "processes", [DIFF_LAYOUT] = "layout", [DIFF_END] = "end",
};

static struct json_line *begin(struct diff_show *show, const char *type)
{
	struct json_line *line = &show->line;

	if (!show->begun) {
		show->begun = true;
		json_begin(line, show->out);
		put_string(line, "type", "diff");
		put_unsigned(line, "version", DIFF_VERSION);
		put_string(line, "a", show->names[0]);
		put_string(line, "b", show->names[1]);
		json_end(line);
	}
	json_begin(line, show->out);
	put_string(line, "type", type);
	return line;
}

static void put_value(struct json_line *line, const struct diff_value *value)
{
	if (value->is_number)
		json_unsigned(line, value->number);
	else
		json_string(line, value->text);
}

static void on_value(void *state, enum diff_section section, const char *what, const struct diff_value *a,
		     const struct diff_value *b, bool decides)
{
	struct json_line *line = begin(state, "value");

	put_string(line, "section", sections[section]);
	put_string(line, "what", what);
	put_bool(line, "differs", decides);
	if (a->there) {
		json_key(line, "a");
		put_value(line, a);
	}
	if (b->there) {
		json_key(line, "b");
		put_value(line, b);
	}
	json_end(line);
}

static void put_row(struct json_line *line, const struct summary_row *row)
{
	json_open(line, '{');
	put_unsigned(line, "count", row->count);
	put_unsigned(line, "errors", row->errors);
	put_unsigned(line, "finished", row->finished);
	put_unsigned(line, "ns", row->ns);
	put_unsigned(line, "ns_min", row->ns_min);
	put_unsigned(line, "ns_max", row->ns_max);
	put_unsigned(line, "exits", row->exits);
	json_close(line, '}');
}

/* Absent on a side that has none */
static void put_side_row(struct json_line *line, unsigned side, const struct summary_row *row)
{
	if (row == NULL)
		return;
	json_name(line, side ? "b" : "a");
	put_row(line, row);
}

static void on_row(void *state, const struct summary_row *a, const struct summary_row *b, bool differs)
{
	struct json_line *line = begin(state, "count");
	const struct summary_row *row = a != NULL ? a : b;

	put_string(line, "cause", cause_name(row->cause));
	put_bool(line, "total", row->total);
	if (!row->total && row->has_vector)
		put_unsigned(line, "vector", row->number);
	else if (!row->total)
		put_unsigned(line, "number", row->number);
	if (row->name != NULL)
		put_string(line, "name", row->name);
	put_bool(line, "differs", differs);
	put_side_row(line, 0, a);
	put_side_row(line, 1, b);
	json_end(line);
}

static void put_steps(struct json_line *line, const struct order_thread *thread, unsigned side)
{
	json_open(line, '[');
	for (unsigned i = 0; i < thread->after_count[side]; i++) {
		json_open(line, '{');
		put_unsigned(line, "line", thread->after[side][i].line);
		put_string(line, "text", thread->after[side][i].text);
		json_close(line, '}');
	}
	json_close(line, ']');
}

static void put_person(struct json_line *line, const struct person *person)
{
	json_open(line, '{');
	put_unsigned(line, "pid", person->pid);
	json_key(line, "name");
	json_text(line, person->name, sizeof(person->name));
	json_close(line, '}');
}

static void on_thread(void *state, const struct order_thread *thread, const struct person *a, const struct person *b)
{
	struct json_line *line = begin(state, "order");

	put_unsigned(line, "process", thread->process);
	put_unsigned(line, "thread", thread->thread);
	put_unsigned(line, "same", thread->same);
	put_bool(line, "somewhere", thread->somewhere);
	if (a != NULL) {
		json_key(line, "process_a");
		put_person(line, a);
	}
	if (b != NULL) {
		json_key(line, "process_b");
		put_person(line, b);
	}
	json_key(line, "a");
	put_steps(line, thread, 0);
	json_key(line, "b");
	put_steps(line, thread, 1);
	json_end(line);
}

static void put_rights(struct json_line *line, bool readable, bool writable, bool executable)
{
	const char rights[] = {readable ? 'r' : '-', writable ? 'w' : '-', executable ? 'x' : '-', '\0'};

	json_string(line, rights);
}

static void put_region(struct json_line *line, const struct event_region *region)
{
	json_open(line, '{');
	put_hex(line, "start", region->start);
	json_key(line, "end");
	if (region->end)
		json_hex(line, region->end);
	else
		json_string(line, "0x10000000000000000");
	put_unsigned(line, "ring", region->ring);
	json_key(line, "rights");
	put_rights(line, region->readable, region->writable, region->executable);
	json_key(line, "kernel_rights");
	put_rights(line, region->kernel_readable, region->kernel_writable, region->kernel_executable);
	put_bool(line, "guard", region->guard);
	put_unsigned(line, "page", region->page);
	put_unsigned(line, "shared_frames", region->shared_frames);
	put_unsigned(line, "shared_with", region->shared_with_count);
	put_unsigned(line, "cow_pages", region->cow_pages);
	json_key(line, "name");
	json_text(line, region->name, sizeof(region->name));
	json_close(line, '}');
}

static void on_region(void *state, const struct diff_region *region)
{
	static const char *const changes[] = {
		[DIFF_ONLY_A] = "only-a", [DIFF_ONLY_B] = "only-b", [DIFF_CHANGED] = "changed"};
	struct json_line *line = begin(state, "region");

	put_unsigned(line, "process", region->space->process);
	put_string(line, "when", region->space->when == PROFILE_AT_START ? "start" : "end");
	put_string(line, "change", changes[region->change]);
	if (region->a != NULL) {
		json_key(line, "a");
		put_region(line, region->a);
	}
	if (region->b != NULL) {
		json_key(line, "b");
		put_region(line, region->b);
	}
	json_end(line);
}

static void on_verdict(void *state, const unsigned differences[DIFF_SECTIONS], uint64_t steps)
{
	struct json_line *line = begin(state, "verdict");
	unsigned sum = 0;

	for (unsigned i = 0; i < DIFF_SECTIONS; i++)
		sum += differences[i];
	put_bool(line, "same", sum == 0);
	put_unsigned(line, "same_steps", steps);
	json_key(line, "differences");
	json_open(line, '{');
	for (unsigned i = 0; i < DIFF_SECTIONS; i++) {
		json_name(line, sections[i]);
		json_unsigned(line, differences[i]);
	}
	json_close(line, '}');
	json_end(line);
}

const struct diff_sink diff_json = {
	.value = on_value, .row = on_row, .thread = on_thread, .region = on_region, .verdict = on_verdict};
