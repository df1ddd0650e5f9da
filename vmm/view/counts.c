/* SPDX-License-Identifier: MIT */
/* counts.c: the summary's own counting (report/summary.c), number by number beside the recorded one. */
#include "counts.h"

#include <inttypes.h>
#include <string.h>

bool counts_open(struct counts *counts)
{
	*counts = (struct counts){.summary = summary_open()};
	return counts->summary != NULL;
}

void counts_close(struct counts *counts)
{
	summary_close(counts->summary);
	counts->summary = NULL;
}

void counts_event(struct counts *counts, const struct event *event)
{
	if (event->type == EVENT_TRANSITION) {
		counts->transitions++;
		summary_count(counts->summary, event);
	} else if (event->type == EVENT_EXIT) {
		summary_count_exit(counts->summary, event->exit.reason, false);
	}
}

bool counts_summary(struct counts *counts, uint64_t ns, struct event_summary *summary)
{
	summary_result(counts->summary, summary);
	summary->ns = ns;
	summary->observed_unknown = true;
	return counts->transitions > 0;
}

/* Names come from the file, which is not trusted with a terminal. */
static bool is_printable(const char *name)
{
	size_t length = strnlen(name, 40);

	for (size_t i = 0; i < length; i++)
		if (name[i] <= ' ' || name[i] >= 0x7f)
			return false;
	return length > 0 && length < 40;
}

/* One pair of numbers; `what` and `name` say which. */
static bool same(const struct trace *trace, const char *what, const char *name, uint64_t says, uint64_t is,
		 struct vmm_error *error)
{
	return says == is ? true
			  : error_set(error, "%s:%llu: %s%s%s says %" PRIu64 ", but the lines before it give %" PRIu64,
				      trace->name, trace->lines.number, what, is_printable(name) ? " of " : "",
				      is_printable(name) ? name : "", says, is);
}

static bool same_row(const struct trace *trace, const struct summary_row *theirs, const struct summary_row *ours,
		     struct vmm_error *error)
{
	const char *name = ours->total || ours->name == NULL ? cause_name(ours->cause) : ours->name;

	return same(trace, "'number'", name, theirs->number, ours->number, error) &&
	       same(trace, "'cause'", name, theirs->cause, ours->cause, error) &&
	       same(trace, "'count'", name, theirs->count, ours->count, error) &&
	       same(trace, "'errors'", name, theirs->errors, ours->errors, error) &&
	       same(trace, "'finished'", name, theirs->finished, ours->finished, error) &&
	       same(trace, "'ns'", name, theirs->ns, ours->ns, error) &&
	       same(trace, "'ns_min'", name, theirs->ns_min, ours->ns_min, error) &&
	       same(trace, "'ns_max'", name, theirs->ns_max, ours->ns_max, error) &&
	       same(trace, "'exits'", name, theirs->exits, ours->exits, error) &&
	       same(trace, "'faults'", name, theirs->faults, ours->faults, error) &&
	       same(trace, "'interrupts'", name, theirs->interrupts, ours->interrupts, error);
}

bool counts_agree(struct counts *counts, const struct event_summary *theirs, const struct trace *trace,
		  struct vmm_error *error)
{
	struct event_summary ours;

	if (counts->transitions == 0)
		return true;
	summary_result(counts->summary, &ours);
	if (!same(trace, "'transitions'", "", theirs->transitions, ours.transitions, error) ||
	    !same(trace, "'entries'", "", theirs->entries, ours.entries, error) ||
	    !same(trace, "'returns'", "", theirs->returns, ours.returns, error) ||
	    !same(trace, "the number of rows", "", theirs->row_count, ours.row_count, error))
		return false;
	for (size_t i = 0; i < ours.row_count; i++)
		if (!same_row(trace, &theirs->rows[i], &ours.rows[i], error))
			return false;
	/* -e may have left out the lines of exits, which count nevertheless */
	for (unsigned i = 0; i < EXIT_REASONS; i++)
		if (ours.exits_by_reason[i] > theirs->exits_by_reason[i])
			return same(trace, "'by_reason'", exit_reason_name((enum exit_reason)i),
				    theirs->exits_by_reason[i], ours.exits_by_reason[i], error);
	return true;
}

bool counts_agree_end(struct counts *counts, const struct event_end *end, const struct trace *trace,
		      struct vmm_error *error)
{
	uint64_t transitions, entries, returns;

	if (counts->transitions == 0)
		return true;
	summary_totals(counts->summary, &transitions, &entries, &returns);
	return same(trace, "'transitions'", "", end->transitions, transitions, error) &&
	       same(trace, "'entries'", "", end->entries, entries, error) &&
	       same(trace, "'returns'", "", end->returns, returns, error);
}
