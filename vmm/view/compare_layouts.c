/* SPDX-License-Identifier: MIT */
/*
 * compare_layouts.c: address spaces of the same process at the same time, region by region in the order of addresses.
 * Frames are not compared: which one a page has is chance. The kernel half, where all address spaces have the same, is
 * compared once.
 */
#include <stdio.h>
#include <string.h>

#include "compare_parts.h"

#define SIGN_BIT (UINT64_C(1) << 63)

static void tell(struct comparison *comparison, const struct profile_space *space, enum diff_change change,
		 const struct event_region *a, const struct event_region *b)
{
	const struct diff_region region = {.space = space, .change = change, .a = a, .b = b};

	comparison->differences[DIFF_LAYOUT]++;
	comparison->sink->region(comparison->state, &region);
}

static bool same_rights(const struct event_region *a, const struct event_region *b)
{
	return a->ring == b->ring && a->readable == b->readable && a->writable == b->writable &&
	       a->executable == b->executable && a->kernel_readable == b->kernel_readable &&
	       a->kernel_writable == b->kernel_writable && a->kernel_executable == b->kernel_executable;
}

static bool same_region(const struct event_region *a, const struct event_region *b)
{
	return a->end == b->end && same_rights(a, b) && a->guard == b->guard && a->page == b->page &&
	       a->shared_frames == b->shared_frames && a->shared_with_count == b->shared_with_count &&
	       a->cow_pages == b->cow_pages && strcmp(a->name, b->name) == 0;
}

static const struct event_region *region_at(const struct event_address_space *space, size_t i, bool kernel_half)
{
	return i < space->region_count && (kernel_half || !(space->regions[i].start & SIGN_BIT)) ? &space->regions[i]
												 : NULL;
}

static void compare_regions(struct comparison *comparison, const struct profile_space *left,
			    const struct profile_space *right, bool kernel_half)
{
	size_t i = 0, k = 0;

	for (;;) {
		const struct event_region *a = region_at(&left->space, i, kernel_half);
		const struct event_region *b = region_at(&right->space, k, kernel_half);

		if (a == NULL && b == NULL)
			return;
		if (b == NULL || (a != NULL && a->start < b->start)) {
			tell(comparison, left, DIFF_ONLY_A, a, NULL);
			i++;
		} else if (a == NULL || b->start < a->start) {
			tell(comparison, left, DIFF_ONLY_B, NULL, b);
			k++;
		} else {
			if (!same_region(a, b))
				tell(comparison, left, DIFF_CHANGED, a, b);
			i++;
			k++;
		}
	}
}

static const struct profile_space *find_space(const struct profile *profile, unsigned process, enum profile_when when)
{
	for (size_t i = 0; i < profile->space_count; i++)
		if (profile->spaces[i].process == process && profile->spaces[i].when == when)
			return &profile->spaces[i];
	return NULL;
}

static void compare_totals(struct comparison *comparison, const struct profile_space *left,
			   const struct profile_space *right, const char *what)
{
	const struct event_address_space *a = &left->space, *b = &right->space;
	char text[96];

	snprintf(text, sizeof(text), "%s, page tables of its own", what);
	compare_numbers(comparison, DIFF_LAYOUT, text, a->table_pages, b->table_pages, true);
	snprintf(text, sizeof(text), "%s, kernel half shared", what);
	compare_numbers(comparison, DIFF_LAYOUT, text, a->kernel_half_shared, b->kernel_half_shared, true);
	snprintf(text, sizeof(text), "%s, pages writable and executable", what);
	compare_numbers(comparison, DIFF_LAYOUT, text, a->wx_pages, b->wx_pages, true);
	snprintf(text, sizeof(text), "%s, entries that lead nowhere", what);
	compare_numbers(comparison, DIFF_LAYOUT, text, a->problems, b->problems, true);
}

static void compare_pair(struct comparison *comparison, unsigned process, enum profile_when when, bool *kernel_half)
{
	const struct profile_space *a = find_space(comparison->sides[0], process, when);
	const struct profile_space *b = find_space(comparison->sides[1], process, when);
	char what[48];

	snprintf(what, sizeof(what), "process %u at the %s", process, when == PROFILE_AT_START ? "start" : "end");
	if (a == NULL || b == NULL) {
		compare_texts(comparison, DIFF_LAYOUT, what, a != NULL ? "an address space" : NULL,
			      b != NULL ? "an address space" : NULL, true);
		return;
	}
	compare_regions(comparison, a, b, *kernel_half || !a->space.kernel_half_shared || !b->space.kernel_half_shared);
	compare_totals(comparison, a, b, what);
	*kernel_half = false;
}

void compare_layouts(struct comparison *comparison)
{
	const struct profile *a = comparison->sides[0], *b = comparison->sides[1];
	unsigned processes = a->people.count > b->people.count ? a->people.count : b->people.count;

	if (a->space_count == 0 || b->space_count == 0) {
		compare_texts(comparison, DIFF_LAYOUT, "address spaces", a->space_count ? "recorded" : NULL,
			      b->space_count ? "recorded" : NULL, true);
		return;
	}
	for (unsigned when = 0; when < PROFILE_WHENS; when++) {
		bool kernel_half = true;

		for (unsigned process = 1; process <= processes; process++)
			compare_pair(comparison, process, (enum profile_when)when, &kernel_half);
	}
	if (a->spaces_incomplete || b->spaces_incomplete)
		compare_texts(comparison, DIFF_LAYOUT, "not compared", "more regions than fit", "", true);
}
