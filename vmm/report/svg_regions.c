/* SPDX-License-Identifier: MIT */
/* svg_regions.c: one box a region: its colours, its label, and everything known about it for the pointer. */
#include <inttypes.h>
#include <string.h>

#include "svg_picture.h"

#define BADGE        13 /* the ring's, at the left edge */
#define LABEL_WIDE   400
#define LABEL_NARROW 300
#define TWO_LINES    28 /* high */
#define ZIGZAG       11
#define MARK         14
#define STRIPES      26 /* beside a label that glares */
#define NAME_WIDTH   7  /* a letter's at most, of the sizes used here */
#define MONO_WIDTH   6

const char *svg_danger(const struct svg_rows *rows, const struct event_region *region)
{
	if (region->guard)
		return NULL;
	if ((region->writable && region->executable) || (region->kernel_writable && region->kernel_executable))
		return "W+X";
	return region->ring == 3 && region->start >= rows->kernel_start ? "ring 3!" : NULL;
}

static const char *fill_of(const struct event_region *region)
{
	bool user = region->ring == 3;

	if (region->guard)
		return "url(#guard)";
	if (region->executable)
		return user ? "#bfe6d8" : "#6fc3a6";
	if (region->writable)
		return user ? "#fce4b0" : "#f0c060";
	if (region->readable)
		return user ? "#d6ecfa" : "#8fc4e8";
	return "#e4e4e4";
}

/* The ring, with its middle at text_y */
static void draw_badge(struct writer *out, const struct event_region *region, int x, int y, int height, int text_y)
{
	bool user = region->ring == 3;

	writer_printf(
		out,
		"<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\" stroke=\"#333333\"/>"
		"<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" font-size=\"10\" font-weight=\"bold\" fill=\"%s\">%u"
		"</text>",
		x, y, BADGE, height, user ? "#ffffff" : "#404040", x + BADGE / 2 + 1, text_y + 4,
		user ? SVG_INK : "#ffffff", region->ring);
}

void svg_draw_box(struct writer *out, const struct event_region *region, const char *danger, const struct svg_box *box)
{
	int plate = BADGE + STRIPES;

	writer_printf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\" %s/>", box->x, box->y,
		      box->width, box->height, danger != NULL ? "url(#danger)" : fill_of(region),
		      danger != NULL ? "stroke=\"" SVG_DANGER "\" stroke-width=\"5\"" : "stroke=\"#333333\"");
	if (danger != NULL && box->width > 2 * plate)
		writer_printf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#fff36b\"/>",
			      box->x + plate, box->y, box->width - plate - STRIPES, box->height);
	if (!region->guard)
		draw_badge(out, region, box->x, box->y, box->height, box->label_y + box->label_height / 2);
}

void svg_draw_shared_mark(struct writer *out, int x, int y)
{
	writer_printf(out,
		      "<path d=\"M%d %dh7v7h-7zM%d %dv-3h7v7h-3\" fill=\"none\" stroke=\"" SVG_INK
		      "\" stroke-width=\"1.2\"/>",
		      x, y + 4, x + 3, y + 4);
}

void svg_draw_cow_mark(struct writer *out, int x, int y)
{
	writer_printf(out,
		      "<circle cx=\"%d\" cy=\"%d\" r=\"5\" fill=\"#ffffff\" stroke=\"" SVG_INK "\"/>"
		      "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" font-size=\"8\" font-weight=\"bold\">C</text>",
		      x + 5, y + 6, x + 5, y + 9);
}

static void put_rights(struct writer *out, bool readable, bool writable, bool executable)
{
	writer_printf(out, "%c%c%c", readable ? 'r' : '-', writable ? 'w' : '-', executable ? 'x' : '-');
}

static void put_range(struct writer *out, const struct event_region *region)
{
	writer_printf(out, "0x%" PRIx64, region->start);
	if (region->end != 0)
		writer_printf(out, " to 0x%" PRIx64, region->end);
	else
		writer_put(out, " to 2^64", 8);
}

