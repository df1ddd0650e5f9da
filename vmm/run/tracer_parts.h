/* SPDX-License-Identifier: MIT */
/*
 * tracer_parts.h: what the files of the tracer share: tracer.c (processes, the events' common part), tracer_entries.c,
 * tracer_returns.c.
 */
#ifndef VMM_RUN_TRACER_PARTS_H
#define VMM_RUN_TRACER_PARTS_H

#include "quirks.h"
#include "tracer.h"

/* What the CPU pushed at an entry, or will pop at a return: at rsp, above the error code if there is one. */
struct pushed_frame tracer_read_frame(struct tracer *tracer, const struct cpu_state *state, bool error);

/* Time, CPU, process and thread of an event. */
void tracer_start_event(struct tracer *tracer, const struct cpu_state *state, const struct moment *moment,
			struct event *event);

/* The memory of the program that is in this state, as far as it is known. */
struct user_memory tracer_memory(const struct tracer *tracer, const struct cpu_state *state);

/* With every cause traced, the ring after one transition is the ring before the next, or one was missed. */
void tracer_check_continuity(struct tracer *tracer, unsigned cpu, unsigned from, unsigned to);

void tracer_observe_entry(struct tracer *tracer, const struct site *site, const struct cpu_state *state,
			  const struct moment *moment, struct completion *completion);
void tracer_observe_return(struct tracer *tracer, const struct site *site, const struct cpu_state *state,
			   const struct moment *moment);

#endif
