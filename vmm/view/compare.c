/* SPDX-License-Identifier: MIT */
/* compare.c: how two runs began, what they did in which order, and how they ended. */
#include "compare.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "compare_parts.h"

bool diff_is_step(const struct diff_options *options, const struct event_transition *transition)
{
	if (!transition->is_return)
		return options->causes & DIFF_CAUSE(transition->cause);
	return transition->has_entry ? options->causes & DIFF_CAUSE(transition->entry_cause) : transition->first;
}

static void tell(struct comparison *comparison, enum diff_section section, const char *what, const struct diff_value *a,
		 const struct diff_value *b, bool decides)
{
	comparison->differences[section] += decides;
	comparison->sink->value(comparison->state, section, what, a, b, decides);
}

void compare_numbers(struct comparison *comparison, enum diff_section section, const char *what, uint64_t a, uint64_t b,
		     bool decides)
{
	const struct diff_value left = {.there = true, .is_number = true, .number = a};
	const struct diff_value right = {.there = true, .is_number = true, .number = b};

	if (a != b)
		tell(comparison, section, what, &left, &right, decides);
}

void compare_texts(struct comparison *comparison, enum diff_section section, const char *what, const char *a,
		   const char *b, bool decides)
{
	const struct diff_value left = {.there = a != NULL, .text = a}, right = {.there = b != NULL, .text = b};

	if (a == NULL ? b != NULL : b == NULL || strcmp(a, b) != 0)
		tell(comparison, section, what, &left, &right, decides);
}

/* Different hosts, methods and options may be the very question: they alone are no difference of the runs. */
static void compare_starts(struct comparison *comparison)
{
	const struct event_start *a = &comparison->sides[0]->start, *b = &comparison->sides[1]->start;

	compare_texts(comparison, DIFF_START, "vmm", a->version, b->version, false);
	compare_texts(comparison, DIFF_START, "host", a->host, b->host, false);
	compare_numbers(comparison, DIFF_START, "quirks", a->quirk_count, b->quirk_count, false);
	compare_texts(comparison, DIFF_START, "image", a->image, b->image, false);
	compare_texts(comparison, DIFF_START, "kernel", a->kernel, b->kernel, false);
	compare_texts(comparison, DIFF_START, "method", a->method, b->method, false);
	compare_texts(comparison, DIFF_START, "trace", a->trace, b->trace, false);
	compare_texts(comparison, DIFF_START, "protections", a->protections, b->protections, false);
	compare_numbers(comparison, DIFF_START, "memory", a->memory, b->memory, false);
	compare_numbers(comparison, DIFF_START, "cpus", a->cpus, b->cpus, false);
}

/* Those to observe depend on the method, and others on time, as in a loop that asks whether something has come. */
static void compare_exits(struct comparison *comparison)
{
	const struct event_summary *a = &comparison->sides[0]->summary, *b = &comparison->sides[1]->summary;
	bool decides = comparison->options->causes & DIFF_EXIT;

	if (!a->observed_unknown && !b->observed_unknown)
		compare_numbers(comparison, DIFF_EXITS, "to observe", a->exits_observed, b->exits_observed, false);
	compare_numbers(comparison, DIFF_EXITS, "of the guest", a->exits_guest, b->exits_guest, decides);
	for (unsigned reason = 0; reason < EXIT_REASONS; reason++)
		compare_numbers(comparison, DIFF_EXITS, exit_reason_name((enum exit_reason)reason),
				a->exits_by_reason[reason], b->exits_by_reason[reason], decides);
}

static const struct person *person_of(const struct profile *profile, unsigned process)
{
	return process - 1 < profile->people.count ? &profile->people.processes[process - 1] : NULL;
}

