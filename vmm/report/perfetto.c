/* SPDX-License-Identifier: MIT */
/* perfetto.c: which event is drawn how, and the events that are not crossings. */
#include "perfetto.h"

#include <string.h>

#include "names.h"
#include "perfetto_tracks.h"

static void begin_instant(struct perfetto_state *state, uint64_t track, enum category category, const char *name)
{
	packet_track_event(&state->packet, state->now, INSTANT, track);
	packet_category(&state->packet, category);
	packet_name(&state->packet, name, EVENT_TEXT);
}

/* ---- processes --------------------------------------------------------------------------------------------------- */

static void rename_thread(struct perfetto_state *state, const struct event *event, struct thread *thread)
{
	const struct event_process *process = &event->process;

	memcpy(thread->name, process->name, sizeof(thread->name));
	thread->name[sizeof(thread->name) - 1] = '\0';
	track_process_tree(&state->packet, state->now, process->pid, process->parent, thread->name,
			   sizeof(thread->name));
}

static void draw_process(struct perfetto_state *state, const struct event *event)
{
	struct perfetto_packet *packet = &state->packet;
	const struct event_process *process = &event->process;

	begin_instant(state, track_id(TRACK_PROCESS, process->pid), CATEGORY_PROCESS,
		      process_event_name(process->event));
	annotate_unsigned(packet, KEY_SEQ, event->seq);
	annotate_text(packet, KEY_TEXT, process->name, sizeof(process->name));
	annotate_unsigned(packet, KEY_PID, process->pid);
	annotate_unsigned(packet, KEY_TID, event->tid);
	annotate_unsigned(packet, KEY_PARENT, process->parent);
	annotate_pointer(packet, KEY_CR3, process->cr3);
	if (process->event == PROCESS_EXIT || process->event == PROCESS_REAPED) {
		annotate_unsigned(packet, KEY_STATUS, process->status);
		if (process->status & 0x7f) /* as WTERMSIG() and WEXITSTATUS() take it apart */
			annotate_interned(packet, KEY_SIGNAL, signal_name(process->status & 0x7f), SIZE_MAX);
		else
			annotate_unsigned(packet, KEY_EXIT_STATUS, process->status >> 8 & 0xff);
	}
	packet_close(packet);
}

/* The event comes when somebody looks at the kernel's list, on whatever CPU, so it says nothing of who runs there. */
void perfetto_process(struct perfetto_state *state, const struct event *event)
{
	struct lane *lane = lane_of(&state->threads, &state->packet, event->cpu);
	const struct event_process *process = &event->process;
	struct thread *thread;

	if (process->event == PROCESS_REAPED) { /* its threads are gone already */
		track_describe_process(&state->packet, process->pid, "", 1);
		draw_process(state, event);
		return;
	}
	thread = thread_get(&state->threads, &state->packet, state->now, lane, process->pid, event->tid, process->name);
	if (process->event == PROCESS_START || process->event == PROCESS_EXEC)
		rename_thread(state, event, thread);
	draw_process(state, event);
	if ((process->event == PROCESS_EXIT || process->event == PROCESS_THREAD_EXIT) && thread->tid)
		thread_end(&state->threads, &state->packet, state->now, thread, "none: it ended");
}

void perfetto_address_space(struct perfetto_state *state, const struct event *event)
{
	struct perfetto_packet *packet = &state->packet;
	const struct event_address_space *space = &event->address_space;

	track_describe_process(packet, space->pid, space->name, sizeof(space->name)); /* may come before its process */
	track_describe_resident(packet, space->pid);
	begin_instant(state, track_id(TRACK_PROCESS, space->pid), CATEGORY_PROCESS, "address space");
	annotate_unsigned(packet, KEY_SEQ, event->seq);
	annotate_interned(packet, KEY_WHEN, space->when, SIZE_MAX);
	annotate_text(packet, KEY_TEXT, space->name, sizeof(space->name));
	annotate_pointer(packet, KEY_CR3, space->cr3);
	annotate_unsigned(packet, KEY_REGIONS, space->region_count);
	annotate_unsigned(packet, KEY_USER_BYTES, space->user_bytes);
	annotate_unsigned(packet, KEY_USER_PAGES, space->user_pages);
	annotate_unsigned(packet, KEY_KERNEL_BYTES, space->kernel_bytes);
	annotate_unsigned(packet, KEY_KERNEL_PAGES, space->kernel_pages);
	annotate_bool(packet, KEY_KERNEL_HALF_SHARED, space->kernel_half_shared);
	annotate_unsigned(packet, KEY_TABLE_PAGES, space->table_pages);
	annotate_unsigned(packet, KEY_WX_PAGES, space->wx_pages);
	annotate_unsigned(packet, KEY_PROBLEMS, space->problems);
	packet_close(packet);
	track_count(packet, state->now, track_id(TRACK_RESIDENT, space->pid), space->user_pages);
}

/* ---- the run ----------------------------------------------------------------------------------------------------- */

