/* SPDX-License-Identifier: MIT */
/*
 * perfetto.h: the renderer of Perfetto's native traces: protobuf packets with TrackEvents, which ui.perfetto.dev and
 * trace_processor read. docs/perfetto.md says what the tracks show.
 *
 * Packets are written as the events come, so that a trace that was cut short is whole up to its last packet.
 */
#ifndef VMM_REPORT_PERFETTO_H
#define VMM_REPORT_PERFETTO_H

#include "perfetto_threads.h"
#include "stream.h"

struct perfetto_state {
	struct perfetto_packet packet;
	struct perfetto_threads threads;
	uint64_t now; /* ns; never goes back */
	/* How often an entry of the cause was seen to return, and how often it was not. */
	uint64_t returned[CAUSES], lost[CAUSES];
	bool any_returned;
	bool vmm_known; /* its track is described */
};

void perfetto_event(struct writer *out, const struct event *event, const struct render_options *options, void *state);
void perfetto_finish(struct writer *out, void *state);

/* The parts; state->now is the time of the event */
void perfetto_transition(struct perfetto_state *state, const struct event *event);
void perfetto_exit(struct perfetto_state *state, const struct event *event);
void perfetto_process(struct perfetto_state *state, const struct event *event);
void perfetto_address_space(struct perfetto_state *state, const struct event *event);

/* The CPU and the thread of an event, with the switch drawn if it is the first sign of one */
struct thread *perfetto_place(struct perfetto_state *state, const struct event *event, struct lane **lane);

#endif
