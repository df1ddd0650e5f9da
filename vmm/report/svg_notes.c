/* SPDX-License-Identifier: MIT */
/* svg_notes.c: the sentences below the picture: how to read it, what was checked, what is not in it. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "svg_picture.h"

#define PIDS_NAMED 8

__attribute__((format(printf, 2, 3))) static void add_note(struct svg_notes *notes, const char *format, ...)
{
	va_list arguments;

	if (notes->count == SVG_NOTES)
		return;
	va_start(arguments, format);
	vsnprintf(notes->lines[notes->count++], sizeof(notes->lines[0]), format, arguments);
	va_end(arguments);
}

static void note_left_out(struct svg_notes *notes, const struct svg_spaces *spaces)
{
	char pids[160] = "";
	size_t used = 0;

	if (spaces->left_out_count == 0)
		return;
	for (size_t i = 0; i < spaces->left_out_count && i < PIDS_NAMED; i++) {
		bool pid = spaces->left_out[i] >> 63 == 0;

		used += (size_t)snprintf(pids + used, sizeof(pids) - used, pid ? "%s%" PRIu64 : "%s0x%" PRIx64,
					 i > 0 ? ", " : "", spaces->left_out[i] & ~(UINT64_C(1) << 63));
		if (used > sizeof(pids) - 32)
			break;
	}
	add_note(notes, "Not drawn: %s%zu more process%s (%s%s); --format html or json has all.",
		 spaces->more_left_out ? "more than " : "", spaces->left_out_count,
		 spaces->left_out_count == 1 ? "" : "es", pids, spaces->left_out_count > PIDS_NAMED ? ", ..." : "");
}

static void note_kernel(struct svg_notes *notes, const struct svg_rows *rows)
{
	const struct svg_space *space = &rows->columns[rows->kernel];

	if (!rows->one_kernel)
		add_note(notes, "The kernel half is NOT the same tables in all processes: each column has its own.");
	else if (rows->columns_count > 1)
		add_note(
			notes,
			"The kernel half is one set of page tables in all address spaces (checked); drawn as it was %s of process %" PRIu32
			".",
			space->facts.when, space->facts.pid);
	else if (space->facts.compared_with > 0 && space->facts.kernel_half_shared)
		add_note(notes, "The kernel half is the same page tables in all %u address spaces (checked).",
			 space->facts.compared_with + 1);
}

static void note_limits(struct svg_notes *notes, const struct svg_picture *picture)
{
	uint64_t problems = 0;
	size_t cut = 0;

	for (size_t i = 0; i < picture->spaces->count; i++) {
		problems += picture->spaces->columns[i].facts.problems;
		cut += picture->spaces->columns[i].cut;
	}
	if (cut > 0)
		add_note(notes,
			 "Not drawn: %zu regions, the ones behind the first %d of a process; --format json has all.",
			 cut, SVG_REGIONS);
	if (problems > 0)
		add_note(notes,
			 "%" PRIu64 " entries of page tables could not be followed: outside RAM, or reserved bits.",
			 problems);
	if (picture->spaces->no_memory)
		add_note(notes, "An address space is missing: there was no memory to keep it.");
}

void svg_notes_make(struct svg_notes *notes, const struct svg_picture *picture)
{
	struct svg_size linear;

	add_note(
		notes,
		"To scale: up to %s, one page of 4 KiB as high as a line of text. What is larger is broken at the zigzag, and the rest left out.",
		svg_bytes(&linear, picture->rows.linear * UINT64_C(4096)));
	add_note(notes, "Numbers at the left edge of a region: the ring that reaches it, 3 (user) or 0 (kernel only).");
	note_kernel(notes, &picture->rows);
	note_left_out(notes, picture->spaces);
	note_limits(notes, picture);
}
