/* SPDX-License-Identifier: MIT */
/* observation.c: some multiplications, none of which may overflow or go below zero. */
#include "observation.h"

static uint64_t product(uint64_t a, uint64_t b)
{
	uint64_t result;

	return __builtin_mul_overflow(a, b, &result) ? UINT64_MAX : result;
}

static uint64_t less(uint64_t from, uint64_t what)
{
	return from > what ? from - what : 0;
}

void observation_fill(struct event_summary *summary, const struct observation_cost *cost, uint64_t handled_ns)
{
	struct event_observation *observation = &summary->observation;
	uint64_t ns;

	*observation = (struct event_observation){.method = cost->method};
	/* A record in a ring is an observation without an exit; with single calls chosen (-e openat), an exit may be
	   one without an event. */
	observation->count =
		summary->exits_observed > summary->transitions ? summary->exits_observed : summary->transitions;
	if (observation->count == 0)
		return;
	ns = product(observation->count, cost->each_ns);
	observation->each_ns = cost->each_ns;
	observation->source = cost->each_ns != 0 ? cost->source : "measured";
	observation->corrected = cost->correct && cost->each_ns != 0;
	observation->ns = ns > handled_ns ? ns : handled_ns;
	if (observation->ns > summary->ns) /* one CPU's time; several have more of it */
		observation->ns = summary->ns;
	if (summary->ns != 0)
		observation->share_ppm = (uint64_t)((double)observation->ns / (double)summary->ns * 1e6 + 0.5);
}

void observation_correct(struct summary_row *row, uint64_t each_ns)
{
	row->ns = less(row->ns, product(row->finished + 2 * (row->faults + row->interrupts), each_ns));
	row->ns_min = less(row->ns_min, each_ns);
	row->ns_max = less(row->ns_max, each_ns);
}
