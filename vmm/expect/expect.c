/* SPDX-License-Identifier: MIT */
/* expect.c: counts along, and judges at the end. */
#include "expect.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "expect_words.h"
#include "x86.h"

#define STATUS_NOT_MET 1
#define STATUS_FAILED  125 /* vmm itself */
#define NS_PER_MS      UINT64_C(1000000)
#define SIGN_BIT       (UINT64_C(1) << 63)

bool expect_is_layout(const struct expectation *expectation)
{
	return expectation->subject >= EXPECT_NO_WX;
}

bool expect_needs_layout(const struct expectations *expectations)
{
	for (size_t i = 0; i < expectations->count; i++)
		if (expect_is_layout(&expectations->items[i]))
			return true;
	return false;
}

static bool is_error(const struct event_transition *back)
{
	return back->has_result && back->result >= -4095 && back->result < 0;
}

/* Is this transition one of those that are counted? */
static bool counts_transition(const struct expectation *item, const struct event_transition *transition)
{
	enum cause cause = transition->cause;

	switch (item->subject) {
	case EXPECT_TRANSITIONS:
		return true;
	case EXPECT_ENTRIES:
		return !transition->is_return;
	case EXPECT_RETURNS:
		return transition->is_return;
	case EXPECT_SYSCALLS:
		return cause == CAUSE_SYSCALL || (cause == CAUSE_INT && transition->has_number);
	case EXPECT_INTS:
		return cause == CAUSE_INT;
	case EXPECT_EXCEPTIONS:
		return cause == CAUSE_EXCEPTION;
	case EXPECT_INTERRUPTS:
		return cause == CAUSE_INTERRUPT || cause == CAUSE_NMI;
	case EXPECT_FAULTS:
		return cause == CAUSE_EXCEPTION && transition->vector == VECTOR_PF;
	case EXPECT_SIGNALS:
		return transition->is_return && transition->handler;
	case EXPECT_ERRORS:
		return transition->is_return && is_error(transition);
	case EXPECT_CALL: /* numbers are Linux's only where the kernel says so, and then they have names */
		return !transition->is_return && transition->has_number && transition->name != NULL &&
		       call_filter_lists(&item->calls, cause == CAUSE_INT, transition->number);
	case EXPECT_EXCEPTION:
		return cause == CAUSE_EXCEPTION && transition->vector == item->vector;
	default:
		return false;
	}
}

static bool counts_process(const struct expectation *item, const struct event_process *process)
{
	return (process->event == PROCESS_START &&
		(item->subject == EXPECT_PROCESSES || item->subject == EXPECT_THREADS)) ||
	       (process->event == PROCESS_THREAD_START && item->subject == EXPECT_THREADS);
}

static uint64_t open_kernel_pages(const struct event_address_space *space)
{
	uint64_t pages = 0;

	for (size_t i = 0; i < space->region_count; i++) {
		const struct event_region *region = &space->regions[i];

		if ((region->start & SIGN_BIT) && region->ring == 3 && !region->guard && region->page != 0)
			pages += (region->end - region->start) / region->page;
	}
	return pages;
}

/* The worst address space counts. */
static void take_layout(struct expectation *item, const struct event_address_space *space)
{
	uint64_t value = 0;

	if (item->subject == EXPECT_NO_WX)
		value = space->wx_pages;
	else if (item->subject == EXPECT_NO_USER_KERNEL_PAGE)
		value = open_kernel_pages(space);
	else if (item->subject == EXPECT_KERNEL_HALF_SHARED)
		value = item->value + !space->kernel_half_shared;
	else
		return;
	item->known = true;
	item->partial |= space->cut_short;
	if (value > item->value)
		item->value = value;
}

static void take_summary(struct expectation *item, const struct event_summary *summary)
{
	switch (item->subject) {
	case EXPECT_EXITS:
		item->value = summary->exits_guest;
		break;
	case EXPECT_EXITS_OBSERVED:
		item->value = summary->exits_observed;
		break;
	case EXPECT_EXITS_TOTAL:
		item->value = summary->exits_total;
		break;
	default:
		return;
	}
	item->known = true;
}

