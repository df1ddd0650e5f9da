/* SPDX-License-Identifier: MIT */
/*
 * missing_calls.h: the system calls that a guest's kernel says it lacks (VMM_HYPERCALL_UNIMPLEMENTED), each once.
 */
#ifndef VMM_RUN_MISSING_CALLS_H
#define VMM_RUN_MISSING_CALLS_H

#include "report/event.h"
#include "symbols.h"

#define MISSING_CALLS_MAX 64

struct missing_calls {
	struct event_missing_call items[MISSING_CALLS_MAX];
	size_t count;
};

/* Counts it; returns its entry the first time, NULL later (and when there are too many different ones). rip: behind the
   instruction that made the call. */
const struct event_missing_call *missing_call_note(struct missing_calls *calls, struct symbols *symbols,
						   uint64_t number, uint64_t rip, bool i386);

#endif
