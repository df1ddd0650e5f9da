/* SPDX-License-Identifier: MIT */
/* svg.c: the frame of the picture: title, warnings, names of the columns, notes. */
#include "svg.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "svg_picture.h"

#define TITLE_HEIGHT   56
#define WARNING_HEIGHT 26
#define NAMES_HEIGHT   38
#define NOTE_HEIGHT    16
#define NOTE_LETTER    6 /* a letter's width in a note, at most on average */

static void take_start(struct svg_state *state, const struct event_start *start)
{
	const char *slash = strrchr(start->image, '/');

	snprintf(state->image, sizeof(state->image), "%s", slash != NULL ? slash + 1 : start->image);
	snprintf(state->version, sizeof(state->version), "%s", start->version);
}

void svg_event(struct writer *out, const struct event *event, const struct render_options *options, void *state)
{
	struct svg_state *svg = state;

	(void)out, (void)options; /* all of it is written at the end */
	if (event->type == EVENT_START)
		take_start(svg, &event->start);
	else if (event->type == EVENT_ADDRESS_SPACE)
		svg_spaces_keep(&svg->spaces, event);
}

/* How many characters of the text go into a line: up to the last space that fits */
static size_t line_length(const char *text, size_t room)
{
	size_t length = strlen(text);

	if (length <= room)
		return length;
	for (length = room; length > 0 && text[length] != ' ';)
		length--;
	return length > 0 ? length : room;
}

/* Draws the notes from y on, or only measures them; returns the y below. */
static int draw_notes(struct svg_picture *picture, const struct svg_notes *notes, int y, bool draw)
{
	size_t room = (size_t)(picture->width - 2 * SVG_MARGIN) / NOTE_LETTER;

	for (size_t i = 0; i < notes->count; i++)
		for (const char *text = notes->lines[i]; *text != '\0'; y += NOTE_HEIGHT) {
			size_t length = line_length(text, room);

			if (draw)
				writer_printf(picture->out,
					      "<text x=\"%d\" y=\"%d\" font-size=\"11\" fill=\"" SVG_SOFT
					      "\">%.*s</text>\n",
					      SVG_MARGIN, y + 12, (int)length, text);
			text += length + (text[length] == ' ');
		}
	return y;
}

static void draw_title(struct svg_picture *picture)
{
	struct writer *out = picture->out;

	writer_printf(out,
		      "<text x=\"%d\" y=\"30\" font-size=\"20\" font-weight=\"bold\" fill=\"" SVG_INK
		      "\">Address space%s",
		      SVG_MARGIN, picture->rows.columns_count > 1 ? "s" : "");
	if (picture->image[0] != '\0') {
		writer_printf(out, " of ");
		svg_words(out, picture->image, 40);
	}
	writer_printf(out,
		      "</text>\n<text x=\"%d\" y=\"48\" font-size=\"12\" fill=\"" SVG_SOFT
		      "\">Kernel half above, user half below%s; drawn by vmm ",
		      SVG_MARGIN, picture->rows.columns_count > 1 ? "; a column for each process" : "");
	svg_words(out, picture->version, 20);
	writer_printf(out, "</text>\n");
}

/* What should not be is said in words, too. */
static int draw_warnings(struct svg_picture *picture, int y, bool draw)
{
	const struct svg_rows *rows = &picture->rows;
	size_t writable = 0, reached = 0;

	for (size_t column = 0; column < rows->columns_count; column++)
		for (size_t i = 0; i < rows->columns[column].facts.region_count; i++) {
			const struct event_region *region = &rows->columns[column].facts.regions[i];
			const char *danger = svg_rows_shows(rows, column, region) ? svg_danger(rows, region) : NULL;

			writable += danger != NULL && danger[0] == 'W';
			reached += danger != NULL && danger[0] != 'W';
		}
	if (writable + reached == 0)
		return y;
	if (draw) {
		writer_printf(
			picture->out,
			"<g class=\"warning\"><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"" SVG_WARNING
			"\"/><text x=\"%d\" y=\"%d\" font-size=\"13\" font-weight=\"bold\" fill=\"#ffffff\">",
			SVG_MARGIN, y, picture->width - 2 * SVG_MARGIN, WARNING_HEIGHT - 4, SVG_MARGIN + 8, y + 16);
		if (writable > 0)
			writer_printf(picture->out, "%zu region%s writable AND executable%s", writable,
				      writable == 1 ? " is" : "s are", reached > 0 ? "; " : "");
		if (reached > 0)
			writer_printf(picture->out, "ring 3 reaches %zu region%s of the kernel half", reached,
				      reached == 1 ? "" : "s");
		writer_printf(picture->out, "</text></g>\n");
	}
	return y + WARNING_HEIGHT;
}

static void draw_names(struct svg_picture *picture)
{
	for (size_t i = 0; i < picture->rows.columns_count; i++) {
		const struct svg_space *space = &picture->rows.columns[i];
		int x = svg_column_x(picture, i), y = picture->top - NAMES_HEIGHT;
		char name[EVENT_NAME + 32];

		snprintf(name, sizeof(name),
			 space->facts.pid != 0 ? "process %" PRIu32 "%s%s" : "process ?%.0" PRIu32 "%s%s",
			 space->facts.pid, space->facts.name[0] != '\0' ? ": " : "", space->facts.name);
		writer_printf(picture->out,
			      "<text x=\"%d\" y=\"%d\" font-size=\"13\" font-weight=\"bold\" fill=\"" SVG_INK "\">", x,
			      y + 14);
		svg_words(picture->out, name, (size_t)picture->column_width / 8);
		writer_printf(picture->out,
			      "</text><text x=\"%d\" y=\"%d\" font-size=\"11\" fill=\"" SVG_SOFT "\">%s%sCR3 0x%" PRIx64
			      "</text>\n",
			      x, y + 30, space->facts.when, space->facts.when[0] != '\0' ? ", " : "", space->facts.cr3);
	}
}

