/* SPDX-License-Identifier: MIT */
/*
 * progress.h: one line on standard error, if that is a terminal, while a run is long: time, events, bytes written.
 * Drawn over itself, and erased before anything else appears on the terminal.
 */
#ifndef VMM_REPORT_PROGRESS_H
#define VMM_REPORT_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stream.h"
#include "writer.h"

struct progress {
	const struct stream *stream;
	const struct writer *writer; /* NULL: nothing is written meanwhile */
	uint64_t next_ns;            /* not before this time */
	uint64_t now_ns;
	bool drawn;
	bool within_line; /* the guest has left the terminal's cursor within a line: nothing may be drawn over it */
	bool off;         /* for good: the guest uses the terminal for input */
};

void progress_init(struct progress *progress, const struct stream *stream, const struct writer *writer);

/* Draws it if it is time to; ns: since the start. From the thread that handles an exit. */
void progress_tick(struct progress *progress, uint64_t ns);

/* Before the guest writes these bytes to a descriptor of the VMM's, or (NULL) reads from it. */
void progress_touched(void *progress, int descriptor, const void *bytes, size_t count);

/* Erases it; after that, it comes no more. */
void progress_end(struct progress *progress);

#endif
