/* SPDX-License-Identifier: MIT */
/* trace.c: what must be true of the lines of a trace together. */
#include "trace.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A path of any length leaves room for what is to be said about it. */
static void set_name(struct trace *trace, const char *path)
{
	size_t length = strlen(path), most = sizeof(trace->name) - 1;

	if (strcmp(path, "-") == 0)
		strcpy(trace->name, "standard input");
	else if (length <= most)
		strcpy(trace->name, path);
	else
		snprintf(trace->name, sizeof(trace->name), "...%s", path + length - (most - 3));
}

bool trace_open(struct trace *trace, int fd, const char *path, struct vmm_error *error)
{
	*trace = (struct trace){0};
	lines_open(&trace->lines, fd);
	set_name(trace, path);
	trace->open = calloc(TRACE_WINDOW / 8, 1);
	return trace->open != NULL ? true : error_set(error, "%s: no memory to read it", trace->name);
}

void trace_close(struct trace *trace)
{
	reader_close(&trace->reader);
	lines_close(&trace->lines);
	free(trace->open);
	trace->open = NULL;
}

static enum trace_result refuse(const struct trace *trace, struct vmm_error *error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static enum trace_result refuse(const struct trace *trace, struct vmm_error *error, const char *format, ...)
{
	char text[400];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	error_set(error, "%s:%llu: %s", trace->name, trace->lines.number, text);
	return TRACE_BAD;
}

/* Files that somebody might take for a trace, by how they begin */
static const struct {
	const char *magic;
	size_t length;
	const char *what;
} kinds[] = {
	{"\x1f\x8b", 2, "it is compressed; try: zcat FILE | vmm view -"},
	{"\x28\xb5\x2f\xfd", 4, "it is compressed; try: zstdcat FILE | vmm view -"},
	{"\xfd\x37zXZ", 5, "it is compressed; try: xzcat FILE | vmm view -"},
	{"\x7f\x45LF", 4, "it is an ELF file; a program is run by: vmm FILE"},
	{"vmm ", 4, "it is a report of the text format; a trace is recorded by: vmm --format json -o FILE"},
};

static const char *kind_of(const char *bytes, size_t length)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (length >= kinds[i].length && memcmp(bytes, kinds[i].magic, kinds[i].length) == 0)
			return kinds[i].what;
	return "it does not begin with a JSON object; a trace is recorded by: vmm --format json -o FILE";
}

/* What cannot be a trace is said before somebody looks for mistakes in it. */
static bool is_foreign(const struct trace *trace, const char *bytes, size_t length)
{
	return !trace->started && trace->lines.number == 1 && (length == 0 || bytes[0] != '{');
}

static bool test_bit(const struct trace *trace, uint64_t seq)
{
	return trace->open[seq % TRACE_WINDOW / 8] >> (seq % 8) & 1;
}

static void set_bit(struct trace *trace, uint64_t seq, bool value)
{
	unsigned char *byte = &trace->open[seq % TRACE_WINDOW / 8], bit = (unsigned char)(1 << (seq % 8));

	*byte = (unsigned char)(value ? *byte | bit : *byte & ~bit);
}

/* The entry that a return or an exit names must be one, and open. */
static bool is_open(const struct trace *trace, uint64_t entry)
{
	if (entry >= trace->seq)
		return false;
	return trace->seq - entry >= TRACE_WINDOW || test_bit(trace, entry);
}

static enum trace_result check_entries(struct trace *trace, const struct event *event, struct vmm_error *error)
{
	bool is_return = event->type == EVENT_TRANSITION && event->transition.is_return;
	bool named = is_return ? event->transition.has_entry : event->type == EVENT_EXIT && event->exit.has_entry;
	uint64_t entry = is_return ? event->transition.entry : event->exit.entry;

	set_bit(trace, event->seq, event->type == EVENT_TRANSITION && !is_return);
	if (!named)
		return TRACE_EVENT;
	if (!is_open(trace, entry))
		return refuse(trace, error, "%s: 'entry' is %" PRIu64 ", and no earlier line of that number is an %s",
			      is_return ? "transition" : "exit", entry, "entry that has not returned yet");
	if (is_return && trace->seq - entry < TRACE_WINDOW)
		set_bit(trace, entry, false);
	return TRACE_EVENT;
}

