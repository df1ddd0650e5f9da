/* SPDX-License-Identifier: MIT */
/*
 * svg_fold.c: which rows are folded. First what repeats itself (a stack and its guard for each thread, the same
 * structures for each CPU): the first ones and the last one are drawn. Then, of what is still too much for a picture,
 * the middle.
 */
#include "svg_rows.h"

#include <stdlib.h>

#define PERIOD_MAX  32 /* rows that repeat together */
#define LONG_PERIOD 4  /* of longer ones one is enough, of others two are kept at the beginning */
#define REPEATS_MIN 5
#define ROWS_MAX    100 /* drawn of each half */

static uint64_t mix(uint64_t mark, uint64_t value)
{
	return (mark ^ value) * UINT64_C(0x100000001b3); /* FNV-1a, a word at a time */
}

/* All numbers are one: "GDT of CPU 3" is like "GDT of CPU 15". */
static uint64_t mix_name(uint64_t mark, const char *name)
{
	for (; *name != '\0'; name++)
		if (*name < '0' || *name > '9')
			mark = mix(mark, (unsigned char)*name);
		else if (name[1] < '0' || name[1] > '9')
			mark = mix(mark, '0');
	return mark;
}

/* The same for two rows that would be drawn alike. */
static uint64_t row_mark(const struct svg_rows *rows, size_t row)
{
	uint64_t mark = mix(UINT64_C(0xcbf29ce484222325), rows->rows[row].size);

	for (size_t column = 0; column < rows->columns_count; column++) {
		const struct event_region *region = svg_rows_at(rows, column, row);

		mark = mix(mark, region != NULL);
		if (region == NULL)
			continue;
		mark = mix(mark, (uint64_t)region->ring | (uint64_t)region->guard << 8 |
					 (uint64_t)region->readable << 9 | (uint64_t)region->writable << 10 |
					 (uint64_t)region->executable << 11 | (uint64_t)region->kernel_writable << 12 |
					 (uint64_t)region->kernel_executable << 13 |
					 (uint64_t)(region->start == rows->rows[row].start) << 14);
		mark = mix_name(mark, region->name);
	}
	return mark;
}

static void fold(struct svg_rows *rows, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++) {
		rows->rows[i].folded = true;
		rows->rows[i].fold = 0;
	}
	rows->rows[first].fold = end - first;
}

/* How often the rows [first, first + period) come, one after the other. */
static size_t repeats(const uint64_t *marks, size_t first, size_t end, size_t period)
{
	size_t same = 0;

	while (first + same + period < end && marks[first + same] == marks[first + same + period])
		same++;
	return (same + period) / period;
}

static void fold_repetitions(struct svg_rows *rows, const uint64_t *marks, size_t first, size_t end)
{
	while (first < end) {
		size_t best = 0, best_period = 1;

		for (size_t period = 1; period <= PERIOD_MAX; period++) {
			size_t times = repeats(marks, first, end, period);

			if (times >= REPEATS_MIN && times * period > best * best_period) {
				best = times;
				best_period = period;
			}
		}
		if (best == 0) {
			first++;
			continue;
		}
		fold(rows, first + (best_period > LONG_PERIOD ? 1 : 2) * best_period, first + (best - 1) * best_period);
		first += best * best_period;
	}
}

static void fold_middle(struct svg_rows *rows, size_t first, size_t end)
{
	size_t drawn = 0, seen = 0, from = 0, to = 0;

	for (size_t i = first; i < end; i++)
		drawn += !rows->rows[i].folded;
	if (drawn <= ROWS_MAX)
		return;
	for (size_t i = first; i < end; i++) {
		seen += !rows->rows[i].folded;
		if (seen == ROWS_MAX / 2 && from == 0)
			from = i + 1;
		if (seen == drawn - ROWS_MAX / 2 && to == 0)
			to = i + 1;
	}
	fold(rows, from, to);
}

void svg_rows_fold(struct svg_rows *rows)
{
	uint64_t *marks = calloc(rows->count, sizeof(*marks));
	size_t user = 0, kernel;

	while (user < rows->count && rows->rows[user].start < rows->user_end)
		user++;
	kernel = user;
	while (kernel < rows->count && rows->rows[kernel].start < rows->kernel_start)
		kernel++;
	for (size_t i = 0; marks != NULL && i < rows->count; i++)
		marks[i] = row_mark(rows, i);
	if (marks != NULL) {
		fold_repetitions(rows, marks, 0, user);
		fold_repetitions(rows, marks, kernel, rows->count);
	}
	free(marks);
	fold_middle(rows, 0, user);
	fold_middle(rows, user, kernel);
	fold_middle(rows, kernel, rows->count);
}
