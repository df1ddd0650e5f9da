/* SPDX-License-Identifier: MIT */
/*
 * report.c: the event stream, written into a file in memory.
 */
#include "report.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

const struct render_options show_all = {.events = true, .layout = true, .summary = true, .frame = true};

void report_open(struct report *report, const char *format, const struct render_options *options)
{
	const struct renderer *renderer = renderer_find(format);

	ck_assert_ptr_nonnull(renderer);
	report->fd = memfd_create("report", 0);
	ck_assert_int_ge(report->fd, 0);
	report->writer = writer_open(report->fd, false);
	ck_assert_ptr_nonnull(report->writer);
	report->stream = stream_open(renderer, report->writer, options);
	ck_assert_ptr_nonnull(report->stream);
}

char *report_close(struct report *report)
{
	unsigned long long length;
	char *text;

	stream_close(report->stream);
	ck_assert_int_eq(writer_flush(report->writer), 0);
	length = writer_bytes(report->writer);
	ck_assert_int_eq(writer_close(report->writer), 0);
	text = calloc(1, length + 1);
	ck_assert_ptr_nonnull(text);
	ck_assert_int_eq(pread(report->fd, text, length, 0), (ssize_t)length);
	close(report->fd);
	return text;
}

char *report_one(const char *format, struct event *event)
{
	struct report report;

	report_open(&report, format, &show_all);
	stream_emit(report.stream, event);
	return report_close(&report);
}

struct event make_entry(enum cause cause, const char *name)
{
	struct event event = {.type = EVENT_TRANSITION, .ns = 51200, .tsc = 133120, .pid = 1};

	event.transition = (struct event_transition){
		.from = 3,
		.to = 0,
		.cause = cause,
		.rip = 0x401010,
		.target = 0xffffffff80001000,
		.rsp = 0x7ffffffde000,
		.cr3 = 0x8000,
		.rflags = 0x246,
		.symbol = "main+0x10",
		.target_symbol = "entry",
		.name = name,
	};
	return event;
}

struct event make_syscall(uint64_t number, const char *name)
{
	struct event event = make_entry(CAUSE_SYSCALL, name);

	event.transition.has_number = true;
	event.transition.number = number;
	return event;
}

struct event make_return(enum cause cause, const struct event *entry, uint64_t ns_inside)
{
	struct event event = make_entry(cause, NULL);

	event.transition.from = 0;
	event.transition.to = entry->transition.from;
	event.transition.is_return = true;
	event.transition.depth = entry->transition.depth;
	event.transition.has_entry = true;
	event.transition.entry = entry->seq;
	event.transition.entry_cause = entry->transition.cause;
	event.transition.entry_name = entry->transition.name;
	event.transition.ns_inside = ns_inside;
	return event;
}
