/* SPDX-License-Identifier: MIT */
/*
 * stream.c: numbers each event, counts it, and hands it to the renderer when the options want it shown.
 */
#include "stream.h"

#include <stdlib.h>
#include <string.h>

#include "summary.h"

struct stream {
	const struct renderer *renderer;
	struct writer *out;
	struct render_options options;
	uint64_t next_seq, next_hidden;
	struct summary *summary;
	void *state; /* the renderer's */
	void (*watch)(void *context, struct event *event);
	void *watch_context;
	struct observation_cost cost;
	bool observed;       /* the exit that was counted last */
	uint64_t handled_ns; /* of all exits that were observation */
};

struct stream *stream_open(const struct renderer *renderer, struct writer *out, const struct render_options *options)
{
	struct stream *stream = calloc(1, sizeof(*stream));

	if (!stream)
		return NULL;
	stream->renderer = renderer;
	stream->out = out;
	stream->options = *options;
	stream->options.summary |= renderer->summary;
	stream->summary = summary_open();
	stream->state = calloc(1, renderer->state_size ? renderer->state_size : 1);
	if (!stream->summary || !stream->state) {
		summary_close(stream->summary);
		free(stream->state);
		free(stream);
		return NULL;
	}
	return stream;
}

void stream_watch(struct stream *stream, void (*watch)(void *context, struct event *event), void *context)
{
	stream->watch = watch;
	stream->watch_context = context;
}

static bool is_shown(enum event_type type, const struct render_options *options)
{
	switch (type) {
	case EVENT_TRANSITION:
	case EVENT_EXIT:
	case EVENT_PROCESS:
	case EVENT_NOTE:
		return options->events;
	case EVENT_ADDRESS_SPACE:
		return options->layout;
	case EVENT_SUMMARY:
		return options->summary;
	case EVENT_START:
	case EVENT_END:
		return true; /* whether it shows its frame is the renderer's own question */
	}
	return true;
}

uint64_t stream_emit(struct stream *stream, struct event *event)
{
	bool shown = is_shown(event->type, &stream->options);

	event->seq = shown ? stream->next_seq++ : stream->next_hidden++;
	if (event->type == EVENT_TRANSITION)
		summary_count(stream->summary, event);
	else if (event->type == EVENT_END)
		summary_totals(stream->summary, &event->end.transitions, &event->end.entries, &event->end.returns);
	if (stream->watch != NULL)
		stream->watch(stream->watch_context, event);
	stream_show(stream, event);
	return event->seq;
}

uint64_t stream_shown(const struct stream *stream)
{
	return stream->next_seq;
}

void stream_show(struct stream *stream, const struct event *event)
{
	if (!is_shown(event->type, &stream->options))
		return;
	stream->renderer->event(stream->out, event, &stream->options, stream->state);
	writer_event_done(stream->out);
}

uint64_t stream_events(const struct stream *stream)
{
	return stream->next_seq + stream->next_hidden;
}

void stream_count_exit(struct stream *stream, enum exit_reason reason, bool observed)
{
	summary_count_exit(stream->summary, reason, observed);
	stream->observed = observed;
}

void stream_set_cost(struct stream *stream, const struct observation_cost *cost)
{
	stream->cost = *cost;
}

bool stream_wants_times(const struct stream *stream)
{
	return stream->options.summary;
}

void stream_exit_handled(struct stream *stream, uint64_t ns)
{
	if (stream->observed)
		stream->handled_ns += ns;
	stream->observed = false;
}

void stream_emit_summary(struct stream *stream, uint64_t ns)
{
	struct event event = {.type = EVENT_SUMMARY, .ns = ns};

	if (stream->cost.correct)
		summary_correct(stream->summary, stream->cost.each_ns);
	summary_result(stream->summary, &event.summary);
	event.summary.ns = ns;
	observation_fill(&event.summary, &stream->cost, stream->handled_ns);
	stream_emit(stream, &event);
}

void stream_close(struct stream *stream)
{
	if (!stream)
		return;
	if (stream->renderer->finish) {
		stream->renderer->finish(stream->out, stream->state);
		writer_event_done(stream->out);
	}
	summary_close(stream->summary);
	free(stream->state);
	free(stream);
}

const struct renderer *renderer_find(const char *name)
{
	for (const struct renderer *renderer = renderers; renderer->name; renderer++)
		if (!strcmp(renderer->name, name))
			return renderer;
	return NULL;
}
