/* SPDX-License-Identifier: MIT */
/* perfetto_threads.c: a hash table of threads, and what is open on the tracks of threads and CPUs. */
#include "perfetto_threads.h"

#include <stdlib.h>
#include <string.h>

#include "perfetto_tracks.h"

struct lane *lane_of(struct perfetto_threads *threads, struct perfetto_packet *packet, unsigned cpu)
{
	struct lane *lane = &threads->lanes[cpu < VMM_CPUS_MAX ? cpu : VMM_CPUS_MAX - 1];

	if (!lane->known) {
		lane->known = true;
		lane->cpu = (unsigned)(lane - threads->lanes);
		track_describe_cpu(packet, lane->cpu);
	}
	return lane;
}

static struct thread **bucket_of(struct perfetto_threads *threads, uint32_t tid)
{
	return &threads->buckets[tid % THREAD_BUCKETS];
}

struct thread *thread_find(const struct perfetto_threads *threads, uint32_t pid, uint32_t tid)
{
	uint32_t id = tid ? tid : pid;
	struct thread *thread = threads->buckets[id % THREAD_BUCKETS];

	while (thread && thread->tid != id)
		thread = thread->next;
	return thread;
}

/* ---- slices ------------------------------------------------------------------------------------------------------ */

static void end_slice(struct perfetto_packet *packet, uint64_t ns, uint64_t track)
{
	packet_track_event(packet, ns, SLICE_END, track);
	packet_close(packet);
}

void lane_begin_slice(struct perfetto_packet *packet, uint64_t ns, const struct thread *thread,
		      const struct open_slice *slice, enum track_event_type type)
{
	packet_track_event(packet, ns, type, track_id(TRACK_RING0, thread->lane->cpu));
	packet_category(packet, slice->category);
	packet_name(packet, slice->name, sizeof(slice->name));
	packet_flow(packet, slice->seq + 1);
	annotate_unsigned(packet, KEY_SEQ, slice->seq);
	if (thread->tid) {
		annotate_unsigned(packet, KEY_PID, thread->pid);
		annotate_unsigned(packet, KEY_TID, thread->tid);
	}
}

void lane_enter_base(struct perfetto_packet *packet, uint64_t ns, struct lane *lane)
{
	if (lane->in_base)
		return;
	lane->in_base = true;
	packet_track_event(packet, ns, SLICE_BEGIN, track_id(TRACK_RING0, lane->cpu));
	packet_category(packet, CATEGORY_RING0);
	packet_name(packet, "kernel", SIZE_MAX);
	packet_close(packet);
}

void lane_leave_base(struct perfetto_packet *packet, uint64_t ns, struct lane *lane)
{
	if (lane->in_base)
		end_slice(packet, ns, track_id(TRACK_RING0, lane->cpu));
	lane->in_base = false;
}

void lane_leave_ring3(struct perfetto_packet *packet, uint64_t ns, struct lane *lane)
{
	if (lane->in_ring3)
		end_slice(packet, ns, track_id(TRACK_RING3, lane->cpu));
	lane->in_ring3 = false;
}

/* Nothing is open on the CPU's tracks any more. */
static void leave(struct perfetto_packet *packet, uint64_t ns, struct lane *lane)
{
	lane_leave_ring3(packet, ns, lane);
	for (size_t i = 0; lane->thread && i < lane->thread->depth; i++)
		end_slice(packet, ns, track_id(TRACK_RING0, lane->cpu));
	lane_leave_base(packet, ns, lane);
	if (lane->thread)
		lane->thread->lane = NULL;
	lane->thread = NULL;
}

void lane_switch(struct perfetto_packet *packet, uint64_t ns, struct lane *lane, struct thread *thread)
{
	if (lane->thread == thread)
		return;
	leave(packet, ns, lane);
	if (thread->lane)
		leave(packet, ns, thread->lane);
	lane->thread = thread;
	thread->lane = lane;
	for (size_t i = 0; i < thread->depth; i++) {
		lane_begin_slice(packet, ns, thread, &thread->open[i], SLICE_BEGIN);
		annotate_bool(packet, KEY_CONTINUED, true);
		packet_close(packet);
	}
}

bool thread_push(struct thread *thread, const struct open_slice *slice)
{
	if (thread->depth == CROSSINGS_SHOWN)
		return false;
	if (thread->depth == thread->capacity) {
		size_t capacity = thread->capacity ? 2 * thread->capacity : 4;
		struct open_slice *open = realloc(thread->open, capacity * sizeof(*open));

		if (!open)
			return false;
		thread->open = open;
		thread->capacity = capacity;
	}
	thread->open[thread->depth++] = *slice;
	return true;
}

