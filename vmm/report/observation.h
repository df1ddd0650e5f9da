/* SPDX-License-Identifier: MIT */
/*
 * observation.h: what it cost to observe a run: for the summary, and to take it out of the summary's times.
 */
#ifndef VMM_REPORT_OBSERVATION_H
#define VMM_REPORT_OBSERVATION_H

#include "event.h"

/* How a run is observed, and what is known of the price beforehand. */
struct observation_cost {
	const char *method; /* "trap"; NULL: nobody said */
	uint64_t each_ns;   /* of one observation; 0: not known */
	const char *source; /* where each_ns is from: "calibration", "option" */
	bool correct;       /* the times of the summary are to be without it */
};

/* Fills in summary->observation from the counts in it. handled_ns: the time from exits that were observation to the
   next entry: what vmm itself did, which is all that is known without each_ns. */
void observation_fill(struct event_summary *summary, const struct observation_cost *cost, uint64_t handled_ns);

/*
 * A row without observation. Between the moments of an entry and of its return lie half an observation of each, and
 * both of every fault and interrupt in between.
 */
void observation_correct(struct summary_row *row, uint64_t each_ns);

#endif
