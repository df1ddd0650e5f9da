/* SPDX-License-Identifier: MIT */
/*
 * compare.h: two profiles side by side. What is found goes to a sink, one call each, in this order: start, counts,
 * exits, order, processes, layout, end, and at last the verdict.
 */
#ifndef VMM_VIEW_COMPARE_H
#define VMM_VIEW_COMPARE_H

#include "order.h"
#include "profile.h"

enum diff_section {
	DIFF_START,
	DIFF_COUNTS,
	DIFF_EXITS,
	DIFF_ORDER,
	DIFF_PROCESSES,
	DIFF_LAYOUT,
	DIFF_END,
	DIFF_SECTIONS,
};

#define DIFF_CAUSE(cause) (1u << (cause))
#define DIFF_EXIT         (1u << CAUSES) /* VM exits */
#define DIFF_DEFAULT      (DIFF_CAUSE(CAUSE_SYSCALL) | DIFF_CAUSE(CAUSE_INT) | DIFF_CAUSE(CAUSE_EXCEPTION))
#define DIFF_ALL          (DIFF_DEFAULT | DIFF_CAUSE(CAUSE_INTERRUPT) | DIFF_CAUSE(CAUSE_NMI) | DIFF_EXIT)

struct diff_options {
	unsigned causes; /* which causes of entries make two runs differ, with their returns; and DIFF_EXIT */
	bool times;      /* so do mean times that differ by more than */
	double percent;
};

/* Something that both sides have one of */
struct diff_value {
	bool there, is_number;
	uint64_t number;
	const char *text; /* may hold anything */
};

enum diff_change { DIFF_ONLY_A, DIFF_ONLY_B, DIFF_CHANGED };

struct diff_region {
	const struct profile_space *space; /* of A; of B when A has none */
	enum diff_change change;
	const struct event_region *a, *b; /* NULL: not on that side */
};

struct diff_sink {
	/* decides: it makes the runs differ. Values that are the same are not told. */
	void (*value)(void *state, enum diff_section section, const char *what, const struct diff_value *a,
		      const struct diff_value *b, bool decides);
	/* A row of the summary, whether it differs or not; one of them may be NULL. */
	void (*row)(void *state, const struct summary_row *a, const struct summary_row *b, bool differs);
	void (*thread)(void *state, const struct order_thread *thread, const struct person *a, const struct person *b);
	void (*region)(void *state, const struct diff_region *region);
	/* How many differences in each section made the runs differ; steps: how many are the same in order */
	void (*verdict)(void *state, const unsigned differences[DIFF_SECTIONS], uint64_t steps);
};

/* Is this transition a step that must be the same? */
bool diff_is_step(const struct diff_options *options, const struct event_transition *transition);

/* Tells all. Returns true when the runs are the same. */
bool compare_profiles(const struct profile *a, const struct profile *b, const struct order *order,
		      const struct diff_options *options, const struct diff_sink *sink, void *state);

#endif
