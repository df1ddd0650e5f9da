/* SPDX-License-Identifier: MIT */
/*
 * svg_spaces.h: the address spaces that a picture shows: the last one of each process, of a limited number of them.
 */
#ifndef VMM_REPORT_SVG_SPACES_H
#define VMM_REPORT_SVG_SPACES_H

#include "event.h"

#define SVG_COLUMNS  8    /* processes drawn: those that come first */
#define SVG_REGIONS  2048 /* kept of one address space */
#define SVG_PIDS     8    /* kept of those that share a region's frames */
#define SVG_LEFT_OUT 4096 /* processes that are counted apart */

/* One address space, copied. */
struct svg_space {
	struct event_address_space facts; /* with regions of our own; of shared_with the first SVG_PIDS are there;
					     when: "at the start", "at a switch", "at the end", or "" */
	uint64_t seq;
	size_t cut;     /* regions not kept */
	uint32_t *pids; /* what shared_with points to */
};

struct svg_spaces {
	struct svg_space columns[SVG_COLUMNS];
	size_t count;
	uint64_t left_out[SVG_LEFT_OUT]; /* who is not drawn: a pid, or a CR3 where that is unknown */
	size_t left_out_count;
	bool more_left_out; /* and others that were not even counted */
	bool no_memory;     /* one of them could not be kept */
};

/* Keeps a copy in place of the last one of the same process. */
void svg_spaces_keep(struct svg_spaces *spaces, const struct event *event);

void svg_spaces_free(struct svg_spaces *spaces);

#endif
