/* SPDX-License-Identifier: MIT */
/*
 * replay.c: which events are shown, under which number. Where lines are left out, the others move up, so that what is
 * written has no gaps either; what refers to a line (`entry`) moves with it.
 */
#include "replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counts.h"

/* A run of lines that are not shown */
struct hidden {
	uint64_t first; /* its first seq */
	uint64_t until; /* lines not shown before the next run, this one included */
};

struct replay {
	struct trace *trace;
	struct stream *stream;
	struct writer *out;
	const struct renderer *renderer;
	const struct replay_options *options;
	struct counts counts;
	struct hidden *hidden;
	size_t hidden_count, hidden_room;
	uint64_t last_hidden; /* its seq */
	uint64_t next;        /* seq of the next line of the trace */
	uint64_t ns;          /* of the last event */
	bool has_summary;     /* the trace has one */
	bool doubtful;        /* the error says why */
	struct vmm_error *error;
};

static uint64_t hidden_in_all(const struct replay *replay)
{
	return replay->hidden_count ? replay->hidden[replay->hidden_count - 1].until : 0;
}

/* The number under which a line of the trace is shown */
static uint64_t shown_seq(const struct replay *replay, uint64_t seq)
{
	size_t low = 0, high = replay->hidden_count;

	while (low < high) { /* the first run behind it */
		size_t middle = low + (high - low) / 2;

		if (replay->hidden[middle].first > seq)
			high = middle;
		else
			low = middle + 1;
	}
	return low ? seq - replay->hidden[low - 1].until : seq;
}

static bool make_room(struct replay *replay)
{
	size_t room = replay->hidden_room ? 2 * replay->hidden_room : 64;
	struct hidden *grown;

	if (replay->hidden_count < replay->hidden_room)
		return true;
	grown = realloc(replay->hidden, room * sizeof(*grown));
	if (grown == NULL)
		return error_set(replay->error, "%s: no memory to number the lines anew", replay->trace->name);
	replay->hidden = grown;
	replay->hidden_room = room;
	return true;
}

static bool hide(struct replay *replay, uint64_t seq)
{
	uint64_t until = hidden_in_all(replay);

	/* of the last line that was hidden, if it is the one before: then they are one run */
	if (replay->last_hidden + 1 == seq && replay->hidden_count > 0) {
		replay->hidden[replay->hidden_count - 1].until++;
	} else {
		if (!make_room(replay))
			return false;
		replay->hidden[replay->hidden_count++] = (struct hidden){.first = seq, .until = until + 1};
	}
	replay->last_hidden = seq;
	return true;
}

static unsigned layout_bit(const char *when)
{
	return strcmp(when, "start") == 0 ? REPLAY_START : strcmp(when, "end") == 0 ? REPLAY_END : REPLAY_SWITCH;
}

static bool is_shown(const struct replay *replay, const struct event *event)
{
	const struct replay_options *options = replay->options;

	switch (event->type) {
	case EVENT_START:
	case EVENT_END:
		return true;
	case EVENT_SUMMARY:
		return options->summary || replay->renderer->summary || !options->quiet;
	case EVENT_ADDRESS_SPACE:
		return !options->quiet && (options->layout & layout_bit(event->address_space.when));
	default:
		return !options->quiet;
	}
}

/* Events of our own come behind the last line that was read. */
static void show_own(struct replay *replay, struct event *event)
{
	event->ns = replay->ns;
	event->seq = replay->next++ - hidden_in_all(replay);
	stream_show(replay->stream, event);
}

static void doubt(struct replay *replay, bool agrees)
{
	if (!agrees)
		replay->doubtful = true;
}

/* With -c, or for a format that always shows one, a summary comes before the end, whether the trace has one or not. */
static void show_summary(struct replay *replay)
{
	struct event event = {.type = EVENT_SUMMARY};

	if (replay->has_summary || (!replay->options->summary && !replay->renderer->summary))
		return;
	if (counts_summary(&replay->counts, replay->ns, &event.summary))
		show_own(replay, &event);
	else if (replay->options->summary)
		doubt(replay, error_set(replay->error,
					"%s:%llu: there is nothing to count for -c: the trace was recorded without %s",
					replay->trace->name, replay->trace->lines.number, "its events (-q)"));
}

