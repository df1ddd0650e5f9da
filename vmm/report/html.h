/* SPDX-License-Identifier: MIT */
/*
 * html.h: the page of --format html: one file that needs nothing else. The sources of what it shows are in page/.
 */
#ifndef VMM_REPORT_HTML_H
#define VMM_REPORT_HTML_H

#include "json_line.h"
#include "stream.h"

struct html_state {
	struct json_line line;
	bool begun;   /* the page itself has been written */
	bool open;    /* a block of events is open */
	size_t count; /* events in it */
};

/* state: a struct html_state */
void html_event(struct writer *out, const struct event *event, const struct render_options *options, void *state);
void html_finish(struct writer *out, void *state);

#endif