static void draw_start(struct perfetto_state *state, const struct event *event)
{
	struct perfetto_packet *packet = &state->packet;
	const struct event_start *start = &event->start;

	track_describe_vmm(packet, start->image);
	state->vmm_known = true;
	begin_instant(state, track_id(TRACK_VMM, 0), CATEGORY_VMM, "start");
	annotate_unsigned(packet, KEY_SEQ, event->seq);
	annotate_text(packet, KEY_VERSION, start->version, SIZE_MAX);
	annotate_text(packet, KEY_HOST, start->host, SIZE_MAX);
	for (size_t i = 0; i < start->quirk_count; i++)
		annotate_text(packet, KEY_QUIRK, start->quirks[i], SIZE_MAX);
	annotate_text(packet, KEY_IMAGE, start->image, SIZE_MAX);
	annotate_text(packet, KEY_KERNEL, start->kernel, SIZE_MAX);
	annotate_text(packet, KEY_METHOD, start->method, SIZE_MAX);
	annotate_text(packet, KEY_TRACE, start->trace, SIZE_MAX);
	annotate_text(packet, KEY_PROTECTIONS, start->protections, SIZE_MAX);
	annotate_unsigned(packet, KEY_MEMORY, start->memory);
	annotate_unsigned(packet, KEY_CPUS, start->cpus);
	packet_close(packet);
}

static uint64_t vmm_track(struct perfetto_state *state)
{
	if (!state->vmm_known)
		track_describe_vmm(&state->packet, "");
	state->vmm_known = true;
	return track_id(TRACK_VMM, 0);
}

static void draw_summary(struct perfetto_state *state, const struct event *event)
{
	struct perfetto_packet *packet = &state->packet;
	const struct event_summary *summary = &event->summary;

	begin_instant(state, vmm_track(state), CATEGORY_VMM, "summary");
	annotate_unsigned(packet, KEY_SEQ, event->seq);
	annotate_unsigned(packet, KEY_TRANSITIONS, summary->transitions);
	annotate_unsigned(packet, KEY_ENTRIES, summary->entries);
	annotate_unsigned(packet, KEY_RETURNS, summary->returns);
	if (!summary->observed_unknown) {
		annotate_unsigned(packet, KEY_EXITS_TOTAL, summary->exits_total);
		annotate_unsigned(packet, KEY_EXITS_OBSERVED, summary->exits_observed);
	}
	annotate_unsigned(packet, KEY_EXITS_GUEST, summary->exits_guest);
	packet_close(packet);
	if (summary->observed_unknown)
		return;
	track_describe_observed(packet);
	track_count(packet, 0, track_id(TRACK_OBSERVED, 0), 0);
	track_count(packet, state->now, track_id(TRACK_OBSERVED, 0), summary->exits_observed);
}

static void draw_end(struct perfetto_state *state, const struct event *event)
{
	struct perfetto_packet *packet = &state->packet;
	const struct event_end *end = &event->end;

	begin_instant(state, vmm_track(state), CATEGORY_VMM, "end");
	annotate_unsigned(packet, KEY_SEQ, event->seq);
	annotate_signed(packet, KEY_STATUS, end->status);
	annotate_text(packet, KEY_REASON, end->reason, SIZE_MAX);
	annotate_text(packet, KEY_MESSAGE, end->message, sizeof(end->message));
	annotate_text(packet, KEY_VERDICT, end->verdict, SIZE_MAX);
	for (size_t i = 0; i < end->doubt_count; i++)
		annotate_text(packet, KEY_DOUBT, end->doubts[i], SIZE_MAX);
	annotate_unsigned(packet, KEY_LOST, end->lost);
	annotate_unsigned(packet, KEY_TRANSITIONS, end->transitions);
	annotate_unsigned(packet, KEY_ENTRIES, end->entries);
	annotate_unsigned(packet, KEY_RETURNS, end->returns);
	packet_close(packet);
}

/* On the thread's track where there is one */
static void draw_note(struct perfetto_state *state, const struct event *event)
{
	const struct thread *thread =
		event->pid || event->tid ? thread_find(&state->threads, event->pid, event->tid) : NULL;

	begin_instant(state, thread ? thread->track : vmm_track(state), CATEGORY_NOTE, event->note);
	annotate_unsigned(&state->packet, KEY_SEQ, event->seq);
	packet_close(&state->packet);
}

void perfetto_event(struct writer *out, const struct event *event, const struct render_options *options, void *opaque)
{
	struct perfetto_state *state = opaque;

	(void)options; /* the stream has decided what is shown; the frame is part of the format */
	state->packet.out = out;
	if (event->ns > state->now) /* CPUs read the clock by themselves, and each track must go forward */
		state->now = event->ns;
	switch (event->type) {
	case EVENT_START:
		draw_start(state, event);
		break;
	case EVENT_TRANSITION:
		perfetto_transition(state, event);
		break;
	case EVENT_EXIT:
		perfetto_exit(state, event);
		break;
	case EVENT_PROCESS:
		perfetto_process(state, event);
		break;
	case EVENT_ADDRESS_SPACE:
		perfetto_address_space(state, event);
		break;
	case EVENT_NOTE:
		draw_note(state, event);
		break;
	case EVENT_SUMMARY:
		draw_summary(state, event);
		break;
	case EVENT_END:
		draw_end(state, event);
		break;
	}
}

void perfetto_finish(struct writer *out, void *opaque)
{
	struct perfetto_state *state = opaque;

	state->packet.out = out;
	threads_close(&state->threads, &state->packet, state->now);
}
