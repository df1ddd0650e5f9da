/* SPDX-License-Identifier: MIT */
/*
 * svg_rows.h: the vertical scale of the picture. Every address at which some region begins or ends is a line across all
 * columns; what lies between two lines is a row. Small rows are drawn to one scale, larger ones are broken: they get a
 * fixed height, a zigzag, and their size in words. Long repetitions (the stacks of 200 threads) are folded into one.
 *
 *   2^64         +-------------+  rows[row_count - 1]
 *                | kernel half |
 *   kernel_start +-------------+
 *                |  the hole   |  one row
 *   user_end     +-------------+
 *                |  user half  |
 *   0            +-------------+  rows[0]
 */
#ifndef VMM_REPORT_SVG_ROWS_H
#define VMM_REPORT_SVG_ROWS_H

#include "svg_spaces.h"

#define SVG_PAGE        16 /* the height of 4 KiB, and the least of a row: a line of text */
#define SVG_HEADING     30 /* above the rows of each half */
#define SVG_FOLD_HEIGHT 34

struct svg_row {
	uint64_t start, size; /* bytes */
	int y, height;        /* y: of its upper edge, from the top of the rows */
	bool mapped;          /* some column has a region here */
	bool hole;            /* between the halves, where no address is canonical */
	bool broken;          /* not to scale */
	bool folded;          /* not drawn; the lowest row of a fold stands for the others, which have no height */
	size_t fold;          /* rows folded, in the lowest of them; 0 in the others */
};

struct svg_rows {
	const struct svg_space *columns;
	size_t columns_count;
	bool one_kernel; /* the kernel half is the same in all columns, and drawn once, */
	size_t kernel;   /* as this column has it: the latest one */
	uint64_t user_end, kernel_start;
	struct svg_row *rows;
	size_t count;
	uint32_t *cover; /* for each column its rows: 0: nothing there, else the index of a region, and 1 */
	unsigned linear; /* pages that are drawn to scale at most */
	int height, kernel_y, user_y; /* of all; where the headings of the halves begin */
};

/* Borrows the columns, one at least. False: no memory. Afterwards svg_rows_free() in any case. */
bool svg_rows_make(struct svg_rows *rows, const struct svg_spaces *spaces);
void svg_rows_free(struct svg_rows *rows);

/* Is a region drawn in this column? Not if it ends where it begins or before, and not if another column shows the
   kernel half for all. */
bool svg_rows_shows(const struct svg_rows *rows, size_t column, const struct event_region *region);

/* The region that a column shows in a row, or NULL. */
const struct event_region *svg_rows_at(const struct svg_rows *rows, size_t column, size_t row);

/* The rows [first, last] of a region that is shown. */
void svg_rows_of(const struct svg_rows *rows, const struct event_region *region, size_t *first, size_t *last);

/* Marks the rows that are folded. */
void svg_rows_fold(struct svg_rows *rows);

#endif
