/* SPDX-License-Identifier: MIT */
/*
 * summary.c: one row for each system call and vector, found by a hash of (cause, kind, number), and a row for each
 * cause. An entry is remembered until its return names it. The guest chooses the numbers: past ROWS different ones, the
 * rest is counted in the cause's own row only.
 */
#include "summary.h"

#include <stdlib.h>
#include <string.h>

#include "observation.h"

#define ROWS         1024        /* of single calls and vectors; the rows of the causes come before them */
#define SLOTS        (4 * ROWS)  /* of the hash; a power of two */
#define OPEN_ENTRIES (64 * 1024) /* without a return: more than one a process means a guest that never returns */
#define NO_ROW       0           /* row 0 is a cause's, so no slot of the hash points at it */

struct open_entry {
	uint64_t seq;
	uint32_t cause_row, row;
};

struct summary {
	uint64_t transitions, entries, returns;
	uint64_t exits_total, exits_observed, exits_guest;
	uint64_t exits_by_reason[EXIT_REASONS];
	struct summary_row rows[CAUSES + ROWS];
	char names[CAUSES + ROWS][EVENT_NAME];
	size_t row_count;
	uint16_t slots[SLOTS];
	struct open_entry *open;
	size_t open_count, open_capacity;
	struct summary_row sorted[CAUSES + ROWS];
};

struct summary *summary_open(void)
{
	struct summary *summary = calloc(1, sizeof(*summary));

	if (!summary)
		return NULL;
	for (unsigned cause = 0; cause < CAUSES; cause++)
		summary->rows[cause] = (struct summary_row){.cause = (enum cause)cause, .total = true};
	summary->row_count = CAUSES;
	return summary;
}

static size_t slot_of(enum cause cause, bool vector, uint64_t number)
{
	uint64_t hash = (number * 2 + vector) * CAUSES + cause;

	return (hash * UINT64_C(0x9e3779b97f4a7c15)) >> 52; /* Fibonacci hashing; 12 bits for SLOTS */
}
_Static_assert(SLOTS == 1 << 12, "slot_of() gives 12 bits");

static uint32_t new_row(struct summary *summary, const struct summary_row *key)
{
	uint32_t row = (uint32_t)summary->row_count;

	if (row == CAUSES + ROWS)
		return NO_ROW;
	summary->row_count++;
	summary->rows[row] =
		(struct summary_row){.cause = key->cause, .has_vector = key->has_vector, .number = key->number};
	if (key->name) {
		strncpy(summary->names[row], key->name, EVENT_NAME - 1);
		summary->rows[row].name = summary->names[row];
	}
	return row;
}

/* The row of an entry, made when it is the first of its kind; NO_ROW when there are too many kinds. */
static uint32_t row_of(struct summary *summary, const struct event_transition *entry)
{
	struct summary_row key = {
		.cause = entry->cause,
		.has_vector = !entry->has_number,
		.number = entry->has_number ? entry->number : entry->vector,
		.name = entry->name,
	};
	size_t slot = slot_of(key.cause, key.has_vector, key.number);

	if (!entry->has_number && !entry->has_vector)
		return NO_ROW;
	for (; summary->slots[slot] != NO_ROW; slot = (slot + 1) % SLOTS) {
		const struct summary_row *row = &summary->rows[summary->slots[slot]];

		if (row->cause == key.cause && row->has_vector == key.has_vector && row->number == key.number)
			return summary->slots[slot];
	}
	summary->slots[slot] = (uint16_t)new_row(summary, &key);
	return summary->slots[slot];
}

static void remember(struct summary *summary, struct open_entry entry)
{
	if (summary->open_count == OPEN_ENTRIES) { /* forget the older half */
		summary->open_count /= 2;
		memmove(summary->open, summary->open + summary->open_count, summary->open_count * sizeof(entry));
	}
	if (summary->open_count == summary->open_capacity) {
		size_t capacity = summary->open_capacity ? 2 * summary->open_capacity : 64;
		struct open_entry *open = realloc(summary->open, capacity * sizeof(entry));

		if (!open)
			return; /* its time is missing from the table; the events themselves are not lost */
		summary->open = open;
		summary->open_capacity = capacity;
	}
	summary->open[summary->open_count++] = entry;
}

