/* SPDX-License-Identifier: MIT */
/*
 * reader.h: one line of a recorded trace, as the event that it was. The opposite of report/json.c: what that writes,
 * this reads, and both give the same bytes again. Nothing in the line is trusted: what renderers rely on
 * (report/event.h) is checked here.
 */
#ifndef VMM_VIEW_READER_H
#define VMM_VIEW_READER_H

#include "fields.h"
#include "names.h"
#include "report/event.h"
#include "tree.h"

#define READER_VERSION 1  /* of the format */
#define READER_QUIRKS  64 /* of a host; vmm knows four */

/* Owns what the last event points to. All zero: empty. */
struct reader {
	struct tree tree;
	struct names names; /* as long as the reader */
	struct event_call call;
	struct event_region *regions;
	struct summary_row *rows;
	struct event_missing_call *missing;
	struct event_expectation *expectations;
	const char **doubts;
	const char *quirks[READER_QUIRKS];
	uint32_t *pids;
	size_t region_room, row_room, missing_room, expectation_room, doubt_room, pid_room;
	size_t pid_count; /* used by the regions so far */
	char problem[320];
};

enum reader_result {
	READER_EVENT,
	READER_UNKNOWN, /* a type that this version does not know: only type, seq and ns are filled in */
	READER_BAD,     /* reader->problem says why */
};

/* Reads a line, which it changes. What the event points to is valid until the next call, but names are (names.h) until
   reader_close(). */
enum reader_result reader_read(struct reader *reader, char *line, size_t length, struct event *event);

void reader_close(struct reader *reader);

#endif
