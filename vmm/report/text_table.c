/* SPDX-License-Identifier: MIT */
/*
 * text_table.c: the table of transitions:
 *
 *     TIME/us  PID  RING   EVENT                         INSIDE EXITS  AT
 *      51.200    1  3 > 0  syscall    write(1, 0x402000, 14)           main+0x10
 *      60.000    1  3 < 0  sysret     write = 14          8.8us     1  main+0x12
 *
 * Ring 3 stands left of ring 0, and ring 0 left of the host: `>` goes in, `<` comes back. Lines are indented by the
 * crossings that are open around them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "digits.h"
#include "names.h"
#include "text.h"

#define COLUMN_TIME_END   12
#define COLUMN_PID_END    17
#define COLUMN_RING       19
#define COLUMN_EVENT      26
#define CAUSE_WIDTH       11
#define COLUMN_INSIDE_END 90
#define COLUMN_EXITS_END  96
#define COLUMN_AT         98
#define INDENT            2
#define MAX_INDENT        16 /* crossings; deeper ones stay there */

static void text_titles(struct text_line *line, struct text_state *state)
{
	if (state->in_table)
		return;
	state->in_table = true;
	line_end(line);
	line_color(line, COLOR_BOLD);
	line_right(line, COLUMN_TIME_END, "TIME/us");
	line_right(line, COLUMN_PID_END, state->many_cpus ? "C:PID" : "PID");
	line_gap(line, COLUMN_RING);
	line_printf(line, "RING");
	line_to(line, COLUMN_EVENT);
	line_printf(line, "EVENT");
	line_right(line, COLUMN_INSIDE_END, "INSIDE");
	line_right(line, COLUMN_EXITS_END, "EXITS");
	line_to(line, COLUMN_AT);
	line_printf(line, "AT");
	line_color(line, COLOR_NONE);
	line_end(line);
}

/* Time and process, up to the column of the rings */
static void text_place(struct text_line *line, const struct event *event, uint32_t pid, const struct text_state *state)
{
	struct text_unit unit;
	char text[32];

	line_color(line, COLOR_DIM);
	line_right(line, COLUMN_TIME_END, unit_microseconds(&unit, event->ns));
	line_color(line, COLOR_NONE);
	if (!pid)
		strcpy(text, "-");
	else if (state->many_cpus)
		snprintf(text, sizeof(text), "%u:%" PRIu32, event->cpu, pid);
	else
		digits_decimal(text, pid);
	if (pid && event->tid && event->tid != pid) {
		size_t used = strlen(text);

		snprintf(text + used, sizeof(text) - used, "/%" PRIu32, event->tid);
	}
	line_right(line, COLUMN_PID_END, text);
	line_to(line, line->column < COLUMN_RING ? COLUMN_RING : line->column + 1);
}

static void text_ring(struct text_line *line, unsigned ring)
{
	line_color(line, ring == 3 ? COLOR_GREEN : COLOR_CYAN);
	line_decimal(line, ring);
	line_color(line, COLOR_NONE);
}

static void text_indent(struct text_line *line, unsigned depth)
{
	line_to(line, line->column < COLUMN_EVENT ? COLUMN_EVENT : line->column + 1);
	line_to(line, line->column + INDENT * (depth < MAX_INDENT ? depth : MAX_INDENT));
}

/* Pads the cause that has just been written, which began at `start`. */
static void text_cause_end(struct text_line *line, unsigned start)
{
	line_color(line, COLOR_NONE);
	if (line->column < start + CAUSE_WIDTH)
		line_to(line, start + CAUSE_WIDTH);
	else
		line_printf(line, " ");
}

/* The last column: the symbol, or the address where there is none */
static void text_at(struct text_line *line, const char *symbol, size_t size, uint64_t address)
{
	line_gap(line, COLUMN_AT);
	line_color(line, COLOR_DIM);
	if (symbol[0])
		line_text(line, symbol, size);
	else
		line_hex(line, address);
	line_color(line, COLOR_NONE);
}

/* "#PF(0x5)", "int 0x80": the manuals' way of writing it */
static void text_entry_cause(struct text_line *line, const struct event_transition *entry)
{
	unsigned start = line->column;

	if (entry->cause == CAUSE_EXCEPTION) {
		line_color(line, COLOR_RED);
		if (entry->name)
			line_string(line, entry->name);
		else
			line_printf(line, "vector %u", entry->vector);
		if (entry->has_error)
			line_printf(line, "(%#" PRIx32 ")", entry->error);
	} else if (entry->cause == CAUSE_INT && entry->has_vector) {
		line_printf(line, "int 0x%02x", entry->vector);
	} else {
		line_color(line,
			   entry->cause == CAUSE_INTERRUPT || entry->cause == CAUSE_NMI ? COLOR_MAGENTA : COLOR_NONE);
		line_printf(line, "%s", cause_name(entry->cause));
	}
	text_cause_end(line, start);
}

