/* SPDX-License-Identifier: MIT */
/* profile.c: one function for each type of event that leaves something behind. */
#include "profile.h"

#include <stdlib.h>
#include <string.h>

bool profile_open(struct profile *profile)
{
	return counts_open(&profile->counts);
}

void profile_close(struct profile *profile)
{
	for (size_t i = 0; i < profile->space_count; i++)
		free(profile->spaces[i].regions);
	free(profile->spaces);
	free(profile->rows);
	people_close(&profile->people);
	counts_close(&profile->counts);
}

static bool take_summary(struct profile *profile, const struct event_summary *summary)
{
	size_t size = summary->row_count * sizeof(*profile->rows);

	free(profile->rows);
	profile->rows = malloc(size ? size : 1);
	if (profile->rows == NULL)
		return false;
	if (size)
		memcpy(profile->rows, summary->rows, size);
	profile->summary = *summary;
	profile->summary.rows = profile->rows;
	return true;
}

/* The place of an address space: where its last picture was, or behind the others. */
static struct profile_space *place_of(struct profile *profile, unsigned process, enum profile_when when)
{
	for (size_t i = profile->space_count; i-- > 0;)
		if (profile->spaces[i].process == process && profile->spaces[i].when == when)
			return &profile->spaces[i];
	if (profile->space_count == profile->space_room) {
		size_t room = profile->space_room ? 2 * profile->space_room : 16;
		struct profile_space *spaces = realloc(profile->spaces, room * sizeof(*spaces));

		if (spaces == NULL)
			return NULL;
		profile->spaces = spaces;
		profile->space_room = room;
	}
	profile->spaces[profile->space_count] = (struct profile_space){.process = process, .when = when};
	return &profile->spaces[profile->space_count++];
}

static bool take_space(struct profile *profile, const struct event_address_space *space)
{
	unsigned process = people_process(&profile->people, space->pid);
	enum profile_when when = strcmp(space->when, "end") == 0 ? PROFILE_AT_END : PROFILE_AT_START;
	struct profile_space *place;
	struct event_region *regions;

	if (strcmp(space->when, "switch") == 0)
		return true;
	if (process == 0 || profile->region_count + space->region_count > PROFILE_REGIONS) {
		profile->spaces_incomplete = true;
		return true;
	}
	regions = malloc((space->region_count + 1) * sizeof(*regions));
	place = regions != NULL ? place_of(profile, process, when) : NULL;
	if (place == NULL) {
		free(regions);
		return false;
	}
	if (space->region_count)
		memcpy(regions, space->regions, space->region_count * sizeof(*regions));
	for (size_t i = 0; i < space->region_count; i++)
		regions[i].shared_with = NULL; /* it was the reader's */
	profile->region_count += space->region_count - place->space.region_count;
	free(place->regions);
	place->regions = regions;
	place->space = *space;
	place->space.regions = regions;
	return true;
}

static void take_end(struct profile *profile, const struct event_end *end)
{
	profile->has_end = true;
	profile->end = *end;
	profile->end.doubts = NULL;
	profile->end.missing = NULL;
}

bool profile_event(struct profile *profile, const struct event *event)
{
	profile->ns = event->ns;
	counts_event(&profile->counts, event);
	switch (event->type) {
	case EVENT_START:
		profile->start = event->start;
		return true;
	case EVENT_PROCESS:
		people_event(&profile->people, event);
		return true;
	case EVENT_ADDRESS_SPACE:
		return take_space(profile, &event->address_space);
	case EVENT_SUMMARY:
		return take_summary(profile, &event->summary);
	case EVENT_END:
		take_end(profile, &event->end);
		return true;
	default:
		return true;
	}
}

void profile_finish(struct profile *profile)
{
	if (profile->rows == NULL)
		counts_summary(&profile->counts, profile->ns, &profile->summary);
}