static void put_frames(struct writer *out, const struct event_region *region)
{
	struct svg_size size;

	writer_printf(out, "\nring 0 has ");
	put_rights(out, region->kernel_readable, region->kernel_writable, region->kernel_executable);
	writer_printf(out, "\npages of %s, frames %s 0x%" PRIx64, svg_bytes(&size, region->page),
		      region->contiguous ? "in a row from" : "here and there, the first", region->phys);
	if (region->shared_frames != 0)
		writer_printf(out, "\n%" PRIu64 " page%s in the same frames as in process", region->shared_frames,
			      region->shared_frames == 1 ? "" : "s");
	for (size_t i = 0; i < region->shared_with_count && i < SVG_PIDS; i++)
		writer_printf(out, "%s %" PRIu32, i > 0 ? "," : "", region->shared_with[i]);
	if (region->shared_with_count > SVG_PIDS)
		writer_printf(out, " and %zu more", region->shared_with_count - SVG_PIDS);
	if (region->cow_pages != 0)
		writer_printf(out, "\n%" PRIu64 " copy-on-write", region->cow_pages);
}

static const char *name_of(const struct event_region *region)
{
	if (region->name[0] != '\0')
		return region->name;
	return region->guard ? "guard" : "(no name)";
}

/* What a browser shows when the pointer rests there, and what a screen reader reads */
static void put_title(struct writer *out, const struct event_region *region, const char *danger)
{
	struct svg_size size;

	writer_printf(out, "<title>");
	svg_words(out, name_of(region), SIZE_MAX);
	writer_printf(out, "\n");
	put_range(out, region);
	writer_printf(out, ", %s", svg_bytes(&size, region->end - region->start));
	if (region->guard) {
		writer_printf(out, "\nguard: nothing is mapped, on purpose</title>");
		return;
	}
	writer_printf(out, "\nring %u: ", region->ring);
	put_rights(out, region->readable, region->writable, region->executable);
	put_frames(out, region);
	if (danger != NULL)
		writer_printf(out, "\n%s",
			      strcmp(danger, "W+X") == 0 ? "WRITABLE AND EXECUTABLE"
							 : "RING 3 REACHES A PAGE OF THE KERNEL HALF");
	writer_printf(out, "</title>");
}

/* For scripts: the region as the JSON report has it */
static void put_group(struct writer *out, const struct event_address_space *space, const struct event_region *region,
		      const char *danger)
{
	writer_printf(out, "<g class=\"region%s\" data-pid=\"%" PRIu32 "\" data-start=\"0x%" PRIx64 "\" data-end=\"",
		      danger != NULL ? " danger" : "", space->pid, region->start);
	if (region->end != 0)
		writer_printf(out, "0x%" PRIx64, region->end);
	else
		writer_printf(out, "0x10000000000000000");
	writer_printf(out, "\" data-ring=\"%u\" data-rights=\"", region->ring);
	put_rights(out, region->readable, region->writable, region->executable);
	writer_printf(out, "\" data-name=\"");
	svg_words(out, region->name, SIZE_MAX);
	writer_printf(out, "\">");
}

/* Where the parts of a label stand: the name on the left, the rights on the right, and before them the size and the
   marks; where there is height, and not much width, these are below the name. */
struct label {
	int name_x, name_y, rights_x, size_x, marks_x, y;
	size_t letters; /* of the name that there is room for */
};

static struct label label_of(const struct event_region *region, const char *danger, int x, int y, int width,
			     bool two_lines)
{
	struct svg_size size;
	int marks = (region->shared_frames != 0 ? MARK : 0) + (region->cow_pages != 0 ? MARK : 0), room;
	struct label label = {
		.name_x = x + BADGE + (danger != NULL ? STRIPES + 4 : 5),
		.name_y = y + 12,
		.rights_x = x + width - (danger != NULL ? STRIPES + 4 : 6),
		.y = y + (two_lines ? 24 : 12),
	};

	label.size_x = label.rights_x - (region->guard ? 0 : 4 * MONO_WIDTH + 4);
	label.marks_x = label.size_x - (int)strlen(svg_bytes(&size, region->end - region->start)) * MONO_WIDTH - 6;
	room = (two_lines ? label.rights_x : label.marks_x - marks) - label.name_x;
	if (danger != NULL)
		room -= (int)(strlen(danger) + 1) * NAME_WIDTH;
	label.letters = room > NAME_WIDTH ? (size_t)(room / NAME_WIDTH) : 1;
	return label;
}