static enum trace_result check(struct trace *trace, const struct event *event, struct vmm_error *error)
{
	if (trace->started && event->type == EVENT_START)
		return refuse(trace, error, "a second line of type start; view one trace at a time");
	if (event->type == EVENT_START)
		trace->cpus = event->start.cpus;
	if (event->cpu >= trace->cpus)
		return refuse(trace, error, "'cpu' is %u, but the guest has %u (%s)", event->cpu, trace->cpus,
			      "'cpus' of the line start");
	trace->started = true;
	trace->ended = event->type == EVENT_END;
	return check_entries(trace, event, error);
}

static enum trace_result read_line(struct trace *trace, char *line, size_t length, struct event *event,
				   struct vmm_error *error)
{
	enum reader_result result;

	if (is_foreign(trace, line, length))
		return refuse(trace, error, "not a trace: %s", kind_of(line, length));
	if (trace->ended)
		return refuse(trace, error, "there is a line behind the line of type end");
	result = reader_read(&trace->reader, line, length, event);
	if (result == READER_BAD)
		return refuse(trace, error, "%s", trace->reader.problem);
	if (!trace->started && (result == READER_UNKNOWN || event->type != EVENT_START))
		return refuse(trace, error, "a trace begins with the line of type start, which is missing");
	if (event->seq != trace->seq)
		return refuse(trace, error, "'seq' is %" PRIu64 ", not %" PRIu64 ": lines are missing, or in disorder",
			      event->seq, trace->seq);
	if (result == READER_EVENT && check(trace, event, error) == TRACE_BAD)
		return TRACE_BAD;
	if (result == READER_UNKNOWN)
		set_bit(trace, trace->seq, false);
	trace->seq++;
	return result == READER_EVENT ? TRACE_EVENT : TRACE_UNKNOWN;
}

static enum trace_result end_of_file(const struct trace *trace, struct vmm_error *error)
{
	if (trace->ended)
		return TRACE_END;
	if (trace->lines.number == 0) {
		error_set(error, "%s:1: is empty; a trace is recorded by: vmm --format json -o FILE", trace->name);
		return TRACE_BAD;
	}
	refuse(trace, error, "the trace is cut off behind this line: there is no line of type end");
	return TRACE_CUT;
}

/* A whole line lacks its newline only when somebody has edited the file; otherwise the rest is missing. */
static enum trace_result read_unended(struct trace *trace, char *line, size_t length, struct event *event,
				      struct vmm_error *error)
{
	enum trace_result result;

	if (is_foreign(trace, line, length) || line[length - 1] == '}') {
		result = read_line(trace, line, length, event, error);
		if (result != TRACE_BAD || !trace->started || trace->reader.tree.depth == 0)
			return result;
	}
	refuse(trace, error, "the trace is cut off in this line, after %zu bytes of it", length);
	return trace->started ? TRACE_CUT : TRACE_BAD;
}

enum trace_result trace_next(struct trace *trace, struct event *event, struct vmm_error *error)
{
	char *line = NULL;
	size_t length = 0;

	switch (lines_next(&trace->lines, &line, &length)) {
	case LINES_LINE:
		return read_line(trace, line, length, event, error);
	case LINES_UNENDED:
		return read_unended(trace, line, length, event, error);
	case LINES_END:
		return end_of_file(trace, error);
	case LINES_NUL:
		return refuse(trace, error, "a NUL byte behind %zu bytes of the line: not a trace", length);
	case LINES_TOO_LONG:
		return refuse(trace, error, "the line has more than %zu MiB, which none of a trace has",
			      LINES_LONGEST >> 20);
	case LINES_FAILED:
		break;
	case LINES_NO_MEMORY:
		return refuse(trace, error, "no memory for the line, of which %zu bytes were read", trace->lines.end);
	}
	error_set(error, "%s: cannot read it: %s", trace->name, strerror(errno));
	return TRACE_BAD;
}
