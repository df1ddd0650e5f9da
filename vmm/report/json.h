/* SPDX-License-Identifier: MIT */
/*
 * json.h: the JSON Lines renderer. docs/json.md describes every key, docs/events.schema.json checks them.
 */
#ifndef VMM_REPORT_JSON_H
#define VMM_REPORT_JSON_H

#include "json_line.h"
#include "stream.h"

/* state: a struct json_line */
void json_event(struct writer *out, const struct event *event, const struct render_options *options, void *state);

#endif
