/* SPDX-License-Identifier: MIT */
/*
 * profile.h: what is left of a trace when it has been read, for comparing it with another: how it began and ended, its
 * counts, its processes, and the last picture of each address space. Bounded, however long the trace is.
 */
#ifndef VMM_VIEW_PROFILE_H
#define VMM_VIEW_PROFILE_H

#include "counts.h"
#include "people.h"
#include "trace.h"

#define PROFILE_REGIONS 100000 /* of all address spaces together */

enum profile_when { PROFILE_AT_START, PROFILE_AT_END, PROFILE_WHENS };

/* An address space; the regions' sharers are counted only */
struct profile_space {
	unsigned process; /* by order of appearance */
	enum profile_when when;
	struct event_address_space space;
	struct event_region *regions;
};

struct profile {
	const char *path;
	int fd;
	struct trace trace;
	struct event_start start;
	struct counts counts;
	struct event_summary summary; /* the trace's own, or what was counted */
	struct summary_row *rows;     /* of the trace's own */
	struct people people;
	struct profile_space *spaces;
	size_t space_count, space_room, region_count;
	bool spaces_incomplete;
	bool has_end;
	struct event_end end; /* without doubts and missing calls, which are counted only */
	char cut[sizeof(((struct vmm_error *)NULL)->text)]; /* where it is cut off; "": it is not */
	uint64_t ns;                                        /* of the last event */
};

/* Everything but the trace, which the caller opens and reads. Returns false when memory is short. */
bool profile_open(struct profile *profile);
void profile_close(struct profile *profile);

/* The next event of the trace, as trace_next() gives it. Returns false when memory is short. */
bool profile_event(struct profile *profile, const struct event *event);

/* After the last one. */
void profile_finish(struct profile *profile);

#endif
