/* SPDX-License-Identifier: MIT */
/* svg_breaks.c: what lies around the regions: the columns' edges, addresses, gaps, the hole, zigzags and folds. */
#include <inttypes.h>

#include "svg_picture.h"

#define TOOTH       6 /* half a period of the zigzag */
#define TOOTH_DEPTH 4

int svg_column_x(const struct svg_picture *picture, size_t column)
{
	return SVG_COLUMNS_X + (int)column * (picture->column_width + SVG_GUTTER);
}

int svg_columns_width(const struct svg_picture *picture)
{
	return svg_column_x(picture, picture->rows.columns_count - 1) + picture->column_width - SVG_COLUMNS_X;
}

/* A torn edge from x to x + width */
static void put_teeth(struct writer *out, int x, int y, int width)
{
	writer_printf(out, "M%d %d", x, y);
	for (int done = 0, up = 1; done < width; done += TOOTH, up = !up)
		writer_printf(out, "l%d %d", width - done < TOOTH ? width - done : TOOTH,
			      up ? -TOOTH_DEPTH : TOOTH_DEPTH);
}

/* The paper shows between two torn edges. */
static void draw_zigzag(struct writer *out, int x, int y, int width)
{
	writer_printf(out, "<path d=\"");
	put_teeth(out, x - 3, y + 2, width + 6);
	writer_printf(out, "\" fill=\"none\" stroke=\"#ffffff\" stroke-width=\"5\"/><path d=\"");
	put_teeth(out, x - 3, y, width + 6);
	put_teeth(out, x - 3, y + 5, width + 6);
	writer_printf(out, "\" fill=\"none\" stroke=\"#555555\" stroke-width=\"0.8\"/>\n");
}

static void draw_address(struct svg_picture *picture, uint64_t address, bool top, int y)
{
	int sides = picture->rows.columns_count >= SVG_RIGHT_AXIS ? 2 : 1;
	struct writer *out = picture->out;

	for (int side = 0; side < sides; side++) {
		int edge = SVG_COLUMNS_X + svg_columns_width(picture);

		writer_printf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">", side ? edge + 8 : SVG_AXIS_END, y + 4,
			      side ? "start" : "end");
		if (top)
			writer_printf(out, "2^64");
		else
			writer_printf(out, "0x%" PRIx64, address);
		writer_printf(out, "</text><path d=\"M%d %dh6\" stroke=\"#333333\"/>", side ? edge : SVG_COLUMNS_X - 6,
			      y);
	}
	writer_printf(out, "\n");
}

/* One at each line that can be seen */
static void draw_addresses(struct svg_picture *picture)
{
	const struct svg_rows *rows = &picture->rows;

	writer_printf(picture->out, "<g font-family=\"" SVG_MONO "\" font-size=\"10\" fill=\"" SVG_INK "\">\n");
	draw_address(picture, 0, true, picture->top + rows->rows[rows->count - 1].y);
	for (size_t i = 0; i < rows->count; i++) {
		const struct svg_row *row = &rows->rows[i];

		if (row->height == 0)
			continue;
		if (row->start != rows->user_end)
			draw_address(picture, row->start, false, picture->top + row->y + row->height);
		if (row->start + row->size == rows->user_end) /* between the hole and this line lies a heading */
			draw_address(picture, rows->user_end, false, picture->top + row->y);
	}
	writer_printf(picture->out, "</g>\n");
}

/* Empty columns, so that what is not mapped is seen as address space, too */
static void draw_columns(struct svg_picture *picture)
{
	const struct svg_rows *rows = &picture->rows;
	int kernel = picture->top + rows->kernel_y + SVG_HEADING, user = picture->top + rows->user_y + SVG_HEADING;
	int end = picture->top + rows->height, hole = picture->top + rows->user_y;

	writer_printf(picture->out, "<g fill=\"#ffffff\" stroke=\"" SVG_LINE "\">\n");
	for (size_t i = 0; i < rows->columns_count; i++) {
		int x = svg_column_x(picture, i), width = picture->column_width;

		writer_printf(picture->out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n", x, user, width,
			      end - user);
		if (rows->one_kernel && i > 0)
			continue;
		if (rows->one_kernel)
			width = svg_columns_width(picture);
		writer_printf(picture->out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n", x, kernel, width,
			      hole - kernel);
	}
	writer_printf(picture->out, "</g>\n");
}

