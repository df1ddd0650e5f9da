/* SPDX-License-Identifier: MIT */
/*
 * text.h: the report for people: one line a transition, in the manner of strace.
 */
#ifndef VMM_REPORT_TEXT_H
#define VMM_REPORT_TEXT_H

#include "stream.h"
#include "text_line.h"

#define TEXT_KERNEL_REGIONS 1024
#define TEXT_QUIRKS         8

struct text_state {
	bool in_table; /* the column titles stand above and nothing else came between */
	bool many_cpus;
	bool observing;                  /* a method other than off */
	const char *quirks[TEXT_QUIRKS]; /* named already; they outlive the events */
	size_t quirk_count;
	/* The first address space is shown whole; of the kernel half, which is the same in all, later ones show only
	   what is new since. These are the marks of its regions as last shown. */
	bool pictured;
	uint64_t kernel_regions[TEXT_KERNEL_REGIONS];
	size_t kernel_region_count;
};

void text_event(struct writer *out, const struct event *event, const struct render_options *options, void *state);

/* Of calls, in that table */
void text_value(struct text_line *line, uint64_t value);
void text_arguments(struct text_line *line, const uint64_t *args, unsigned count);
void text_result(struct text_line *line, int64_t result);
void text_call(struct text_line *line, const struct event_transition *entry);
void text_call_result(struct text_line *line, const struct event_transition *back);

/* The parts, one file each */
void text_row(struct text_line *line, const struct event *event, struct text_state *state); /* of the table of events */
void text_layout(struct text_line *line, const struct event_address_space *space, struct text_state *state);
void text_summary(struct text_line *line, const struct event_summary *summary);

#endif
