/* SPDX-License-Identifier: MIT */
/* order.c: one queue a thread, of whichever side is ahead. */
#include "order.h"

#include <stdlib.h>
#include <string.h>

static struct order_thread *new_thread(struct order *order, unsigned process, unsigned thread)
{
	if (order->thread_count == ORDER_THREADS)
		return NULL;
	if (order->thread_count == order->thread_room) {
		size_t room = order->thread_room ? 2 * order->thread_room : 16;
		struct order_thread *threads = realloc(order->threads, room * sizeof(*threads));

		if (threads == NULL)
			return NULL;
		order->threads = threads;
		order->thread_room = room;
	}
	order->threads[order->thread_count] = (struct order_thread){.process = process, .thread = thread};
	return &order->threads[order->thread_count++];
}

/* Looked for from the end: the youngest have most to do. */
static struct order_thread *find_thread(struct order *order, unsigned process, unsigned thread)
{
	for (size_t i = order->thread_count; i-- > 0;)
		if (order->threads[i].process == process && order->threads[i].thread == thread)
			return &order->threads[i];
	return new_thread(order, process, thread);
}

static void drop_waiting(struct order *order, struct order_thread *thread)
{
	order->waiting -= thread->count;
	free(thread->waiting);
	thread->waiting = NULL;
	thread->first = thread->count = thread->room = 0;
}

static void hash_step(struct order_thread *thread, unsigned side, uint64_t hash)
{
	thread->rest_hash[side] = (thread->rest_hash[side] ^ hash) * UINT64_C(0x9e3779b97f4a7c15);
	thread->rest_hash[side] ^= thread->rest_hash[side] >> 29;
	thread->rest_count[side]++;
}

static void only_hash(struct order *order, struct order_thread *thread)
{
	thread->hashed = true;
	for (size_t i = 0; i < thread->count; i++)
		hash_step(thread, thread->ahead, thread->waiting[(thread->first + i) % thread->room].hash);
	drop_waiting(order, thread);
}

static bool make_room(struct order_thread *thread)
{
	size_t room = thread->room ? 2 * thread->room : 16;
	struct order_step *waiting = malloc(room * sizeof(*waiting));

	if (waiting == NULL)
		return false;
	for (size_t i = 0; i < thread->count; i++)
		waiting[i] = thread->waiting[(thread->first + i) % thread->room];
	free(thread->waiting);
	thread->waiting = waiting;
	thread->first = 0;
	thread->room = room;
	return true;
}

static void wait_for_other(struct order *order, struct order_thread *thread, unsigned side,
			   const struct order_step *step)
{
	if (order->waiting == ORDER_WAITING || (thread->count == thread->room && !make_room(thread))) {
		only_hash(order, thread);
		hash_step(thread, side, step->hash);
		return;
	}
	thread->ahead = side;
	thread->waiting[(thread->first + thread->count++) % thread->room] = *step;
	order->waiting++;
}

static void note_after(struct order_thread *thread, unsigned side, const struct order_step *step)
{
	if (thread->after_count[side] < ORDER_CONTEXT)
		thread->after[side][thread->after_count[side]++] = *step;
}

static void differ(struct order *order, struct order_thread *thread)
{
	thread->differs = true;
	for (size_t i = 0; i < thread->count && i < ORDER_CONTEXT; i++)
		note_after(thread, thread->ahead, &thread->waiting[(thread->first + i) % thread->room]);
	drop_waiting(order, thread);
}

static void compare(struct order *order, struct order_thread *thread, unsigned side, const struct order_step *step)
{
	const struct order_step *other = &thread->waiting[thread->first];

	if (other->hash != step->hash || strcmp(other->text, step->text) != 0) {
		differ(order, thread);
		note_after(thread, side, step);
		return;
	}
	/* shown with the line of the first file */
	thread->before[thread->same++ % ORDER_CONTEXT] = side == 0 ? *step : *other;
	thread->first = (thread->first + 1) % thread->room;
	thread->count--;
	order->waiting--;
}

void order_add(struct order *order, unsigned side, unsigned process, unsigned thread_number,
	       const struct order_step *step)
{
	struct order_thread *thread = find_thread(order, process, thread_number);

	if (thread == NULL)
		order->incomplete = true;
	else if (thread->differs)
		note_after(thread, side, step);
	else if (thread->hashed)
		hash_step(thread, side, step->hash);
	else if (thread->count == 0 || thread->ahead == side)
		wait_for_other(order, thread, side, step);
	else
		compare(order, thread, side, step);
}

void order_finish(struct order *order)
{
	for (size_t i = 0; i < order->thread_count; i++) {
		struct order_thread *thread = &order->threads[i];

		if (thread->count > 0)
			differ(order, thread);
		if (!thread->hashed)
			continue;
		thread->differs = thread->somewhere =
			thread->rest_count[0] != thread->rest_count[1] || thread->rest_hash[0] != thread->rest_hash[1];
		if (!thread->differs)
			thread->same += thread->rest_count[0];
	}
}

void order_close(struct order *order)
{
	for (size_t i = 0; i < order->thread_count; i++)
		free(order->threads[i].waiting);
	free(order->threads);
	*order = (struct order){0};
}
