/* SPDX-License-Identifier: MIT */
/*
 * text.c: the frame of the text report, and which file prints what stands in it.
 */
#include "text.h"

#include <inttypes.h>
#include <string.h>

static void text_quirks(struct text_line *line, const struct event_start *start)
{
	line_printf(line, "KVM ");
	line_string(line, start->host);
	for (size_t i = 0; i < start->quirk_count; i++) {
		line_printf(line, i ? ", " : start->quirk_count == 1 ? ", quirk: " : ", quirks: ");
		line_string(line, start->quirks[i]);
	}
}

static void text_field(struct text_line *line, const char *title, const char *value)
{
	if (!value || !value[0])
		return;
	line_printf(line, "; %s ", title);
	line_string(line, value);
}

static void text_start(struct text_line *line, const struct event_start *start)
{
	struct text_unit unit;

	line_color(line, COLOR_BOLD);
	line_printf(line, "vmm ");
	line_string(line, start->version);
	line_printf(line, ": ");
	line_string(line, start->image);
	if (start->kernel) {
		line_printf(line, strcmp(start->kernel, "built-in") ? " on the kernel " : " on the ");
		line_string(line, start->kernel);
		line_printf(line, strcmp(start->kernel, "built-in") ? "" : " kernel");
	} else {
		line_printf(line, ", a complete guest");
	}
	line_color(line, COLOR_NONE);
	line_end(line);
	line_printf(line, "host: ");
	text_quirks(line, start);
	line_end(line);
	line_printf(line, "guest: %s, %u CPU%s", unit_bytes(&unit, start->memory), start->cpus,
		    start->cpus == 1 ? "" : "s");
	text_field(line, "protections", start->protections);
	line_end(line);
	line_printf(line, "method: ");
	line_string(line, start->method);
	text_field(line, "trace", start->trace);
	line_end(line);
	line_color(line, COLOR_DIM);
	line_printf(line, "3 > 0 enters the kernel, 3 < 0 returns, 0 > H is a VM exit; "
			  "INSIDE: from entry to return; EXITS: VM exits in it");
	line_color(line, COLOR_NONE);
	line_end(line);
}

/* System calls that the kernel says it lacks */
static void text_missing(struct text_line *line, const struct event_end *end)
{
	if (end->missing_count == 0)
		return;
	line_printf(line, "system calls that are not there (-ENOSYS):");
	for (size_t i = 0; i < end->missing_count; i++) {
		const struct event_missing_call *call = &end->missing[i];

		line_printf(line, i ? ", " : " ");
		if (call->name)
			line_string(line, call->name);
		else
			line_printf(line, "syscall_0x%" PRIx64, call->number);
		line_printf(line, " (%s%" PRId64 ")", call->i386 ? "i386 " : "", (int64_t)call->number);
		if (call->count > 1)
			line_printf(line, " x %" PRIu64, call->count);
		if (call->symbol[0]) {
			line_printf(line, call->count > 1 ? ", first at " : " at ");
			line_array(line, call->symbol);
		}
	}
	line_end(line);
}

static void text_expectations(struct text_line *line, const struct event_end *end)
{
	for (size_t i = 0; i < end->expectation_count; i++) {
		const struct event_expectation *expectation = &end->expectations[i];

		line_printf(line, "  expected: ");
		line_string(line, expectation->text);
		line_printf(line, ": ");
		line_color(line, expectation->met ? COLOR_GREEN : COLOR_RED);
		line_printf(line, expectation->met ? "met" : "NOT MET");
		line_color(line, COLOR_NONE);
		line_printf(line, " (%" PRIu64 ")", expectation->value);
		line_end(line);
	}
}

static void text_end(struct text_line *line, const struct event_end *end)
{
	bool complete = !strcmp(end->verdict, "complete");

	line_end(line);
	line_printf(line, "end: status %d, %s", end->status, end->reason);
	if (end->message[0]) {
		line_printf(line, ": ");
		line_array(line, end->message);
	}
	line_end(line);
	text_missing(line, end);
	line_printf(line, "verdict: ");
	line_color(line, complete ? COLOR_GREEN : COLOR_RED);
	line_string(line, end->verdict);
	line_color(line, COLOR_NONE);
	line_printf(line, ": %" PRIu64 " transitions (%" PRIu64 " entries, %" PRIu64 " returns), %" PRIu64 " lost",
		    end->transitions, end->entries, end->returns, end->lost);
	line_end(line);
	for (size_t i = 0; i < end->doubt_count; i++) {
		line_printf(line, "  doubt: ");
		line_string(line, end->doubts[i]);
		line_end(line);
	}
	text_expectations(line, end);
}

void text_event(struct writer *out, const struct event *event, const struct render_options *options, void *opaque)
{
	struct text_line line = {.out = out, .color = options->color};
	struct text_state *state = opaque;

	switch (event->type) {
	case EVENT_TRANSITION:
	case EVENT_EXIT:
	case EVENT_PROCESS:
	case EVENT_NOTE:
		text_row(&line, event, state);
		return;
	case EVENT_START:
		state->many_cpus = event->start.cpus > 1;
		state->observing = strcmp(event->start.method, "off") != 0;
		if (options->frame)
			text_start(&line, &event->start);
		break;
	case EVENT_ADDRESS_SPACE:
		text_layout(&line, &event->address_space, state);
		break;
	case EVENT_SUMMARY:
		text_summary(&line, &event->summary);
		break;
	case EVENT_END:
		/* A summary that is not complete must not look as if it were, so -q does not hide that. */
		if (options->frame ||
		    (options->summary && state->observing && strcmp(event->end.verdict, "complete") != 0))
			text_end(&line, &event->end);
		else if (options->summary)
			text_missing(&line, &event->end);
		break;
	}
	state->in_table = false;
}
