/* SPDX-License-Identifier: MIT */
/* perfetto_exits.c: VM exits, on the host's track of their CPU. */
#include "perfetto.h"
#include "perfetto_tracks.h"

static void annotate_access(struct perfetto_packet *packet, const struct event_exit *exit)
{
	bool io = exit->reason == EXIT_IO;

	if (!io && exit->reason != EXIT_MMIO)
		return;
	annotate_interned(packet, KEY_DIRECTION,
			  io            ? exit->write ? "out" : "in"
			  : exit->write ? "write"
					: "read",
			  SIZE_MAX);
	annotate_pointer(packet, io ? KEY_PORT : KEY_PHYSICAL_ADDRESS, exit->address);
	annotate_unsigned(packet, KEY_SIZE, exit->size);
	annotate_unsigned(packet, KEY_COUNT, exit->count);
}

static void annotate_exit(struct perfetto_packet *packet, const struct event *event)
{
	const struct event_exit *exit = &event->exit;

	annotate_unsigned(packet, KEY_SEQ, event->seq);
	annotate_interned(packet, KEY_REASON, exit_reason_name(exit->reason), SIZE_MAX);
	annotate_access(packet, exit);
	annotate_interned(packet, KEY_DEVICE, exit->device, SIZE_MAX);
	if (exit->call) {
		annotate_interned(packet, KEY_CALL, exit->call, SIZE_MAX);
		for (unsigned i = 0; i < 3; i++)
			annotate_pointer(packet, KEY_ARG1 + i, exit->args[i]);
		annotate_signed(packet, KEY_RESULT, exit->result);
	}
	if (exit->has_entry)
		annotate_unsigned(packet, KEY_ENTRY, exit->entry);
	annotate_unsigned(packet, KEY_FROM, exit->from);
	annotate_unsigned(packet, KEY_PID, event->pid);
	annotate_unsigned(packet, KEY_TID, event->tid);
	annotate_pointer(packet, KEY_RIP, exit->rip);
	annotate_interned(packet, KEY_SYMBOL, exit->symbol, sizeof(exit->symbol));
	annotate_text(packet, KEY_DETAIL, exit->detail, sizeof(exit->detail));
}

/* Is the entry in the trace? An arrow must have both ends. */
static bool is_drawn(const struct thread *thread, uint64_t entry)
{
	if (thread->instant == entry + 1)
		return true;
	for (size_t i = thread->depth; i-- > 0;)
		if (thread->open[i].seq == entry)
			return true;
	return false;
}

void perfetto_exit(struct perfetto_state *state, const struct event *event)
{
	struct perfetto_packet *packet = &state->packet;
	const struct event_exit *exit = &event->exit;
	struct lane *lane;
	const struct thread *thread = perfetto_place(state, event, &lane);

	if (exit->from == 0 && thread->depth == 0 && !lane->in_ring3 && state->any_returned)
		lane_enter_base(packet, state->now, lane);
	packet_track_event(packet, state->now, INSTANT, track_id(TRACK_HOST, lane->cpu));
	packet_category(packet, CATEGORY_EXIT);
	packet_name(packet,
		    exit->call     ? exit->call
		    : exit->device ? exit->device
				   : exit_reason_name(exit->reason),
		    SIZE_MAX);
	protobuf_number(&packet->body, TRACK_EVENT_EXTRA_TRACKS, track_id(TRACK_EXITS, lane->cpu));
	protobuf_number(&packet->body, TRACK_EVENT_EXTRA_VALUES, ++lane->exits);
	if (exit->has_entry && is_drawn(thread, exit->entry))
		packet_flow(packet, exit->entry + 1);
	annotate_exit(packet, event);
	packet_close(packet);
}
