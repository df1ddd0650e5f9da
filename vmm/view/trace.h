/* SPDX-License-Identifier: MIT */
/*
 * trace.h: a recorded trace, event by event. It begins with `start` and ends with `end`; lines are numbered without
 * gaps; a return and an exit name an entry that is open. Whatever else comes is refused, with the file and the line.
 */
#ifndef VMM_VIEW_TRACE_H
#define VMM_VIEW_TRACE_H

#include "lines.h"
#include "machine/error.h"
#include "reader.h"

/* How many lines back an entry is known to be one; what lies further back is only known to be earlier. */
#define TRACE_WINDOW ((uint64_t)8 << 20)

enum trace_result {
	TRACE_EVENT,
	TRACE_UNKNOWN, /* a line of a type that this version does not know: only its seq is known */
	TRACE_END,     /* the line `end` was the one before */
	TRACE_CUT,     /* the file ends before that, maybe in the middle of a line; the error says where */
	TRACE_BAD,     /* the file is not a trace from here on, or cannot be read; the error says why */
};

struct trace {
	char name[224]; /* for errors; the end of a long path */
	struct lines lines;
	struct reader reader;
	uint64_t seq;        /* of the next line */
	unsigned char *open; /* a bit for each of the last TRACE_WINDOW lines: an entry that has not returned */
	unsigned cpus;       /* of the line `start` */
	bool started, ended;
};

/* path: "-" is standard input, whatever `fd` is. fd is borrowed, until trace_close(). */
bool trace_open(struct trace *trace, int fd, const char *path, struct vmm_error *error);
void trace_close(struct trace *trace);

/* The next event, with what it points to valid until the next call (names: as long as the trace). */
enum trace_result trace_next(struct trace *trace, struct event *event, struct vmm_error *error);

#endif
