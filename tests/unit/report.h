/* SPDX-License-Identifier: MIT */
/*
 * report.h: runs the event stream into memory, for the tests of the renderers.
 */
#ifndef TESTS_UNIT_REPORT_H
#define TESTS_UNIT_REPORT_H

#include "report/stream.h"

struct report {
	int fd;
	struct writer *writer;
	struct stream *stream;
};

extern const struct render_options show_all; /* without colour */

void report_open(struct report *report, const char *format, const struct render_options *options);

/* Closes everything; returns what was written, NUL-terminated, to be freed. */
char *report_close(struct report *report);

/* One event alone, as the format shows it */
char *report_one(const char *format, struct event *event);

/* Events to start from. depth 0, rip 0x401010 in "main+0x10" */
struct event make_entry(enum cause cause, const char *name);
struct event make_syscall(uint64_t number, const char *name);
struct event make_return(enum cause cause, const struct event *entry, uint64_t ns_inside);

#endif
