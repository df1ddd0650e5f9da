/* SPDX-License-Identifier: MIT */
/* perfetto_crossings.c: entries and returns. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "names.h"
#include "perfetto.h"
#include "perfetto_tracks.h"

static const enum category categories[CAUSES] = {
	[CAUSE_SYSCALL] = CATEGORY_SYSCALL,     [CAUSE_INT] = CATEGORY_INT, [CAUSE_EXCEPTION] = CATEGORY_EXCEPTION,
	[CAUSE_INTERRUPT] = CATEGORY_INTERRUPT, [CAUSE_NMI] = CATEGORY_NMI, [CAUSE_SYSRET] = CATEGORY_RETURN,
	[CAUSE_IRET] = CATEGORY_RETURN,
};

static enum cause cause_in_range(enum cause cause)
{
	return (unsigned)cause < CAUSES ? cause : CAUSE_IRET;
}

static void name_entry(const struct event_transition *entry, char *name, size_t size)
{
	if (entry->name)
		snprintf(name, size, "%s", entry->name);
	else if (entry->has_number)
		snprintf(name, size, "%s %" PRIu64, cause_name(entry->cause), entry->number);
	else if (entry->has_vector)
		snprintf(name, size, "%s %u", cause_name(entry->cause), entry->vector);
	else
		snprintf(name, size, "%s", cause_name(entry->cause));
}

static void annotate_walk(struct perfetto_packet *packet, const struct event_walk *walk)
{
	static const char *const names[EVENT_WALK_LEVELS] = {"PML4E", "PDPE", "PDE", "PTE"};
	char text[EVENT_WALK_LEVELS * 40];
	size_t length = 0;

	for (unsigned i = 0; i < walk->levels && i < EVENT_WALK_LEVELS; i++)
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%s[%u]=0x%" PRIx64, i ? " " : "",
					   names[i], walk->entries[i].index, walk->entries[i].value);
	if (length > 0)
		annotate_text(packet, KEY_WALK, text, sizeof(text));
}

static void annotate_call(struct perfetto_packet *packet, const struct event_transition *entry)
{
	annotate_unsigned(packet, KEY_NUMBER, entry->number);
	if (entry->call) {
		for (unsigned i = 0; i < entry->call->count && i < 6; i++)
			annotate_text(packet, KEY_ARG1 + i, entry->call->args[i], SIZE_MAX);
		return;
	}
	for (unsigned i = 0; i < entry->arg_count && i < 6; i++)
		annotate_pointer(packet, KEY_ARG1 + i, entry->args[i]);
}

static void annotate_fault(struct perfetto_packet *packet, const struct event_transition *entry)
{
	if (entry->has_vector)
		annotate_unsigned(packet, KEY_VECTOR, entry->vector);
	if (entry->has_error)
		annotate_pointer(packet, KEY_ERROR, entry->error);
	if (entry->has_cr2)
		annotate_pointer(packet, KEY_CR2, entry->cr2);
	annotate_text(packet, KEY_WHY, entry->why, sizeof(entry->why));
	annotate_walk(packet, &entry->walk);
}

static void annotate_entry(struct perfetto_packet *packet, const struct event *event)
{
	const struct event_transition *entry = &event->transition;

	annotate_unsigned(packet, KEY_SEQ, event->seq);
	annotate_unsigned(packet, KEY_CPU, event->cpu);
	annotate_unsigned(packet, KEY_FROM, entry->from);
	if (entry->has_number)
		annotate_call(packet, entry);
	annotate_fault(packet, entry);
	annotate_pointer(packet, KEY_RIP, entry->rip);
	annotate_interned(packet, KEY_SYMBOL, entry->symbol, sizeof(entry->symbol));
	if (entry->target_symbol[0])
		annotate_interned(packet, KEY_TARGET, entry->target_symbol, sizeof(entry->target_symbol));
	else
		annotate_pointer(packet, KEY_TARGET, entry->target);
	annotate_pointer(packet, KEY_RSP, entry->rsp);
	annotate_pointer(packet, KEY_CR3, entry->cr3);
	annotate_pointer(packet, KEY_RFLAGS, entry->rflags);
	if (entry->frame)
		annotate_pointer(packet, KEY_FRAME, entry->frame);
	annotate_interned(packet, KEY_QUIRK, entry->quirk, SIZE_MAX);
}

/* Where entries of the cause are never seen to return (-e without `return`), slices would have no end. */
static bool is_instant(const struct perfetto_state *state, enum cause cause)
{
	return state->returned[cause] == 0 && state->lost[cause] > 0;
}

