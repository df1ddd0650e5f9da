/* SPDX-License-Identifier: MIT */
/*
 * svg.h: the address space as a picture, for slides: --format svg. Of each process the last moment that was reported;
 * everything is written at the end, in one go.
 */
#ifndef VMM_REPORT_SVG_H
#define VMM_REPORT_SVG_H

#include "stream.h"
#include "svg_spaces.h"

struct svg_state {
	struct svg_spaces spaces;
	char image[256], version[32]; /* from the start of the report */
};

void svg_event(struct writer *out, const struct event *event, const struct render_options *options, void *state);
void svg_finish(struct writer *out, void *state);

#endif