void thread_abandon(struct perfetto_packet *packet, uint64_t ns, struct thread *thread, const char *why)
{
	thread->depth--;
	packet_track_event(packet, ns, SLICE_END, thread->track);
	annotate_interned(packet, KEY_RETURN, why, SIZE_MAX);
	packet_close(packet);
	if (thread->lane)
		end_slice(packet, ns, track_id(TRACK_RING0, thread->lane->cpu));
}

/* ---- threads ----------------------------------------------------------------------------------------------------- */

static void abandon_all(struct perfetto_packet *packet, uint64_t ns, struct thread *thread, const char *why)
{
	while (thread->depth > 0)
		thread_abandon(packet, ns, thread, why);
	if (thread->lane)
		leave(packet, ns, thread->lane);
	free(thread->open);
	thread->open = NULL;
	thread->capacity = 0;
}

/* The thread that `link` of a bucket points to */
static void end_linked(struct perfetto_threads *threads, struct perfetto_packet *packet, uint64_t ns,
		       struct thread **link, const char *why)
{
	struct thread *thread = *link;

	abandon_all(packet, ns, thread, why);
	*link = thread->next;
	threads->count--;
	free(thread);
}

void thread_end(struct perfetto_threads *threads, struct perfetto_packet *packet, uint64_t ns, struct thread *thread,
		const char *why)
{
	struct thread **link = bucket_of(threads, thread->tid);

	while (*link != thread)
		link = &(*link)->next;
	end_linked(threads, packet, ns, link, why);
}

/* Makes room for one more: forgets one that no CPU runs. */
static void evict(struct perfetto_threads *threads, struct perfetto_packet *packet, uint64_t ns)
{
	for (size_t tries = 0; tries < THREAD_BUCKETS; tries++) {
		struct thread *thread = threads->buckets[threads->next_victim++ % THREAD_BUCKETS];

		while (thread && thread->lane)
			thread = thread->next;
		if (thread) {
			thread_end(threads, packet, ns, thread, "not seen: too many threads to keep");
			return;
		}
	}
}

static struct thread *thread_of_nobody(struct perfetto_packet *packet, struct lane *lane)
{
	lane->nobody.track = track_id(TRACK_NOBODY, lane->cpu);
	if (!lane->nobody_known)
		track_describe_nobody(packet, lane->cpu);
	lane->nobody_known = true;
	return &lane->nobody;
}

struct thread *thread_get(struct perfetto_threads *threads, struct perfetto_packet *packet, uint64_t ns,
			  struct lane *lane, uint32_t pid, uint32_t tid, const char *name)
{
	struct thread *thread;

	if (pid == 0 && tid == 0)
		return thread_of_nobody(packet, lane);
	thread = thread_find(threads, pid, tid);
	if (thread)
		return thread;
	if (threads->count == THREADS_MAX)
		evict(threads, packet, ns);
	thread = calloc(1, sizeof(*thread));
	if (!thread)
		return thread_of_nobody(packet, lane);
	thread->tid = tid ? tid : pid;
	thread->pid = pid ? pid : tid;
	thread->track = track_id(TRACK_THREAD, thread->tid);
	strncpy(thread->name, name, sizeof(thread->name) - 1);
	if (thread->pid == thread->tid || !thread_find(threads, thread->pid, thread->pid))
		track_describe_process(packet, thread->pid, thread->name, sizeof(thread->name));
	track_describe_thread(packet, thread->pid, thread->tid, thread->name, sizeof(thread->name));
	thread->next = *bucket_of(threads, thread->tid);
	*bucket_of(threads, thread->tid) = thread;
	threads->count++;
	return thread;
}

void threads_close(struct perfetto_threads *threads, struct perfetto_packet *packet, uint64_t ns)
{
	static const char why[] = "not seen: the trace ends";

	for (size_t i = 0; i < THREAD_BUCKETS; i++)
		while (threads->buckets[i])
			end_linked(threads, packet, ns, &threads->buckets[i], why);
	for (size_t i = 0; i < VMM_CPUS_MAX; i++) {
		if (!threads->lanes[i].known)
			continue;
		abandon_all(packet, ns, &threads->lanes[i].nobody, why);
		leave(packet, ns, &threads->lanes[i]);
	}
}