/* A quirk shapes every system call of some hosts: it is named where it shows first, and in the first lines. */
static void text_quirk(struct text_line *line, const char *quirk, struct text_state *state)
{
	if (!quirk)
		return;
	for (size_t i = 0; i < state->quirk_count; i++)
		if (!strcmp(state->quirks[i], quirk))
			return;
	if (state->quirk_count < TEXT_QUIRKS)
		state->quirks[state->quirk_count++] = quirk;
	line_printf(line, " [quirk of this host: ");
	line_string(line, quirk);
	line_printf(line, "]");
}

static void text_entry_detail(struct text_line *line, const struct event_transition *entry, struct text_state *state)
{
	if (entry->has_number) {
		text_call(line, entry);
	} else if (entry->cause == CAUSE_INTERRUPT) {
		const char *handler =
			entry->name ? entry->name : entry->target_symbol; /* it says best what it is for */

		line_printf(line, "vector 0x%02x%s", entry->vector, handler[0] ? ", " : "");
		line_string(line, handler);
	} else if (entry->cause == CAUSE_INT && entry->name) {
		line_string(line, entry->name);
	}
	if (entry->has_cr2) {
		char address[24];

		snprintf(address, sizeof(address), "0x%" PRIx64, entry->cr2);
		if (!strstr(entry->why, address))
			line_printf(line, "%s%s", address, entry->why[0] ? ": " : "");
	}
	line_array(line, entry->why);
	text_quirk(line, entry->quirk, state);
}

/* A signal handler begins; siginfo says the signal's name first. */
static void text_handler(struct text_line *line, const struct event_transition *back)
{
	const char *name = signal_name(back->signal);

	if (!back->handler)
		return;
	line_color(line, COLOR_YELLOW);
	line_printf(line, "; handler");
	if (name)
		line_printf(line, " of %s", name);
	else if (back->signal)
		line_printf(line, " of signal %u", back->signal);
	if (back->siginfo[0])
		line_printf(line, " ");
	line_array(line, back->siginfo);
	line_color(line, COLOR_NONE);
}

static void text_return_detail(struct text_line *line, const struct event_transition *back)
{
	const char *name = back->entry_name;

	if (!back->has_entry) {
		line_printf(line, back->to == 3 ? "into ring 3" : "back into ring 0");
		if (back->first) {
			line_printf(line, " for the first time, rax = ");
			text_value(line, back->rax);
		}
	} else if (back->has_result) {
		line_string(line, name ? name : cause_name(back->entry_cause));
	} else {
		line_printf(line, "from ");
		line_string(line, name ? name : cause_name(back->entry_cause));
	}
	if (back->has_result)
		text_call_result(line, back);
	text_handler(line, back);
}

static void text_inside(struct text_line *line, const struct event_transition *back)
{
	struct text_unit unit;
	char exits[24];

	if (!back->has_entry)
		return;
	line_right(line, COLUMN_INSIDE_END, unit_duration(&unit, back->ns_inside));
	digits_decimal(exits, back->exits_inside);
	line_right(line, COLUMN_EXITS_END, exits);
}

static void text_transition(struct text_line *line, const struct event *event, struct text_state *state)
{
	const struct event_transition *transition = &event->transition;
	unsigned start;

	text_place(line, event, event->pid, state);
	text_ring(line, transition->is_return ? transition->to : transition->from);
	line_printf(line, transition->is_return ? " < " : " > ");
	text_ring(line, transition->is_return ? transition->from : transition->to);
	text_indent(line, transition->depth);
	start = line->column;
	if (transition->is_return) {
		line_printf(line, "%s", cause_name(transition->cause));
		text_cause_end(line, start);
		text_return_detail(line, transition);
		text_inside(line, transition);
	} else {
		text_entry_cause(line, transition);
		text_entry_detail(line, transition, state);
	}
	/* `syscall` and `int n` have saved the address behind themselves; the symbol is of the instruction */
	text_at(line, transition->symbol, sizeof(transition->symbol),
		!transition->is_return && (transition->cause == CAUSE_SYSCALL || transition->cause == CAUSE_INT)
			? transition->rip - 2
			: transition->rip);
	line_end(line);
}