/* Takes the entry out; crossings nest, so it is nearly always the last. */
static bool recall(struct summary *summary, uint64_t seq, struct open_entry *entry)
{
	for (size_t i = summary->open_count; i-- > 0;) {
		if (summary->open[i].seq != seq)
			continue;
		*entry = summary->open[i];
		summary->open_count--;
		memmove(summary->open + i, summary->open + i + 1, (summary->open_count - i) * sizeof(*entry));
		return true;
	}
	return false;
}

static void finish_row(struct summary_row *row, const struct event_transition *back)
{
	if (!row->finished || back->ns_inside < row->ns_min)
		row->ns_min = back->ns_inside;
	if (back->ns_inside > row->ns_max)
		row->ns_max = back->ns_inside;
	row->ns += back->ns_inside;
	row->exits += back->exits_inside;
	row->faults += back->faults_inside;
	row->interrupts += back->interrupts_inside;
	row->finished++;
	if (back->has_result && back->result >= -4095 && back->result < 0)
		row->errors++;
}

static void count_entry(struct summary *summary, const struct event *event)
{
	const struct event_transition *entry = &event->transition;
	uint32_t row = row_of(summary, entry);

	summary->entries++;
	if (row != NO_ROW)
		summary->rows[row].count++;
	remember(summary, (struct open_entry){.seq = event->seq, .cause_row = entry->cause, .row = row});
}

static void count_return(struct summary *summary, const struct event_transition *back)
{
	struct open_entry entry;

	summary->returns++;
	if (!back->has_entry || !recall(summary, back->entry, &entry))
		return;
	finish_row(&summary->rows[entry.cause_row], back);
	if (entry.row != NO_ROW)
		finish_row(&summary->rows[entry.row], back);
}

void summary_count(struct summary *summary, const struct event *event)
{
	if ((unsigned)event->transition.cause >= CAUSES)
		return;
	summary->transitions++;
	summary->rows[event->transition.cause].count++;
	if (event->transition.is_return)
		count_return(summary, &event->transition);
	else
		count_entry(summary, event);
}

void summary_count_exit(struct summary *summary, enum exit_reason reason, bool observed)
{
	summary->exits_total++;
	if (observed) {
		summary->exits_observed++;
		return;
	}
	summary->exits_guest++;
	summary->exits_by_reason[(unsigned)reason < EXIT_REASONS ? reason : EXIT_UNKNOWN]++;
}

void summary_totals(const struct summary *summary, uint64_t *transitions, uint64_t *entries, uint64_t *returns)
{
	*transitions = summary->transitions;
	*entries = summary->entries;
	*returns = summary->returns;
}

static int by_cause_and_time(const void *left, const void *right)
{
	const struct summary_row *a = left, *b = right;

	if (a->cause != b->cause)
		return a->cause < b->cause ? -1 : 1;
	if (a->total != b->total)
		return a->total ? -1 : 1;
	if (a->ns != b->ns)
		return a->ns > b->ns ? -1 : 1;
	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return (a->number > b->number) - (a->number < b->number);
}

void summary_result(struct summary *summary, struct event_summary *result)
{
	size_t count = 0;

	for (size_t i = 0; i < summary->row_count; i++)
		if (summary->rows[i].count)
			summary->sorted[count++] = summary->rows[i];
	qsort(summary->sorted, count, sizeof(summary->sorted[0]), by_cause_and_time);
	*result = (struct event_summary){
		.rows = summary->sorted,
		.row_count = count,
		.transitions = summary->transitions,
		.entries = summary->entries,
		.returns = summary->returns,
		.exits_total = summary->exits_total,
		.exits_observed = summary->exits_observed,
		.exits_guest = summary->exits_guest,
	};
	memcpy(result->exits_by_reason, summary->exits_by_reason, sizeof(result->exits_by_reason));
}

void summary_correct(struct summary *summary, uint64_t each_ns)
{
	for (size_t i = 0; i < summary->row_count; i++)
		observation_correct(&summary->rows[i], each_ns);
}

void summary_close(struct summary *summary)
{
	if (!summary)
		return;
	free(summary->open);
	free(summary);
}