/* Whoever was in ring 3 has returned from everything before, seen or not. */
static void abandon_all(struct perfetto_state *state, struct thread *thread)
{
	while (thread->depth > 0) {
		enum category category = thread->open[thread->depth - 1].category;

		for (unsigned cause = 0; cause < CAUSES; cause++)
			state->lost[cause] += categories[cause] == category;
		thread_abandon(&state->packet, state->now, thread, "not seen");
	}
}

static void draw_entry(struct perfetto_state *state, const struct event *event, struct thread *thread)
{
	struct perfetto_packet *packet = &state->packet;
	enum cause cause = cause_in_range(event->transition.cause);
	struct open_slice slice = {.seq = event->seq, .category = categories[cause]};
	enum track_event_type type = SLICE_BEGIN;

	name_entry(&event->transition, slice.name, sizeof(slice.name));
	if (is_instant(state, cause) || !thread_push(thread, &slice)) {
		type = INSTANT;
		thread->instant = event->seq + 1;
	}
	packet_track_event(packet, state->now, type, thread->track);
	packet_category(packet, slice.category);
	packet_name(packet, slice.name, sizeof(slice.name));
	packet_flow(packet, slice.seq + 1);
	annotate_entry(packet, event);
	packet_close(packet);
	lane_begin_slice(packet, state->now, thread, &slice, type);
	packet_close(packet);
}

static void enter(struct perfetto_state *state, const struct event *event, struct lane *lane, struct thread *thread)
{
	if (event->transition.from == 3) {
		lane_leave_ring3(&state->packet, state->now, lane);
		abandon_all(state, thread);
		lane_leave_base(&state->packet, state->now, lane);
	}
	draw_entry(state, event, thread);
}

static void annotate_return(struct perfetto_packet *packet, const struct event *event)
{
	const struct event_transition *back = &event->transition;

	annotate_unsigned(packet, KEY_SEQ_RETURN, event->seq);
	annotate_interned(packet, KEY_RETURN, cause_name(back->cause), SIZE_MAX);
	if (back->has_result) {
		annotate_signed(packet, KEY_RESULT, back->result);
		annotate_interned(packet, KEY_ERRNO, errno_name(back->result), SIZE_MAX);
	}
	if (back->call) {
		annotate_text(packet, KEY_RESULT_TEXT, back->call->result, SIZE_MAX);
		for (unsigned i = 0; i < back->call->count && i < 6; i++)
			annotate_text(packet, KEY_OUT1 + i, back->call->output[i], SIZE_MAX);
	}
	if (back->handler)
		annotate_bool(packet, KEY_HANDLER, true);
	if (back->signal)
		annotate_interned(packet, KEY_SIGNAL, signal_name(back->signal), SIZE_MAX);
	annotate_text(packet, KEY_SIGINFO, back->siginfo, sizeof(back->siginfo));
	if (back->has_entry) {
		annotate_unsigned(packet, KEY_NS_INSIDE, back->ns_inside);
		annotate_unsigned(packet, KEY_EXITS_INSIDE, back->exits_inside);
	}
	if (back->faults_inside)
		annotate_unsigned(packet, KEY_FAULTS_INSIDE, back->faults_inside);
	if (back->interrupts_inside)
		annotate_unsigned(packet, KEY_INTERRUPTS_INSIDE, back->interrupts_inside);
}

