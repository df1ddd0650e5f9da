/* SPDX-License-Identifier: MIT */
/*
 * counts.h: counts a trace anew, as the run that recorded it did, and holds the result against what the trace says.
 */
#ifndef VMM_VIEW_COUNTS_H
#define VMM_VIEW_COUNTS_H

#include "machine/error.h"
#include "report/summary.h"
#include "trace.h"

struct counts {
	struct summary *summary;
	uint64_t transitions; /* lines of that type */
};

/* Returns false when memory is short. */
bool counts_open(struct counts *counts);
void counts_close(struct counts *counts);

void counts_event(struct counts *counts, const struct event *event);

/* A summary of what was counted; valid until the next call. Returns false when there was nothing to count. */
bool counts_summary(struct counts *counts, uint64_t ns, struct event_summary *summary);

/* Is what the trace's own summary and end say true of its lines? (A trace without lines of transitions says nothing
   about that: -q leaves them out.) On false the error names file, line and number. */
bool counts_agree(struct counts *counts, const struct event_summary *theirs, const struct trace *trace,
		  struct vmm_error *error);
bool counts_agree_end(struct counts *counts, const struct event_end *end, const struct trace *trace,
		      struct vmm_error *error);

#endif
