/* SPDX-License-Identifier: MIT */
/*
 * text_layout.c: one address space, in the order of its addresses: the user half, the hole, the kernel half.
 */
#include <inttypes.h>
#include <string.h>

#include "text.h"

#define COLUMN_SIZE_END 47
#define COLUMN_RING3    49
#define COLUMN_RING0    55
#define COLUMN_PAGE_END 67
#define COLUMN_FRAMES   69
#define COLUMN_NAME     82
#define COLUMN_NOTES    100
#define MOST_PIDS       8 /* shown; JSON has them all */
#define SIGN_BIT        (UINT64_C(1) << 63)

static void text_rights(struct text_line *line, bool readable, bool writable, bool executable)
{
	bool forbidden = writable && executable;

	if (forbidden)
		line_color(line, COLOR_RED);
	line_printf(line, "%c%c%c", readable ? 'r' : '-', writable ? 'w' : '-', executable ? 'x' : '-');
	if (forbidden)
		line_color(line, COLOR_NONE);
}

static bool is_wx(const struct event_region *region)
{
	return (region->writable && region->executable) || (region->kernel_writable && region->kernel_executable);
}

/* "2 shared with 2,3; 1 copy-on-write"; nothing for most regions */
static void text_region_notes(struct text_line *line, const struct event_region *region)
{
	const char *separator = "";

	if (region->shared_frames) {
		line_printf(line, "%" PRIu64 " shared", region->shared_frames);
		for (size_t i = 0; i < region->shared_with_count && i < MOST_PIDS; i++)
			line_printf(line, "%s%" PRIu32, i ? "," : " with ", region->shared_with[i]);
		if (region->shared_with_count > MOST_PIDS)
			line_printf(line, " and %zu more", region->shared_with_count - MOST_PIDS);
		separator = "; ";
	}
	if (region->cow_pages) {
		line_printf(line, "%s%" PRIu64 " copy-on-write", separator, region->cow_pages);
		separator = "; ";
	}
	if (is_wx(region)) {
		line_color(line, COLOR_RED);
		line_printf(line, "%swritable AND executable", separator);
		line_color(line, COLOR_NONE);
	}
}

static void text_range(struct text_line *line, uint64_t start, uint64_t end)
{
	struct text_unit unit;

	line_printf(line, "%016" PRIx64 "-", start);
	if (end)
		line_printf(line, "%016" PRIx64, end);
	else
		line_printf(line, "2^64");
	line_right(line, COLUMN_SIZE_END, unit_bytes(&unit, end - start));
}

static void text_region(struct text_line *line, const struct event_region *region)
{
	struct text_unit unit;

	if (region->guard)
		line_color(line, COLOR_DIM);
	text_range(line, region->start, region->end);
	line_gap(line, COLUMN_RING3);
	if (region->ring == 3)
		text_rights(line, region->readable, region->writable, region->executable);
	else
		line_printf(line, "---");
	line_to(line, COLUMN_RING0);
	if (region->ring == 3)
		text_rights(line, region->kernel_readable, region->kernel_writable, region->kernel_executable);
	else
		text_rights(line, region->readable, region->writable, region->executable);
	if (!region->guard) {
		line_right(line, COLUMN_PAGE_END, unit_bytes(&unit, region->page));
		line_gap(line, COLUMN_FRAMES);
		line_printf(line, "%" PRIx64 "%s", region->phys, region->contiguous ? "" : "...");
	}
	line_gap(line, COLUMN_NAME);
	if (region->name[0])
		line_array(line, region->name);
	else
		line_printf(line, region->guard ? "guard" : "-");
	if (region->shared_frames || region->cow_pages || is_wx(region)) {
		line_gap(line, COLUMN_NOTES);
		text_region_notes(line, region);
	}
	if (region->guard)
		line_color(line, COLOR_NONE);
	line_end(line);
}

static void text_user_regions(struct text_line *line, const struct event_address_space *space)
{
	for (size_t i = 0; i < space->region_count; i++)
		if (!(space->regions[i].start & SIGN_BIT))
			text_region(line, &space->regions[i]);
}

static uint64_t mix(uint64_t mark, uint64_t value)
{
	return (mark ^ value) * UINT64_C(0x100000001b3); /* FNV-1a, a word at a time */
}

/* The same for two regions that would be shown alike. */
static uint64_t region_mark(const struct event_region *region)
{
	uint64_t mark = mix(mix(mix(UINT64_C(0xcbf29ce484222325), region->start), region->end), region->phys);

	mark = mix(mark, region->ring | (uint64_t)region->guard << 8 | (uint64_t)region->writable << 9 |
				 (uint64_t)region->executable << 10 | (uint64_t)region->contiguous << 11);
	for (const char *letter = region->name; *letter; letter++)
		mark = mix(mark, (unsigned char)*letter);
	return mark;
}

static bool is_known(const struct text_state *state, uint64_t mark)
{
	for (size_t i = 0; i < state->kernel_region_count; i++)
		if (state->kernel_regions[i] == mark)
			return true;
	return false;
}

/* Shows the kernel's regions that the last picture did not have, and remembers all for the next one. */
static void text_kernel_regions(struct text_line *line, const struct event_address_space *space,
				struct text_state *state)
{
	uint64_t marks[TEXT_KERNEL_REGIONS] = {0};
	size_t count = 0, known = 0;