static void text_access(struct text_line *line, const struct event_exit *exit)
{
	if (exit->reason == EXIT_IO)
		line_printf(line, "%s 0x%" PRIx64, exit->write ? "out" : "in", exit->address);
	else
		line_printf(line, "%s 0x%" PRIx64, exit->write ? "write" : "read", exit->address);
	line_printf(line, ", %u byte%s", exit->size, exit->size == 1 ? "" : "s");
	if (exit->count > 1)
		line_printf(line, " x %u", exit->count);
	if (exit->device) {
		line_printf(line, ", ");
		line_string(line, exit->device);
	} else {
		line_color(line, COLOR_YELLOW);
		line_printf(line, ", nobody answers");
		line_color(line, COLOR_NONE);
	}
}

static void text_exit(struct text_line *line, const struct event *event, const struct text_state *state)
{
	const struct event_exit *exit = &event->exit;
	unsigned start;

	text_place(line, event, event->pid, state);
	text_ring(line, exit->from);
	line_printf(line, " > ");
	line_color(line, COLOR_MAGENTA);
	line_printf(line, "H");
	line_color(line, COLOR_NONE);
	text_indent(line, exit->depth);
	start = line->column;
	line_printf(line, "exit %s", exit_reason_name(exit->reason));
	text_cause_end(line, start);
	if (exit->call) {
		line_string(line, exit->call);
		text_arguments(line, exit->args, 3);
		text_result(line, exit->result);
	} else if (exit->reason == EXIT_IO || exit->reason == EXIT_MMIO) {
		text_access(line, exit);
	}
	if (exit->detail[0]) {
		line_printf(line, exit->call || exit->reason == EXIT_IO || exit->reason == EXIT_MMIO ? ": " : "");
		line_array(line, exit->detail);
	}
	text_at(line, exit->symbol, sizeof(exit->symbol), exit->rip);
	line_end(line);
}

/* `status` as wait4 gives it: signal(7) and wait(2) */
static void text_status(struct text_line *line, uint32_t status)
{
	const char *signal = signal_name(status & 0x7f);

	if (!(status & 0x7f))
		line_printf(line, "exited with %" PRIu32, status >> 8 & 0xff);
	else if (signal)
		line_printf(line, "killed by %s", signal);
	else
		line_printf(line, "killed by signal %" PRIu32, status & 0x7f);
}

static void text_process(struct text_line *line, const struct event *event, const struct text_state *state)
{
	const struct event_process *process = &event->process;

	text_place(line, event, process->pid, state);
	line_to(line, COLUMN_EVENT);
	line_color(line, COLOR_YELLOW);
	line_printf(line, "+++ ");
	switch (process->event) {
	case PROCESS_START:
		line_printf(line, "process %" PRIu32 " starts", process->pid);
		if (process->parent)
			line_printf(line, ", child of %" PRIu32, process->parent);
		break;
	case PROCESS_EXEC:
		line_printf(line, "process %" PRIu32 " runs a new program", process->pid);
		break;
	case PROCESS_EXIT:
		text_status(line, process->status);
		break;
	case PROCESS_REAPED:
		line_printf(line, "reaped by %" PRIu32, process->parent);
		break;
	case PROCESS_THREAD_START:
		line_printf(line, "thread %" PRIu32 " of process %" PRIu32 " starts", event->tid, process->pid);
		break;
	case PROCESS_THREAD_EXIT:
		line_printf(line, "thread %" PRIu32 " ends", event->tid);
		break;
	}
	if (process->name[0] && process->event < PROCESS_REAPED) {
		line_printf(line, process->event == PROCESS_EXIT ? " (" : ": ");
		line_array(line, process->name);
		line_printf(line, process->event == PROCESS_EXIT ? ")" : "");
	}
	line_printf(line, " +++");
	line_color(line, COLOR_NONE);
	line_end(line);
}

static void text_note(struct text_line *line, const struct event *event, const struct text_state *state)
{
	text_place(line, event, event->pid, state);
	line_to(line, COLUMN_EVENT);
	line_color(line, COLOR_YELLOW);
	line_printf(line, "note: ");
	line_array(line, event->note);
	line_color(line, COLOR_NONE);
	line_end(line);
}

void text_row(struct text_line *line, const struct event *event, struct text_state *state)
{
	text_titles(line, state);
	if (event->type == EVENT_TRANSITION)
		text_transition(line, event, state);
	else if (event->type == EVENT_EXIT)
		text_exit(line, event, state);
	else if (event->type == EVENT_PROCESS)
		text_process(line, event, state);
	else
		text_note(line, event, state);
}
