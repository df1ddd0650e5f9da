/* SPDX-License-Identifier: MIT */
/*
 * summary.h: counts transitions and VM exits for -c. Memory is bounded whatever the guest does.
 */
#ifndef VMM_REPORT_SUMMARY_H
#define VMM_REPORT_SUMMARY_H

#include "event.h"

struct summary;

/* Returns NULL when memory is short. */
struct summary *summary_open(void);

/* Counts one transition; event->seq must be filled in: a return is counted with the entry whose seq it names. */
void summary_count(struct summary *summary, const struct event *event);

void summary_count_exit(struct summary *summary, enum exit_reason reason, bool observed);

/* Fills in the numbers of transitions seen so far. */
void summary_totals(const struct summary *summary, uint64_t *transitions, uint64_t *entries, uint64_t *returns);

/* The table, sorted: causes in their order, in each its total first, then by time. Valid until the next call of
   summary_count() or summary_close(). */
void summary_result(struct summary *summary, struct event_summary *result);

/* Takes what observing cost out of the times of all rows (observation.h); only once, before summary_result(). */
void summary_correct(struct summary *summary, uint64_t each_ns);

void summary_close(struct summary *summary);

#endif
