/* SPDX-License-Identifier: MIT */
/* crossings.c: the open entries of all processes, in one list in order of time. */
#include "crossings.h"

#include <stdlib.h>
#include <string.h>

unsigned crossings_depth(const struct crossings *crossings, uint64_t context)
{
	unsigned depth = 0;

	for (size_t i = 0; i < crossings->count; i++)
		depth += crossings->open[i].context == context;
	return depth;
}

const struct crossing *crossings_innermost(const struct crossings *crossings, uint64_t context)
{
	for (size_t i = crossings->count; i-- > 0;)
		if (crossings->open[i].context == context && !crossings->open[i].hidden)
			return &crossings->open[i];
	return NULL;
}

static void remove_at(struct crossings *crossings, size_t index)
{
	crossings->count--;
	memmove(&crossings->open[index], &crossings->open[index + 1],
		(crossings->count - index) * sizeof(crossings->open[0]));
}

void crossings_enter(struct crossings *crossings, const struct crossing *entry)
{
	if (crossings->count == CROSSINGS_OPEN_MAX) {
		free(crossings->open[0].call);
		remove_at(crossings, 0);
		crossings->dropped++;
	}
	crossings->open[crossings->count++] = *entry;
}

/* The frame's address on a kernel stack says exactly which entry it was; a `syscall`, or a kernel that moves frames,
   leaves only the order: the innermost entry of the process that came from the ring to which the CPU now goes. */
static size_t find(const struct crossings *crossings, uint64_t context, unsigned to, gva_t frame)
{
	for (size_t i = crossings->count; i-- > 0;)
		if (frame != 0 && crossings->open[i].context == context && crossings->open[i].frame == frame &&
		    crossings->open[i].from == to)
			return i;
	for (size_t i = crossings->count; i-- > 0;)
		if (crossings->open[i].context == context && crossings->open[i].from == to)
			return i;
	return CROSSINGS_OPEN_MAX;
}

bool crossings_leave(struct crossings *crossings, uint64_t context, unsigned to, gva_t frame, struct crossing *entry)
{
	size_t found = find(crossings, context, to, frame);

	if (found == CROSSINGS_OPEN_MAX)
		return false;
	*entry = crossings->open[found];
	for (size_t i = crossings->count; i-- > found;) {
		if (crossings->open[i].context != context)
			continue;
		if (i != found) {
			crossings->unreturned++;
			crossings->unreturned_seq = crossings->open[i].seq; /* goes down: the last one is the first */
			free(crossings->open[i].call);
		}
		remove_at(crossings, i);
	}
	return true;
}

void crossings_count_exit(struct crossings *crossings, uint64_t context)
{
	for (size_t i = 0; i < crossings->count; i++)
		if (crossings->open[i].context == context)
			crossings->open[i].exits++;
}

void crossings_count_nested(struct crossings *crossings, uint64_t context, enum cause cause)
{
	for (size_t i = 0; i < crossings->count; i++) {
		if (crossings->open[i].context != context)
			continue;
		crossings->open[i].faults += cause == CAUSE_EXCEPTION;
		crossings->open[i].interrupts += cause == CAUSE_INTERRUPT || cause == CAUSE_NMI;
	}
}

void crossings_forget(struct crossings *crossings, uint64_t context)
{
	for (size_t i = crossings->count; i-- > 0;) {
		if (crossings->open[i].context != context)
			continue;
		free(crossings->open[i].call);
		remove_at(crossings, i);
	}
}

void crossings_close(struct crossings *crossings)
{
	while (crossings->count > 0)
		free(crossings->open[--crossings->count].call);
}
