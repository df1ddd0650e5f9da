/* SPDX-License-Identifier: MIT */
/* svg_rows.c: from regions to rows, and from rows to heights. */
#include "svg_rows.h"

#include <stdlib.h>

#define PAGE        UINT64_C(4096)
#define HALF        (UINT64_C(1) << 47)
#define HEIGHT_AIM  1100 /* with more than that, less is drawn to scale */
#define GAP_HEIGHT  26
#define HOLE_HEIGHT 54
#define BREAK       8 /* the zigzag's, in a row that is broken */

bool svg_rows_shows(const struct svg_rows *rows, size_t column, const struct event_region *region)
{
	if (region->end != 0 && region->end <= region->start)
		return false;
	return !rows->one_kernel || region->start < rows->kernel_start || column == rows->kernel;
}

const struct event_region *svg_rows_at(const struct svg_rows *rows, size_t column, size_t row)
{
	uint32_t cover = rows->cover[column * rows->count + row];

	return cover != 0 ? &rows->columns[column].facts.regions[cover - 1] : NULL;
}

static int compare_addresses(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

/* The index of the row that begins at the address, which is one of the lines. */
static size_t row_from(const struct svg_rows *rows, uint64_t start)
{
	size_t low = 0, high = rows->count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (rows->rows[middle].start <= start)
			low = middle;
		else
			high = middle;
	}
	return low;
}

void svg_rows_of(const struct svg_rows *rows, const struct event_region *region, size_t *first, size_t *last)
{
	*first = row_from(rows, region->start);
	*last = (region->end != 0 ? row_from(rows, region->end) : rows->count) - 1;
}

/* All lines, sorted, each once; returns how many. */
static size_t find_lines(const struct svg_rows *rows, uint64_t *lines)
{
	size_t count = 0, kept = 0;

	lines[count++] = 0;
	lines[count++] = rows->user_end;
	lines[count++] = rows->kernel_start;
	for (size_t column = 0; column < rows->columns_count; column++) {
		const struct event_address_space *space = &rows->columns[column].facts;

		for (size_t i = 0; i < space->region_count; i++) {
			if (!svg_rows_shows(rows, column, &space->regions[i]))
				continue;
			lines[count++] = space->regions[i].start;
			lines[count++] = space->regions[i].end; /* 0, which is there anyway, for 2^64 */
		}
	}
	qsort(lines, count, sizeof(*lines), compare_addresses);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || lines[i] != lines[kept - 1])
			lines[kept++] = lines[i];
	return kept;
}

static bool make_rows(struct svg_rows *rows)
{
	size_t most = 3;
	uint64_t *lines;

	for (size_t column = 0; column < rows->columns_count; column++)
		most += 2 * rows->columns[column].facts.region_count;
	lines = calloc(most, sizeof(*lines));
	if (lines == NULL)
		return false;
	rows->count = find_lines(rows, lines);
	rows->rows = calloc(rows->count, sizeof(*rows->rows));
	rows->cover = calloc(rows->count * rows->columns_count, sizeof(*rows->cover));
	for (size_t i = 0; rows->rows != NULL && i < rows->count; i++) {
		rows->rows[i].start = lines[i];
		rows->rows[i].size = (i + 1 < rows->count ? lines[i + 1] : 0) - lines[i];
	}
	free(lines);
	return rows->rows != NULL && rows->cover != NULL;
}

static void cover_rows(struct svg_rows *rows)
{
	for (size_t column = 0; column < rows->columns_count; column++) {
		const struct event_address_space *space = &rows->columns[column].facts;

		for (size_t i = 0; i < space->region_count; i++) {
			size_t first, last;

			if (!svg_rows_shows(rows, column, &space->regions[i]))
				continue;
			svg_rows_of(rows, &space->regions[i], &first, &last);
			for (size_t row = first; row <= last; row++) {
				rows->cover[column * rows->count + row] = (uint32_t)i + 1;
				rows->rows[row].mapped = true;
			}
		}
	}
	for (size_t i = 0; i < rows->count; i++)
		rows->rows[i].hole = !rows->rows[i].mapped && rows->rows[i].start >= rows->user_end &&
				     rows->rows[i].start < rows->kernel_start;
}

/* The lowest row of a fold has its height: from above, it comes last. */
static int row_height(struct svg_row *row, unsigned linear)
{
	int height = 0;

	row->broken = false;
	if (row->folded)
		return row->fold != 0 ? SVG_FOLD_HEIGHT : 0;
	if (row->hole)
		return HOLE_HEIGHT;
	if (row->size <= linear * PAGE) {
		height = (int)(row->size * SVG_PAGE / PAGE);
		return height > SVG_PAGE ? height : SVG_PAGE;
	}
	row->broken = true;
	if (!row->mapped)
		return GAP_HEIGHT;
	/* A larger one is never less high than a smaller one. */
	for (uint64_t size = row->size; size > linear * PAGE; size /= 2)
		height++;
	return (int)linear * SVG_PAGE + BREAK + height / 2;
}

static int set_heights(struct svg_rows *rows, unsigned linear)
{
	int y = SVG_HEADING;

	rows->linear = linear;
	rows->kernel_y = 0;
	for (size_t i = rows->count; i-- > 0;) {
		struct svg_row *row = &rows->rows[i];

		row->height = row_height(row, linear);
		if (row->start + row->size == rows->user_end) {
			rows->user_y = y;
			y += SVG_HEADING;
		}
		row->y = y;
		y += row->height;
	}
	rows->height = y;
	return y;
}

static void choose_scale(struct svg_rows *rows)
{
	static const unsigned steps[] = {16, 8, 6, 4, 3, 2};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (set_heights(rows, steps[i]) <= HEIGHT_AIM)
			return;
}

/* The kernel half is drawn once if nothing says that it differs. */
static void choose_kernel(struct svg_rows *rows)
{
	rows->one_kernel = true;
	for (size_t i = 0; i < rows->columns_count; i++) {
		rows->one_kernel &= rows->columns[i].facts.kernel_half_shared || rows->columns_count == 1;
		if (rows->columns[i].seq > rows->columns[rows->kernel].seq)
			rows->kernel = i;
	}
}

bool svg_rows_make(struct svg_rows *rows, const struct svg_spaces *spaces)
{
	uint64_t user = spaces->columns[0].facts.user_half, kernel = spaces->columns[0].facts.kernel_half;

	*rows = (struct svg_rows){
		.columns = spaces->columns,
		.columns_count = spaces->count,
		.user_end = user >= PAGE && user < UINT64_C(1) << 63 ? user : HALF,
		.kernel_start = -(kernel >= PAGE && kernel < UINT64_C(1) << 63 ? kernel : HALF),
	};
	choose_kernel(rows);
	if (!make_rows(rows))
		return false;
	cover_rows(rows);
	svg_rows_fold(rows);
	choose_scale(rows);
	return true;
}

void svg_rows_free(struct svg_rows *rows)
{
	free(rows->rows);
	free(rows->cover);
	rows->rows = NULL;
	rows->cover = NULL;
}
