/* SPDX-License-Identifier: MIT */
/* two_traces.c: the side that has shown fewer steps so far is read next. */
#include "two_traces.h"

#include <string.h>

struct side {
	struct profile *profile;
	unsigned number;
	uint64_t steps;
	bool done;
};

static void take_step(struct side *side, struct order *order, const struct event *event)
{
	struct people *people = &side->profile->people;
	unsigned process = people_process(people, event->pid);
	unsigned thread = process != 0 ? people_thread(people, process, event->tid) : 0;
	struct order_step step = {.line = event->seq + 1};

	side->steps++;
	if (thread == 0) {
		order->incomplete |= event->pid != 0; /* nobody's is an idle CPU's */
		return;
	}
	step.hash = plain_words(&event->transition, step.text, sizeof(step.text));
	order_add(order, side->number, process, thread, &step);
}

static bool advance(struct side *side, struct order *order, const struct diff_options *options, struct vmm_error *error)
{
	struct profile *profile = side->profile;
	struct vmm_error trouble;
	struct event event;

	switch (trace_next(&profile->trace, &event, &trouble)) {
	case TRACE_EVENT:
		if (!profile_event(profile, &event))
			return error_set(error, "%s: no memory for what is in it", profile->trace.name);
		if (event.type == EVENT_TRANSITION && diff_is_step(options, &event.transition))
			take_step(side, order, &event);
		return true;
	case TRACE_UNKNOWN:
		return true;
	case TRACE_CUT:
		strcpy(profile->cut, trouble.text);
		break;
	case TRACE_END:
		break;
	case TRACE_BAD:
		*error = trouble;
		return false;
	}
	side->done = true;
	profile_finish(profile);
	return true;
}

bool read_two_traces(struct profile profiles[2], struct order *order, const struct diff_options *options,
		     struct vmm_error *error)
{
	struct side sides[2] = {{.profile = &profiles[0], .number = 0}, {.profile = &profiles[1], .number = 1}};

	while (!sides[0].done || !sides[1].done) {
		bool second = sides[0].done || (!sides[1].done && sides[1].steps < sides[0].steps);

		if (!advance(&sides[second], order, options, error))
			return false;
	}
	order_finish(order);
	return true;
}
