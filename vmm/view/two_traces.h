/* SPDX-License-Identifier: MIT */
/*
 * two_traces.h: reads two traces side by side, so that neither has to be kept.
 */
#ifndef VMM_VIEW_TWO_TRACES_H
#define VMM_VIEW_TWO_TRACES_H

#include "compare.h"
#include "plain.h"

/* Reads both to their ends into the profiles, which are open, with their traces, and the order of their steps. A trace
   that is cut off is taken as far as it goes (profile->cut). Returns false when one is no trace, or memory is short. */
bool read_two_traces(struct profile profiles[2], struct order *order, const struct diff_options *options,
		     struct vmm_error *error);

#endif