static void put_label(struct writer *out, const struct event_region *region, const char *danger,
		      const struct label *label)
{
	const char *color = danger != NULL ? SVG_WARNING : SVG_INK;
	struct svg_size size;

	writer_printf(out, "<text x=\"%d\" y=\"%d\" font-size=\"11\" fill=\"%s\"%s>", label->name_x, label->name_y,
		      color, region->guard ? " font-style=\"italic\"" : " font-weight=\"bold\"");
	if (danger != NULL)
		writer_printf(out, "%s ", danger);
	svg_words(out, name_of(region), label->letters);
	writer_printf(out,
		      "</text><g font-family=\"" SVG_MONO "\" font-size=\"10\" text-anchor=\"end\" fill=\"%s\">"
		      "<text x=\"%d\" y=\"%d\">%s</text>",
		      color, label->size_x, label->y, svg_bytes(&size, region->end - region->start));
	if (!region->guard) {
		writer_printf(out, "<text x=\"%d\" y=\"%d\" font-weight=\"bold\">", label->rights_x, label->y);
		put_rights(out, region->readable, region->writable, region->executable);
		writer_printf(out, "</text>");
	}
	writer_printf(out, "</g>");
	if (region->cow_pages != 0)
		svg_draw_cow_mark(out, label->marks_x - MARK, label->y - 9);
	if (region->shared_frames != 0)
		svg_draw_shared_mark(out, label->marks_x - (region->cow_pages != 0 ? 2 : 1) * MARK, label->y - 10);
}

/* Words on hatching cannot be read: paper behind them */
static void put_plates(struct writer *out, const struct event_region *region, const struct label *label)
{
	size_t letters = svg_words_length(name_of(region));
	struct svg_size size;
	int width = (int)strlen(svg_bytes(&size, region->end - region->start)) * MONO_WIDTH;

	if (letters > label->letters)
		letters = label->letters;
	writer_printf(out, "<path d=\"M%d %dh%dv13h-%dzM%d %dh%dv13h-%dz\" fill=\"#ffffff\"/>", label->name_x - 3,
		      label->name_y - 10, (int)letters * NAME_WIDTH, (int)letters * NAME_WIDTH,
		      label->size_x - width - 3, label->y - 10, width + 6, width + 6);
}

/* Where the room for text ends that begins in row `top`: at the first break */
static int label_end(const struct svg_row *rows, size_t first, size_t top)
{
	size_t low = top;

	while (low > first && !rows[low].broken && !rows[low - 1].folded)
		low--;
	return rows[low].y + rows[low].height - (rows[low].broken ? ZIGZAG : 0);
}

/* False: all of its rows are folded. */
static bool place_of(const struct svg_picture *picture, size_t column, const struct event_region *region,
		     struct svg_box *place)
{
	const struct svg_rows *rows = &picture->rows;
	bool wide = rows->one_kernel && region->start >= rows->kernel_start;
	size_t first, last, top;

	svg_rows_of(rows, region, &first, &last);
	for (top = last; top > first && rows->rows[top].folded;)
		top--;
	place->x = wide ? SVG_COLUMNS_X : svg_column_x(picture, column);
	place->width = wide ? svg_columns_width(picture) : picture->column_width;
	place->y = picture->top + rows->rows[last].y;
	place->height = picture->top + rows->rows[first].y + rows->rows[first].height - place->y;
	place->label_y = picture->top + rows->rows[top].y;
	place->label_height = label_end(rows->rows, first, top) - rows->rows[top].y;
	return !rows->rows[top].folded;
}

static void draw_region(struct svg_picture *picture, size_t column, const struct event_region *region)
{
	const char *danger = svg_danger(&picture->rows, region);
	struct writer *out = picture->out;
	struct svg_box place;
	struct label label;
	bool two_lines;

	if (!place_of(picture, column, region, &place))
		return;
	put_group(out, &picture->rows.columns[column].facts, region, danger);
	put_title(out, region, danger);
	svg_draw_box(out, region, danger, &place);
	if (place.width > LABEL_WIDE) { /* for eyes that cannot go from one end to the other */
		place.x += (place.width - LABEL_WIDE) / 2;
		place.width = LABEL_WIDE;
	}
	two_lines = place.width < LABEL_NARROW && place.label_height >= TWO_LINES;
	place.label_y += (place.label_height - (two_lines ? TWO_LINES : SVG_PAGE)) / 2;
	label = label_of(region, danger, place.x, place.label_y, place.width, two_lines);
	if (region->guard)
		put_plates(out, region, &label);
	put_label(out, region, danger, &label);
	writer_printf(out, "</g>\n");
}

void svg_draw_regions(struct svg_picture *picture)
{
	const struct svg_rows *rows = &picture->rows;

	for (size_t column = 0; column < rows->columns_count; column++) {
		const struct event_address_space *space = &rows->columns[column].facts;

		for (size_t i = 0; i < space->region_count; i++)
			if (svg_rows_shows(rows, column, &space->regions[i]))
				draw_region(picture, column, &space->regions[i]);
	}
}
