/* SPDX-License-Identifier: MIT */
/* compare_rows.c: the rows of two summaries, each cause's together: those of A in A's order, then what only B has. */
#include "compare_parts.h"

static bool same_key(const struct summary_row *a, const struct summary_row *b)
{
	return a->cause == b->cause && a->total == b->total && a->has_vector == b->has_vector &&
	       (a->total || a->number == b->number);
}

static const struct summary_row *find_row(const struct event_summary *summary, const struct summary_row *key)
{
	for (size_t i = 0; i < summary->row_count; i++)
		if (same_key(&summary->rows[i], key))
			return &summary->rows[i];
	return NULL;
}

/* Is one mean more than so many percent above the other? */
static bool times_differ(const struct diff_options *options, const struct summary_row *a, const struct summary_row *b)
{
	double left, right;

	if (!options->times || a == NULL || b == NULL || !a->finished || !b->finished)
		return false;
	left = (double)a->ns / (double)a->finished;
	right = (double)b->ns / (double)b->finished;
	return left > right ? left > right * (1 + options->percent / 100) : right > left * (1 + options->percent / 100);
}

static bool rows_differ(const struct diff_options *options, const struct summary_row *a, const struct summary_row *b)
{
	if (!(options->causes & DIFF_CAUSE(a != NULL ? a->cause : b->cause)))
		return false;
	return a == NULL || b == NULL || a->count != b->count || a->errors != b->errors || times_differ(options, a, b);
}

static bool tell(struct comparison *comparison, const struct summary_row *a, const struct summary_row *b)
{
	bool differs = rows_differ(comparison->options, a, b);

	comparison->sink->row(comparison->state, a, b, differs);
	return differs;
}

/* A cause's total differs because of its rows, and counts besides only when none of them does: calls of too many
   different numbers have no rows. */
static unsigned compare_cause(struct comparison *comparison, unsigned cause)
{
	const struct event_summary *a = &comparison->sides[0]->summary, *b = &comparison->sides[1]->summary;
	unsigned rows = 0, totals = 0;

	for (size_t i = 0; i < a->row_count; i++)
		if (a->rows[i].cause == cause)
			*(a->rows[i].total ? &totals : &rows) +=
				tell(comparison, &a->rows[i], find_row(b, &a->rows[i]));
	for (size_t i = 0; i < b->row_count; i++)
		if (b->rows[i].cause == cause && find_row(a, &b->rows[i]) == NULL)
			*(b->rows[i].total ? &totals : &rows) += tell(comparison, NULL, &b->rows[i]);
	return rows > 0 ? rows : totals;
}

void compare_rows(struct comparison *comparison)
{
	for (unsigned cause = 0; cause < CAUSES; cause++)
		comparison->differences[DIFF_COUNTS] += compare_cause(comparison, cause);
}
