/* SPDX-License-Identifier: MIT */
/*
 * stream.h: the event stream. Everything that happens goes through stream_emit(); it numbers the event, counts it for
 * the summary and hands it to the renderer that the user chose.
 */
#ifndef VMM_REPORT_STREAM_H
#define VMM_REPORT_STREAM_H

#include "event.h"
#include "observation.h"
#include "writer.h"

struct render_options {
	bool events;  /* show transitions, exits, processes, notes (false with -q) */
	bool layout;  /* show address spaces (false with -q) */
	bool summary; /* show the summary (-c) */
	bool frame;   /* show the start and end lines (text: false with -q; JSON always has them) */
	bool color;
};

/* One output format. All functions but event may be NULL. */
struct renderer {
	const char *name; /* as --format takes it */
	bool binary;      /* not for terminals, and not among other output */
	void (*event)(struct writer *out, const struct event *event, const struct render_options *options, void *state);
	size_t state_size; /* bytes of zeroed state kept between events */
	void (*finish)(struct writer *out, void *state);
	bool summary; /* it shows the summary also without -c */
	bool file;    /* not for a terminal: it wants --output, or a standard error that is redirected */
};

/* The table of renderers, ended by a NULL name; a new one is one file and one line there. */
extern const struct renderer renderers[];

const struct renderer *renderer_find(const char *name); /* NULL: no such format */

struct stream;

/* out is borrowed. Returns NULL when memory is short. */
struct stream *stream_open(const struct renderer *renderer, struct writer *out, const struct render_options *options);

/* From now on `watch` sees each event, shown or not, before the renderer, and may fill it in. One at a time. */
void stream_watch(struct stream *stream, void (*watch)(void *context, struct event *event), void *context);

/* Numbers, counts and shows the event; fills in event->seq and returns it. Events that the options hide are counted
   for the summary and numbered apart: the numbers shown have no gaps, and a hidden return still finds its entry. */
uint64_t stream_emit(struct stream *stream, struct event *event);

/* How many events have been shown: the next one's number. */
uint64_t stream_shown(const struct stream *stream);

/* Shows an event that was recorded earlier: its seq and its totals stay as they are, and nothing is counted. */
void stream_show(struct stream *stream, const struct event *event);

/* How many events there have been, shown or not. */
uint64_t stream_events(const struct stream *stream);

/* Counts one VM exit for the summary: observed = it happened only because somebody observes. */
void stream_count_exit(struct stream *stream, enum exit_reason reason, bool observed);

/* How the run is observed, for the summary. */
void stream_set_cost(struct stream *stream, const struct observation_cost *cost);

/* The exit that was counted last has been handled, which took `ns`. stream_wants_times(): somebody wants to know. */
bool stream_wants_times(const struct stream *stream);
void stream_exit_handled(struct stream *stream, uint64_t ns);

/* Emits the EVENT_SUMMARY built from everything seen so far. */
void stream_emit_summary(struct stream *stream, uint64_t ns);

/* Finishes the renderer and frees the stream. The writer stays open. */
void stream_close(struct stream *stream);

#endif