static uint64_t compare_order(struct comparison *comparison)
{
	uint64_t steps = 0;

	for (size_t i = 0; i < comparison->order->thread_count; i++) {
		const struct order_thread *thread = &comparison->order->threads[i];

		steps += thread->same;
		if (!thread->differs)
			continue;
		comparison->differences[DIFF_ORDER]++;
		comparison->sink->thread(comparison->state, thread, person_of(comparison->sides[0], thread->process),
					 person_of(comparison->sides[1], thread->process));
	}
	if (comparison->order->incomplete)
		compare_texts(comparison, DIFF_ORDER, "not compared", "more threads than fit", "", true);
	return steps;
}

static void compare_process(struct comparison *comparison, unsigned process)
{
	const struct person *a = person_of(comparison->sides[0], process);
	const struct person *b = person_of(comparison->sides[1], process);
	char what[48], ends[2][24] = {"", ""};

	snprintf(what, sizeof(what), "process %u", process);
	if (a == NULL || b == NULL) {
		compare_texts(comparison, DIFF_PROCESSES, what, a != NULL ? a->name : NULL, b != NULL ? b->name : NULL,
			      true);
		return;
	}
	for (unsigned i = 0; i < 2; i++) {
		const struct person *person = i ? b : a;

		if (person->ended)
			snprintf(ends[i], sizeof(ends[i]), "0x%" PRIx32, person->status);
	}
	snprintf(what, sizeof(what), "process %u, name", process);
	compare_texts(comparison, DIFF_PROCESSES, what, a->name, b->name, true);
	snprintf(what, sizeof(what), "process %u, parent", process);
	compare_numbers(comparison, DIFF_PROCESSES, what, a->parent, b->parent, true);
	snprintf(what, sizeof(what), "process %u, wait status", process);
	compare_texts(comparison, DIFF_PROCESSES, what, ends[0], ends[1], true);
}

static void compare_processes(struct comparison *comparison)
{
	unsigned a = comparison->sides[0]->people.count, b = comparison->sides[1]->people.count;

	for (unsigned process = 1; process <= (a > b ? a : b); process++)
		compare_process(comparison, process);
	if (comparison->sides[0]->people.incomplete || comparison->sides[1]->people.incomplete)
		compare_texts(comparison, DIFF_PROCESSES, "not compared", "more processes than fit", "", true);
}

static void compare_ends(struct comparison *comparison)
{
	const struct profile *left = comparison->sides[0], *right = comparison->sides[1];
	const struct event_end *a = &left->end, *b = &right->end;

	compare_texts(comparison, DIFF_END, "cut off", left->has_end ? NULL : left->cut,
		      right->has_end ? NULL : right->cut, true);
	if (!left->has_end || !right->has_end)
		return;
	compare_numbers(comparison, DIFF_END, "status", (uint64_t)a->status, (uint64_t)b->status, true);
	compare_texts(comparison, DIFF_END, "reason", a->reason, b->reason, true);
	compare_texts(comparison, DIFF_END, "verdict", a->verdict, b->verdict, true);
	compare_numbers(comparison, DIFF_END, "doubts", a->doubt_count, b->doubt_count, true);
	compare_numbers(comparison, DIFF_END, "lost", a->lost, b->lost, true);
	compare_numbers(comparison, DIFF_END, "calls that are not there", a->missing_count, b->missing_count, true);
}

bool compare_profiles(const struct profile *a, const struct profile *b, const struct order *order,
		      const struct diff_options *options, const struct diff_sink *sink, void *state)
{
	struct comparison comparison = {
		.sides = {a, b}, .order = order, .options = options, .sink = sink, .state = state};
	unsigned sum = 0;
	uint64_t steps;

	compare_starts(&comparison);
	compare_rows(&comparison);
	compare_exits(&comparison);
	steps = compare_order(&comparison);
	compare_processes(&comparison);
	compare_layouts(&comparison);
	compare_ends(&comparison);
	for (unsigned i = 0; i < DIFF_SECTIONS; i++)
		sum += comparison.differences[i];
	sink->verdict(state, comparison.differences, steps);
	return sum == 0;
}
