/* SPDX-License-Identifier: MIT */
/* svg_spaces.c: copies of address spaces, and a limit to them. */
#include "svg_spaces.h"

#include <stdlib.h>
#include <string.h>

/* A process by its pid; where that is unknown, by its page tables. The two cannot meet: CR3 holds a page's address. */
static uint64_t identity(const struct event_address_space *space)
{
	return space->pid != 0 ? space->pid : space->cr3 | UINT64_C(1) << 63;
}

static void space_free(struct svg_space *space)
{
	free((struct event_region *)(uintptr_t)space->facts.regions);
	free(space->pids);
	*space = (struct svg_space){0};
}

static size_t kept_pids(const struct event_region *region)
{
	return region->shared_with_count < SVG_PIDS ? region->shared_with_count : SVG_PIDS;
}

static const char *moment(const char *when)
{
	if (strcmp(when, "start") == 0)
		return "at the start";
	if (strcmp(when, "switch") == 0)
		return "at a switch";
	return strcmp(when, "end") == 0 ? "at the end" : "";
}

static bool space_copy(struct svg_space *copy, const struct event *event)
{
	const struct event_address_space *space = &event->address_space;
	size_t count = space->region_count < SVG_REGIONS ? space->region_count : SVG_REGIONS, pids = 0;
	struct event_region *regions = calloc(count + 1, sizeof(*regions));

	*copy = (struct svg_space){.facts = *space, .seq = event->seq, .cut = space->region_count - count};
	copy->facts.when = moment(space->when);
	copy->facts.regions = regions;
	copy->facts.region_count = count;
	for (size_t i = 0; i < count; i++)
		pids += kept_pids(&space->regions[i]);
	copy->pids = calloc(pids + 1, sizeof(*copy->pids));
	if (regions == NULL || copy->pids == NULL) {
		space_free(copy);
		return false;
	}
	pids = 0;
	for (size_t i = 0; i < count; i++) {
		size_t kept = kept_pids(&space->regions[i]);

		regions[i] = space->regions[i];
		regions[i].shared_with = copy->pids + pids;
		for (size_t j = 0; j < kept; j++)
			copy->pids[pids++] = space->regions[i].shared_with[j];
	}
	return true;
}

static void leave_out(struct svg_spaces *spaces, uint64_t who)
{
	for (size_t i = 0; i < spaces->left_out_count; i++)
		if (spaces->left_out[i] == who)
			return;
	if (spaces->left_out_count == SVG_LEFT_OUT)
		spaces->more_left_out = true;
	else
		spaces->left_out[spaces->left_out_count++] = who;
}

void svg_spaces_keep(struct svg_spaces *spaces, const struct event *event)
{
	uint64_t who = identity(&event->address_space);
	struct svg_space copy;
	size_t column = 0;

	while (column < spaces->count && identity(&spaces->columns[column].facts) != who)
		column++;
	if (column == SVG_COLUMNS) {
		leave_out(spaces, who);
		return;
	}
	if (!space_copy(&copy, event)) {
		spaces->no_memory = true;
		return;
	}
	if (column == spaces->count)
		spaces->count++;
	else
		space_free(&spaces->columns[column]);
	spaces->columns[column] = copy;
}

void svg_spaces_free(struct svg_spaces *spaces)
{
	for (size_t i = 0; i < spaces->count; i++)
		space_free(&spaces->columns[i]);
	spaces->count = 0;
}