/* A return whose entry has no slice: the first one of a process, or the entry was not shown */
static void draw_lone_return(struct perfetto_state *state, const struct event *event, const struct thread *thread)
{
	struct perfetto_packet *packet = &state->packet;
	const struct event_transition *back = &event->transition;

	packet_track_event(packet, state->now, INSTANT, thread->track);
	packet_category(packet, CATEGORY_RETURN);
	packet_name(packet, back->first ? "first return" : "return", SIZE_MAX);
	if (back->has_entry)
		annotate_unsigned(packet, KEY_ENTRY, back->entry);
	if (back->first)
		annotate_pointer(packet, KEY_RAX, back->rax);
	annotate_unsigned(packet, KEY_TO, back->to);
	annotate_pointer(packet, KEY_RIP, back->rip);
	annotate_return(packet, event);
	packet_close(packet);
}

static void end_crossing(struct perfetto_state *state, const struct event *event, struct thread *thread)
{
	struct perfetto_packet *packet = &state->packet;

	thread->depth--;
	packet_track_event(packet, state->now, SLICE_END, thread->track);
	annotate_return(packet, event);
	packet_close(packet);
	packet_track_event(packet, state->now, SLICE_END, track_id(TRACK_RING0, thread->lane->cpu));
	packet_close(packet);
	state->returned[cause_in_range(event->transition.entry_cause)]++;
}

/* Is a slice open for that entry? What was opened inside it has not been seen to return. */
static bool unwind_to(struct perfetto_state *state, struct thread *thread, uint64_t entry)
{
	size_t found = thread->depth;

	while (found > 0 && thread->open[found - 1].seq != entry)
		found--;
	if (found == 0)
		return false;
	while (thread->depth > found)
		thread_abandon(&state->packet, state->now, thread, "not seen");
	return true;
}

static void begin_ring3(struct perfetto_state *state, const struct event *event, struct lane *lane,
			const struct thread *thread)
{
	struct perfetto_packet *packet = &state->packet;

	lane_leave_ring3(packet, state->now, lane);
	packet_track_event(packet, state->now, SLICE_BEGIN, track_id(TRACK_RING3, lane->cpu));
	packet_category(packet, CATEGORY_RING3);
	packet_name(packet, thread->name[0] ? thread->name : "ring 3", sizeof(thread->name));
	annotate_unsigned(packet, KEY_PID, thread->pid);
	annotate_unsigned(packet, KEY_TID, thread->tid);
	annotate_pointer(packet, KEY_RIP, event->transition.rip);
	annotate_interned(packet, KEY_SYMBOL, event->transition.symbol, sizeof(event->transition.symbol));
	packet_close(packet);
	lane->in_ring3 = true;
}

static void leave(struct perfetto_state *state, const struct event *event, struct lane *lane, struct thread *thread)
{
	const struct event_transition *back = &event->transition;

	if (back->has_entry && unwind_to(state, thread, back->entry))
		end_crossing(state, event, thread);
	else
		draw_lone_return(state, event, thread);
	state->any_returned = true;
	if (back->to == 3) {
		abandon_all(state, thread);
		lane_leave_base(&state->packet, state->now, lane);
		begin_ring3(state, event, lane, thread);
	} else if (thread->depth == 0) {
		lane_enter_base(&state->packet, state->now, lane);
	}
}

struct thread *perfetto_place(struct perfetto_state *state, const struct event *event, struct lane **lane)
{
	struct thread *thread;

	*lane = lane_of(&state->threads, &state->packet, event->cpu);
	thread = (*lane)->thread;
	if (!thread || event->tid == 0 || thread->tid != event->tid)
		thread = thread_get(&state->threads, &state->packet, state->now, *lane, event->pid, event->tid, "");
	lane_switch(&state->packet, state->now, *lane, thread);
	return thread;
}

void perfetto_transition(struct perfetto_state *state, const struct event *event)
{
	struct lane *lane;
	struct thread *thread = perfetto_place(state, event, &lane);

	if (event->transition.is_return)
		leave(state, event, lane, thread);
	else
		enter(state, event, lane, thread);
}