static bool show_event(struct replay *replay, struct event *event)
{
	if (!is_shown(replay, event))
		return hide(replay, event->seq);
	if (event->type == EVENT_TRANSITION && event->transition.is_return && event->transition.has_entry)
		event->transition.entry = shown_seq(replay, event->transition.entry);
	else if (event->type == EVENT_EXIT && event->exit.has_entry)
		event->exit.entry = shown_seq(replay, event->exit.entry);
	event->seq = replay->next - 1 - hidden_in_all(replay);
	stream_show(replay->stream, event);
	return true;
}

static bool take(struct replay *replay, struct event *event)
{
	counts_event(&replay->counts, event);
	replay->ns = event->ns;
	if (event->type == EVENT_SUMMARY) {
		replay->has_summary = true;
		if (!replay->doubtful)
			doubt(replay, counts_agree(&replay->counts, &event->summary, replay->trace, replay->error));
	}
	if (event->type == EVENT_END) {
		if (!replay->doubtful)
			doubt(replay, counts_agree_end(&replay->counts, &event->end, replay->trace, replay->error));
		show_summary(replay);
	}
	replay->next++;
	return show_event(replay, event);
}

/* What is missing behind the last good line is said in the report, too. */
static void show_early_end(struct replay *replay, bool bad)
{
	static const char *const cut[] = {"the trace is cut off: what came behind its last line is not in this report"};
	static const char *const broken[] = {"the trace is no good from some line on: the rest is not in this report"};
	struct event event = {
		.type = EVENT_END,
		.end =
			{
				.status = bad ? 125 : 1,
				.reason = bad ? "bad-trace" : "cut-off",
				.verdict = "incomplete",
				.doubts = bad ? broken : cut,
				.doubt_count = 1,
			},
	};

	snprintf(event.end.message, sizeof(event.end.message), "%.255s", replay->error->text);
	summary_totals(replay->counts.summary, &event.end.transitions, &event.end.entries, &event.end.returns);
	show_summary(replay);
	show_own(replay, &event);
}

static enum replay_result replay_events(struct replay *replay, struct event *event)
{
	enum trace_result result = TRACE_EVENT;

	while (result == TRACE_EVENT || result == TRACE_UNKNOWN) {
		struct vmm_error trouble;

		if (result == TRACE_UNKNOWN) {
			replay->next++;
			if (!hide(replay, event->seq))
				return REPLAY_BAD;
		} else if (!take(replay, event)) {
			return REPLAY_BAD;
		}
		if (!lines_ready(&replay->trace->lines))
			writer_flush(replay->out); /* what follows may be long in coming */
		if (writer_error(replay->out))
			return REPLAY_DONE; /* the writer's owner will say so */
		result = trace_next(replay->trace, event, &trouble);
		if (result == TRACE_BAD || result == TRACE_CUT)
			*replay->error = trouble;
	}
	if (result == TRACE_END)
		return replay->doubtful ? REPLAY_DOUBTFUL : REPLAY_DONE;
	if (!replay->trace->ended) /* otherwise it has its end, and only what follows is too much */
		show_early_end(replay, result == TRACE_BAD);
	return result == TRACE_BAD ? REPLAY_BAD : REPLAY_DOUBTFUL;
}

enum replay_result replay_trace(struct trace *trace, struct event *first, const struct renderer *renderer,
				struct writer *out, const struct replay_options *options, struct vmm_error *error)
{
	const struct render_options render = {
		.events = !options->quiet,
		.layout = !options->quiet,
		.summary = options->summary || !options->quiet,
		.frame = !options->quiet,
		.color = options->color,
	};
	struct replay replay = {.trace = trace, .out = out, .renderer = renderer, .options = options, .error = error};
	enum replay_result result = REPLAY_BAD;

	if (counts_open(&replay.counts))
		replay.stream = stream_open(renderer, out, &render);
	if (replay.stream != NULL)
		result = replay_events(&replay, first);
	else
		error_set(error, "no memory for the report");
	stream_close(replay.stream);
	counts_close(&replay.counts);
	free(replay.hidden);
	return result;
}
