/* SPDX-License-Identifier: MIT */
/*
 * text_call.c: calls, their arguments and results, in the table of transitions: as strace prints them where they were
 * decoded, else as plain values.
 */
#include <inttypes.h>

#include "names.h"
#include "text.h"

/* Small numbers as people write them (descriptors, sizes, -1); everything else in hexadecimal */
void text_value(struct text_line *line, uint64_t value)
{
	if (value < 0x10000 || value > UINT64_MAX - 4096)
		line_printf(line, "%" PRId64, (int64_t)value);
	else
		line_printf(line, "0x%" PRIx64, value);
}

void text_arguments(struct text_line *line, const uint64_t *args, unsigned count)
{
	line_printf(line, "(");
	for (unsigned i = 0; i < count; i++) {
		line_printf(line, i ? ", " : "");
		text_value(line, args[i]);
	}
	line_printf(line, ")");
}

static bool is_error(int64_t result)
{
	return result < 0 && result >= -4095;
}

void text_result(struct text_line *line, int64_t result)
{
	const char *name = errno_name(result);

	line_printf(line, " = ");
	if (is_error(result))
		line_color(line, COLOR_RED);
	text_value(line, (uint64_t)result);
	if (name)
		line_printf(line, " %s (%s)", name, errno_text(result));
	line_color(line, COLOR_NONE);
}

static void text_decoded(struct text_line *line, const struct event_call *call)
{
	line_printf(line, "(");
	for (unsigned i = 0; i < call->count; i++) {
		line_printf(line, i ? ", " : "");
		line_string(line, call->args[i]);
	}
	line_printf(line, ")");
	if (call->result[0]) { /* it does not return: "?" */
		line_printf(line, " = ");
		line_string(line, call->result);
	}
}

void text_call(struct text_line *line, const struct event_transition *entry)
{
	if (entry->name)
		line_string(line, entry->name);
	else
		line_printf(line, "syscall_0x%" PRIx64, entry->number);
	if (entry->call)
		text_decoded(line, entry->call);
	else
		text_arguments(line, entry->args, entry->arg_count <= 6 ? entry->arg_count : 6);
}

/* The result, and of the arguments only what was not known at the entry. */
void text_call_result(struct text_line *line, const struct event_transition *back)
{
	const struct event_call *call = back->call;

	if (!call) {
		text_result(line, back->result);
		return;
	}
	line_printf(line, " = ");
	if (is_error(back->result))
		line_color(line, COLOR_RED);
	line_string(line, call->result);
	line_color(line, COLOR_NONE);
	for (unsigned i = 0; i < call->count; i++) {
		if (!call->output[i])
			continue;
		line_printf(line, ", ");
		line_string(line, call->output[i]);
	}
}
