/* SPDX-License-Identifier: MIT */
/*
 * replay.h: a recorded trace through the event stream, as if the run happened again: into any renderer, with the
 * options of a run. What it counts on the way is held against what the trace says of itself.
 */
#ifndef VMM_VIEW_REPLAY_H
#define VMM_VIEW_REPLAY_H

#include "report/stream.h"
#include "trace.h"

#define REPLAY_START  1u /* bits of `layout`: which address spaces are shown */
#define REPLAY_SWITCH 2u
#define REPLAY_END    4u
#define REPLAY_ALL    7u

struct replay_options {
	bool quiet;      /* no events and no address spaces */
	bool summary;    /* with a summary in any case; otherwise as the trace has it, but not with quiet */
	unsigned layout; /* REPLAY_* */
	bool color;
};

enum replay_result {
	REPLAY_DONE,
	REPLAY_DOUBTFUL, /* shown, but cut off, or the trace contradicts itself: the error says what and where */
	REPLAY_BAD,      /* the trace is no good from some line on: the error says which */
};

/* Shows `first`, the event that trace_next() gave first, and all that follow. A trace that does not end properly is
   given an end that says so. `out` is looked at now and then: when it has failed, the rest is not read. */
enum replay_result replay_trace(struct trace *trace, struct event *first, const struct renderer *renderer,
				struct writer *out, const struct replay_options *options, struct vmm_error *error);

#endif