static void draw_hole(struct svg_picture *picture, const struct svg_row *row)
{
	int x = SVG_COLUMNS_X, y = picture->top + row->y, width = svg_columns_width(picture);
	struct svg_size size;

	writer_printf(picture->out,
		      "<g class=\"hole\"><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#f4f4f4\"/>\n", x, y,
		      width, row->height);
	draw_zigzag(picture->out, x, y + 8, width);
	draw_zigzag(picture->out, x, y + row->height - 10, width);
	writer_printf(picture->out,
		      "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" font-size=\"12\" fill=\"" SVG_SOFT "\">"
		      "<tspan font-weight=\"bold\">the hole</tspan>: no address here is canonical; %s%s</text></g>\n",
		      x + width / 2, y + row->height / 2 + 4, row->size % (UINT64_C(1) << 50) ? "about " : "",
		      svg_roughly(&size, row->size));
}

void svg_draw_empty(struct svg_picture *picture)
{
	draw_columns(picture);
	for (size_t i = 0; i < picture->rows.count; i++)
		if (picture->rows.rows[i].hole && !picture->rows.rows[i].folded)
			draw_hole(picture, &picture->rows.rows[i]);
	draw_addresses(picture);
}

/* What a break leaves out, beside it */
static void draw_skipped(struct svg_picture *picture, uint64_t bytes, int y)
{
	struct svg_size size;

	writer_printf(
		picture->out,
		"<text x=\"%d\" y=\"%d\" text-anchor=\"end\" font-size=\"9\" font-style=\"italic\" fill=\"" SVG_SOFT
		"\">%s left out</text>\n",
		SVG_AXIS_END - 4, y + 3, svg_roughly(&size, bytes));
}

static void draw_gap(struct svg_picture *picture, const struct svg_row *row)
{
	int y = picture->top + row->y + row->height / 2, center = SVG_COLUMNS_X + svg_columns_width(picture) / 2;
	struct svg_size size;

	draw_zigzag(picture->out, SVG_COLUMNS_X, y - 2, svg_columns_width(picture));
	svg_roughly(&size, row->size);
	writer_printf(
		picture->out,
		"<rect x=\"%d\" y=\"%d\" width=\"150\" height=\"16\" fill=\"#ffffff\"/>"
		"<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" font-size=\"10\" font-style=\"italic\" fill=\"" SVG_SOFT
		"\">%s not mapped</text>\n",
		center - 75, y - 8, center, y + 4, size.text);
}

/* How many regions have no row that is drawn, and how many of them glare */
static size_t count_folded(const struct svg_rows *rows, size_t fold, size_t *dangers)
{
	size_t count = 0;

	*dangers = 0;
	for (size_t column = 0; column < rows->columns_count; column++)
		for (size_t row = fold; row < fold + rows->rows[fold].fold; row++) {
			const struct event_region *region = svg_rows_at(rows, column, row);

			if (region == NULL || region->start != rows->rows[row].start)
				continue;
			count++;
			*dangers += svg_danger(rows, region) != NULL;
		}
	return count;
}

static void draw_fold(struct svg_picture *picture, size_t fold)
{
	const struct svg_rows *rows = &picture->rows;
	const struct svg_row *row = &rows->rows[fold], *end = row + row->fold - 1;
	int width = svg_columns_width(picture), y = picture->top + row->y;
	size_t dangers, count = count_folded(rows, fold, &dangers);
	struct svg_size size;

	writer_printf(picture->out,
		      "<g class=\"fold\" data-regions=\"%zu\"><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
		      "fill=\"#ffffff\"/>\n",
		      count, SVG_COLUMNS_X - 3, y, width + 6, row->height);
	draw_zigzag(picture->out, SVG_COLUMNS_X, y + 5, width);
	draw_zigzag(picture->out, SVG_COLUMNS_X, y + row->height - 7, width);
	writer_printf(
		picture->out,
		"<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" font-size=\"10\" font-style=\"italic\" fill=\"%s\">"
		"%zu more region%s, %s, not drawn",
		SVG_COLUMNS_X + width / 2, y + row->height / 2 + 4, dangers ? SVG_WARNING : SVG_SOFT, count,
		count == 1 ? "" : "s", svg_roughly(&size, end->start + end->size - row->start));
	if (dangers > 0)
		writer_printf(picture->out, ": <tspan font-weight=\"bold\">%zu of them as they should not be</tspan>",
			      dangers);
	writer_printf(picture->out, "</text></g>\n");
}

void svg_draw_breaks(struct svg_picture *picture)
{
	const struct svg_rows *rows = &picture->rows;

	for (size_t i = 0; i < rows->count; i++) {
		const struct svg_row *row = &rows->rows[i];

		if (row->fold != 0) {
			draw_fold(picture, i);
		} else if (row->broken && !row->mapped) {
			draw_gap(picture, row);
		} else if (row->broken && !row->folded) {
			draw_zigzag(picture->out, SVG_COLUMNS_X, picture->top + row->y + row->height - 8,
				    svg_columns_width(picture));
			draw_skipped(picture, row->size - rows->linear * UINT64_C(4096),
				     picture->top + row->y + row->height / 2);
		}
	}
}