/* Each half's name above it, with what is mapped there */
static void draw_heading(struct svg_picture *picture, size_t column, const char *name, int y, uint64_t size,
			 uint64_t mapped)
{
	struct svg_size whole, part;

	writer_printf(picture->out,
		      "<text x=\"%d\" y=\"%d\" font-size=\"11\" fill=\"" SVG_INK
		      "\"><tspan font-weight=\"bold\">%s</tspan>, ",
		      svg_column_x(picture, column), picture->top + y + SVG_HEADING - 8, name);
	if (size != 0)
		writer_printf(picture->out, "%s: ", svg_roughly(&whole, size));
	writer_printf(picture->out, "%s mapped</text>\n", svg_roughly(&part, mapped));
}

static void draw_headings(struct svg_picture *picture)
{
	const struct svg_rows *rows = &picture->rows;

	for (size_t i = 0; i < rows->columns_count; i++) {
		const struct event_address_space *space = &rows->columns[i].facts;

		draw_heading(picture, i, "user half", rows->user_y, i == 0 ? rows->user_end : 0, space->user_bytes);
		if (!rows->one_kernel)
			draw_heading(picture, i, "kernel half", rows->kernel_y, i == 0 ? -rows->kernel_start : 0,
				     space->kernel_bytes);
	}
	if (rows->one_kernel)
		draw_heading(picture, 0,
			     rows->columns_count > 1 ? "kernel half, the same in every process" : "kernel half",
			     rows->kernel_y, -rows->kernel_start, rows->columns[rows->kernel].facts.kernel_bytes);
}

static void begin_file(struct svg_picture *picture, const char *description)
{
	writer_printf(
		picture->out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" "
		"font-family=\"" SVG_SANS "\">\n<desc>%s</desc>\n"
		"<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n",
		picture->width, picture->height, picture->width, picture->height, description, picture->width,
		picture->height);
}

/* How wide a column is, and with it the whole */
static void set_widths(struct svg_picture *picture)
{
	static const int widths[SVG_COLUMNS + 1] = {400, 400, 290, 240, 210, 190, 190, 190, 190};

	picture->column_width = widths[picture->rows.columns_count];
	picture->width = SVG_COLUMNS_X + svg_columns_width(picture) + SVG_MARGIN;
	if (picture->rows.columns_count >= SVG_RIGHT_AXIS)
		picture->width += SVG_AXIS_END - SVG_MARGIN - SVG_STRIP - 20;
}

static void draw(struct svg_picture *picture)
{
	struct svg_notes notes = {.count = 0};
	int legend;

	set_widths(picture);
	svg_notes_make(&notes, picture);
	picture->top = draw_warnings(picture, TITLE_HEIGHT, false) + NAMES_HEIGHT;
	legend = picture->top + picture->rows.height + 24;
	picture->height = draw_notes(picture, &notes, legend + svg_legend_height(picture), false) + SVG_MARGIN;
	begin_file(picture, "The address space of each process: kernel half above, the hole, user half below.");
	svg_draw_definitions(picture);
	draw_title(picture);
	draw_warnings(picture, TITLE_HEIGHT, true);
	draw_names(picture);
	draw_headings(picture);
	svg_draw_strips(picture);
	svg_draw_empty(picture);
	svg_draw_regions(picture);
	svg_draw_breaks(picture);
	svg_draw_legend(picture, legend);
	draw_notes(picture, &notes, legend + svg_legend_height(picture), true);
	writer_printf(picture->out, "</svg>\n");
}

/* A picture that says why there is none */
static void draw_nothing(struct svg_picture *picture, const char *why)
{
	picture->width = 640;
	picture->height = 90;
	begin_file(picture, why);
	writer_printf(picture->out,
		      "<text x=\"%d\" y=\"36\" font-size=\"16\" font-weight=\"bold\" fill=\"" SVG_INK
		      "\">No address space to draw</text>\n"
		      "<text x=\"%d\" y=\"62\" font-size=\"12\" fill=\"" SVG_SOFT "\">%s</text>\n</svg>\n",
		      SVG_MARGIN, SVG_MARGIN, why);
}

void svg_finish(struct writer *out, void *state)
{
	struct svg_state *svg = state;
	struct svg_picture picture = {.out = out, .spaces = &svg->spaces, .image = svg->image, .version = svg->version};

	if (svg->spaces.count == 0)
		draw_nothing(&picture, svg->spaces.no_memory
					       ? "There was no memory to keep it."
					       : "The report has none: it needs --layout=start, switch or end.");
	else if (!svg_rows_make(&picture.rows, &svg->spaces))
		draw_nothing(&picture, "There was no memory to draw it.");
	else
		draw(&picture);
	svg_rows_free(&picture.rows);
	svg_spaces_free(&svg->spaces);
}