	for (size_t i = 0; i < space->region_count; i++) {
		uint64_t mark = region_mark(&space->regions[i]);

		if (!(space->regions[i].start & SIGN_BIT))
			continue;
		if (count < TEXT_KERNEL_REGIONS)
			marks[count++] = mark;
		if (is_known(state, mark))
			known++;
		else
			text_region(line, &space->regions[i]);
	}
	memcpy(state->kernel_regions, marks, count * sizeof(marks[0]));
	state->kernel_region_count = count;
	if (known > 0) {
		line_color(line, COLOR_DIM);
		line_printf(line, "  %s%zu region%s as in the picture before", count > known ? "and " : "", known,
			    known == 1 ? "" : "s");
		line_color(line, COLOR_NONE);
		line_end(line);
	}
}

/* One of the three parts of the 64-bit space: its range, then what follows the name */
static void text_part(struct text_line *line, const char *name, uint64_t start, uint64_t size)
{
	line_color(line, COLOR_BOLD);
	text_range(line, start, start + size);
	line_printf(line, "  %s", name);
	line_color(line, COLOR_NONE);
}

static void text_mapped(struct text_line *line, uint64_t bytes, uint64_t pages)
{
	struct text_unit unit;

	line_printf(line, ": %s mapped, %" PRIu64 " page%s", unit_bytes(&unit, bytes), pages, pages == 1 ? "" : "s");
}

static void text_title(struct text_line *line, const struct event_address_space *space)
{
	line_color(line, COLOR_BOLD);
	line_printf(line, "Address space of process %" PRIu32, space->pid);
	if (space->name[0]) {
		line_printf(line, " (");
		line_array(line, space->name);
		line_printf(line, ")");
	}
	line_color(line, COLOR_NONE);
	if (space->parent)
		line_printf(line, ", child of %" PRIu32, space->parent);
	line_printf(line, ", CR3 0x%" PRIx64 ", at %s", space->cr3, strcmp(space->when, "switch") ? "the " : "a ");
	line_string(line, space->when);
	line_end(line);
}

static void text_column_titles(struct text_line *line)
{
	line_color(line, COLOR_DIM);
	line_printf(line, "START            END");
	line_right(line, COLUMN_SIZE_END, "SIZE");
	line_gap(line, COLUMN_RING3);
	line_printf(line, "RING3 RING0");
	line_right(line, COLUMN_PAGE_END, "PAGE");
	line_gap(line, COLUMN_FRAMES);
	line_printf(line, "FRAMES");
	line_gap(line, COLUMN_NAME);
	line_printf(line, "NAME");
	line_gap(line, COLUMN_NOTES);
	line_printf(line, "PAGES");
	line_color(line, COLOR_NONE);
	line_end(line);
}

/* What was checked, in words; the bad news in red */
static void text_facts(struct text_line *line, const struct event_address_space *space, bool whole)
{
	line_printf(line, "  kernel half: %u top-level entr%s, ", space->kernel_tables,
		    space->kernel_tables == 1 ? "y" : "ies");
	if (!space->compared_with) {
		line_printf(line, "no other address space to compare with");
	} else if (space->kernel_half_shared) {
		line_printf(line, "the same tables in all %u address spaces (checked)", space->compared_with + 1);
	} else {
		line_color(line, COLOR_RED);
		line_printf(line, "NOT the same in all %u address spaces", space->compared_with + 1);
		line_color(line, COLOR_NONE);
	}
	line_end(line);
	if (space->wx_pages) {
		line_color(line, COLOR_RED);
		line_printf(line, "  W^X: %" PRIu64 " page%s both writable and executable", space->wx_pages,
			    space->wx_pages == 1 ? " is" : "s are");
		line_color(line, COLOR_NONE);
		line_end(line);
	} else if (whole) {
		line_printf(line, "  W^X: no page is both writable and executable");
		line_end(line);
	}
	if (space->problems) {
		line_color(line, COLOR_RED);
		line_printf(line, "  page tables: %" PRIu64 " entr%s outside RAM or with reserved bits, not followed",
			    space->problems, space->problems == 1 ? "y" : "ies");
		line_color(line, COLOR_NONE);
		line_end(line);
	}
}

void text_layout(struct text_line *line, const struct event_address_space *space, struct text_state *state)
{
	bool whole = !state->pictured;

	state->pictured = true;
	line_end(line);
	text_title(line, space);
	if (whole)
		text_column_titles(line);
	text_part(line, "USER HALF", 0, space->user_half);
	text_mapped(line, space->user_bytes, space->user_pages);
	line_printf(line, ", %" PRIu64 " page table%s of its own", space->table_pages,
		    space->table_pages == 1 ? "" : "s");
	line_end(line);
	text_user_regions(line, space);
	if (whole) {
		text_part(line, "HOLE", space->user_half, space->hole);
		line_printf(line, ": no address in it is canonical");
		line_end(line);
	}
	text_part(line, "KERNEL HALF", -space->kernel_half, space->kernel_half);
	text_mapped(line, space->kernel_bytes, space->kernel_pages);
	line_end(line);
	text_kernel_regions(line, space, state);
	text_facts(line, space, whole);
}