static void take_end(struct expectation *item, const struct event *event)
{
	const struct event_end *end = &event->end;

	switch (item->subject) {
	case EXPECT_LOST:
		item->value = end->lost;
		break;
	case EXPECT_STATUS:
		item->value = (uint64_t)end->status;
		break;
	case EXPECT_NS:
	case EXPECT_MS:
		item->value = event->ns;
		break;
	case EXPECT_NO_MISSING_CALLS:
		item->value = end->missing_count;
		break;
	case EXPECT_VERDICT_COMPLETE:
		item->value = end->doubt_count + (end->doubt_count == 0 && strcmp(end->verdict, "complete") != 0);
		break;
	default:
		if (item->subject < EXPECT_EXITS)
			item->known = true; /* a count, of nothing perhaps */
		return;
	}
	item->known = true;
}

static bool holds(const struct expectation *item)
{
	uint64_t wanted = item->subject == EXPECT_MS ? item->wanted * NS_PER_MS : item->wanted;

	switch (item->comparison) {
	case EXPECT_LE:
		return item->value <= wanted;
	case EXPECT_LT:
		return item->value < wanted;
	case EXPECT_GE:
		return item->value >= wanted;
	case EXPECT_GT:
		return item->value > wanted;
	case EXPECT_EQ:
		return item->value == wanted;
	case EXPECT_NE:
		break;
	}
	return item->value != wanted;
}

/* A count of what was seen is a lower bound if not all was seen: then "at least" may hold, and nothing else. */
static bool is_doubtful(const struct expectation *item, bool complete)
{
	return (item->partial || (!complete && item->subject < EXPECT_EXITS)) && item->comparison != EXPECT_GE &&
	       item->comparison != EXPECT_GT;
}

static uint64_t shown_value(const struct expectation *item)
{
	return item->subject == EXPECT_MS ? (item->value + NS_PER_MS - 1) / NS_PER_MS : item->value;
}

static void judge(struct expectations *expectations, struct event_end *end)
{
	bool complete = strcmp(end->verdict, "complete") == 0;

	for (size_t i = 0; i < expectations->count; i++) {
		struct expectation *item = &expectations->items[i];
		bool held = item->known && holds(item);

		item->doubtful = held && is_doubtful(item, complete);
		item->met = held && !item->doubtful;
		expectations->failed += !item->met;
		expectations->results[i] = (struct event_expectation){item->text, shown_value(item), item->met};
	}
	end->expectations = expectations->results;
	end->expectation_count = expectations->count;
	if (expectations->failed > 0 && end->status != STATUS_FAILED)
		end->status = STATUS_NOT_MET;
}

void expect_watch(void *context, struct event *event)
{
	struct expectations *expectations = context;

	for (size_t i = 0; i < expectations->count; i++) {
		struct expectation *item = &expectations->items[i];

		if (event->type == EVENT_TRANSITION)
			item->value += counts_transition(item, &event->transition);
		else if (event->type == EVENT_PROCESS)
			item->value += counts_process(item, &event->process);
		else if (event->type == EVENT_ADDRESS_SPACE)
			take_layout(item, &event->address_space);
		else if (event->type == EVENT_SUMMARY)
			take_summary(item, &event->summary);
		else if (event->type == EVENT_END)
			take_end(item, event);
	}
	if (event->type == EVENT_END)
		judge(expectations, &event->end);
}

void expect_describe(const struct expectation *item, char *text, size_t size)
{
	const char *failed = expect_words[item->subject].failed;

	if (!item->known)
		snprintf(text, size, "expected %.60s: %s", item->text,
			 expect_is_layout(item) ? "no address space was seen" : "it is not known");
	else if (item->doubtful)
		snprintf(text, size,
			 "expected %.60s: %" PRIu64 " seen, but the verdict is incomplete: there may be more",
			 item->text, shown_value(item));
	else if (item->subject == EXPECT_MS)
		snprintf(text, size, "expected %.60s: %s %" PRIu64 ".%03" PRIu64, item->text, failed,
			 item->value / NS_PER_MS, item->value / 1000 % 1000);
	else
		snprintf(text, size, "expected %.60s: %s %" PRIu64, item->text, failed, item->value);
}
