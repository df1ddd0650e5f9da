/* SPDX-License-Identifier: MIT */
/*
 * html.c: the page, then the events as JSON Lines in data blocks, as they come. Nothing follows them but end tags: a
 * page that is cut off anywhere still shows what it has.
 */
#include "html.h"

#include "json.h"

#define EVENTS_A_BLOCK 1024 /* a browser copies the text of a block as a whole */

extern const char html_page[];
extern const size_t html_page_size;

static void put(struct writer *out, const char *text, size_t length)
{
	writer_escape_markup(out, false);
	writer_put(out, text, length);
}

#define put_literal(out, text) put(out, text, sizeof(text) - 1)

static void close_block(struct writer *out, struct html_state *html)
{
	if (html->open)
		put_literal(out, "</script>\n");
	html->open = false;
	html->count = 0;
}

void html_event(struct writer *out, const struct event *event, const struct render_options *options, void *state)
{
	struct html_state *html = state;

	if (!html->begun) {
		put(out, html_page, html_page_size);
		writer_flush(out); /* whatever happens to vmm, there is a page that can say so */
	}
	html->begun = true;
	if (!html->open)
		put_literal(out, "<script type=\"application/json\" class=\"events\">\n");
	html->open = true;
	writer_escape_markup(out, true);
	json_event(out, event, options, &html->line);
	if (++html->count == EVENTS_A_BLOCK)
		close_block(out, html);
}

void html_finish(struct writer *out, void *state)
{
	struct html_state *html = state;

	close_block(out, html);
	put_literal(out, "</body>\n</html>\n");
}
