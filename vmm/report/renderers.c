/* SPDX-License-Identifier: MIT */
/*
 * renderers.c: the output formats that --format knows.
 */
#include "html.h"
#include "json.h"
#include "perfetto.h"
#include "stream.h"
#include "svg.h"
#include "text.h"

const struct renderer renderers[] = {
	{.name = "text", .event = text_event, .state_size = sizeof(struct text_state)},
	{.name = "json", .event = json_event, .state_size = sizeof(struct json_line)},
	{.name = "perfetto",
	 .binary = true,
	 .event = perfetto_event,
	 .state_size = sizeof(struct perfetto_state),
	 .finish = perfetto_finish},
	{
		.name = "html",
		.event = html_event,
		.state_size = sizeof(struct html_state),
		.finish = html_finish,
		.summary = true,
		.file = true,
	},
	{
		.name = "svg",
		.event = svg_event,
		.state_size = sizeof(struct svg_state),
		.finish = svg_finish,
		.file = true,
	},
	{.name = NULL},
};
