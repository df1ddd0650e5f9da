/* SPDX-License-Identifier: MIT */
/*
 * text.h: the report for people: one line a transition, in the manner of strace.
 */
#ifndef VMM_REPORT_TEXT_H
#define VMM_REPORT_TEXT_H

#include "stream.h"
#include "text_line.h"

struct text_state {
	bool in_table; /* the column titles stand above and nothing else came between */
	bool many_cpus;
};

void text_event(struct writer *out, const struct event *event, const struct render_options *options, void *state);

/* The parts, one file each */
void text_row(struct text_line *line, const struct event *event, struct text_state *state); /* of the table of events */
void text_layout(struct text_line *line, const struct event_address_space *space);
void text_summary(struct text_line *line, const struct event_summary *summary);

#endif
