/* SPDX-License-Identifier: MIT */
/*
 * svg_strips.c: each half once more, wholly to scale, so that one sees how much of it is empty; lines lead from there
 * to the rows. And the legend.
 */
#include "svg_picture.h"

#define LEAD_END      (SVG_COLUMNS_X - 6)
#define SAMPLE        46
#define SAMPLE_WIDTH  152
#define SAMPLE_HEIGHT 26
#define SAMPLES       10

void svg_draw_definitions(struct svg_picture *picture)
{
	writer_printf(picture->out,
		      "<defs>\n"
		      "<pattern id=\"guard\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\">"
		      "<rect width=\"7\" height=\"7\" fill=\"#ffffff\"/>"
		      "<path d=\"M-1 8L8 -1M-1 1L1 -1M6 8L8 6\" stroke=\"#9a9a9a\"/></pattern>\n"
		      "<pattern id=\"danger\" width=\"12\" height=\"12\" patternUnits=\"userSpaceOnUse\">"
		      "<rect width=\"12\" height=\"12\" fill=\"#f0e442\"/>"
		      "<path d=\"M-3 9L9 -3M3 15L15 3\" stroke=\"" SVG_DANGER "\" stroke-width=\"5\"/></pattern>\n"
		      "</defs>\n");
}

/* One half: from its first row to its last one, with the y of both ends */
struct half {
	size_t first, end;
	uint64_t start, size;
	int top, bottom;
};

/* y of an address in the strip: to scale, without overflow */
static int scaled(const struct half *half, uint64_t offset)
{
	unsigned shift = 0;

	while (half->size >> shift >= UINT64_C(1) << 32)
		shift++;
	return half->bottom - (int)((offset >> shift) * (uint64_t)(half->bottom - half->top) / (half->size >> shift));
}

static void draw_cluster(struct svg_picture *picture, const struct half *half, size_t first, size_t last)
{
	const struct svg_row *rows = picture->rows.rows;
	int low = scaled(half, rows[first].start - half->start);
	int high = scaled(half, rows[last].start + rows[last].size - half->start);
	int x = SVG_MARGIN + SVG_STRIP;

	if (low - high < 2) {
		low = low + 1 < half->bottom ? low + 1 : half->bottom;
		high = low - 2;
	}
	writer_printf(picture->out,
		      "<path d=\"M%d %dL%d %dV%dL%d %dz\" fill=\"#efefef\"/>"
		      "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"" SVG_INK "\"/>\n",
		      x, high, LEAD_END, picture->top + rows[last].y, picture->top + rows[first].y + rows[first].height,
		      x, low, SVG_MARGIN, high, SVG_STRIP, low - high);
}

static void draw_strip(struct svg_picture *picture, struct half *half)
{
	const struct svg_row *rows = picture->rows.rows;
	struct svg_size size;
	int x = SVG_MARGIN + SVG_STRIP / 2, y;

	half->top = picture->top + rows[half->end - 1].y;
	half->bottom = picture->top + rows[half->first].y + rows[half->first].height;
	y = half->top + (half->bottom - half->top) / 2;
	writer_printf(picture->out,
		      "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#ffffff\" stroke=\"#333333\"/>\n",
		      SVG_MARGIN, half->top, SVG_STRIP, half->bottom - half->top);
	for (size_t i = half->first; i < half->end;) {
		size_t first = i;

		while (i < half->end && (rows[i].mapped || !rows[i].broken))
			i++;
		if (i > first)
			draw_cluster(picture, half, first, i - 1);
		else
			i++;
	}
	writer_printf(picture->out,
		      "<text x=\"%d\" y=\"%d\" transform=\"rotate(-90 %d %d)\" text-anchor=\"middle\" font-size=\"10\" "
		      "fill=\"" SVG_SOFT
		      "\" stroke=\"#ffffff\" stroke-width=\"3\" paint-order=\"stroke\">%s, to scale</text>\n",
		      x + 4, y, x + 4, y, svg_roughly(&size, half->size));
}

void svg_draw_strips(struct svg_picture *picture)
{
	const struct svg_rows *rows = &picture->rows;
	struct half user = {.size = rows->user_end}, kernel = {.start = rows->kernel_start, .end = rows->count};

	kernel.size = -kernel.start;
	while (user.end < rows->count && rows->rows[user.end].start < rows->user_end)
		user.end++;
	while (rows->rows[kernel.first].start < rows->kernel_start)
		kernel.first++;
	draw_strip(picture, &user);
	draw_strip(picture, &kernel);
}

struct sample {
	struct event_region region;
	const char *danger, *words;
	bool shared, copied;
};

static void draw_sample(struct svg_picture *picture, const struct sample *sample, int x, int y)
{
	const struct svg_box box = {x, y, SAMPLE, SVG_PAGE, y, SVG_PAGE};

	if (sample->shared)
		svg_draw_shared_mark(picture->out, x + SAMPLE - 14, y + 3);
	else if (sample->copied)
		svg_draw_cow_mark(picture->out, x + SAMPLE - 14, y + 3);
	else
		svg_draw_box(picture->out, &sample->region, sample->danger, &box);
	writer_printf(picture->out, "<text x=\"%d\" y=\"%d\" font-size=\"11\" fill=\"" SVG_INK "\">%s</text>\n",
		      x + SAMPLE + 7, y + 12, sample->words);
}

/* The kernel's samples above the user's, or all in one line */
static int legend_columns(const struct svg_picture *picture)
{
	return (picture->width - 2 * SVG_MARGIN) / SAMPLE_WIDTH < SAMPLES ? 4 : SAMPLES;
}

int svg_legend_height(const struct svg_picture *picture)
{
	int columns = legend_columns(picture);

	return (SAMPLES + columns - 1) / columns * SAMPLE_HEIGHT + SAMPLE_HEIGHT / 2;
}

void svg_draw_legend(struct svg_picture *picture, int y)
{
	static const struct sample samples[SAMPLES] = {
		{.region = {.ring = 0, .readable = true}, .words = "kernel r--"},
		{.region = {.ring = 0, .writable = true}, .words = "kernel rw-"},
		{.region = {.ring = 0, .executable = true}, .words = "kernel r-x"},
		{.region = {.guard = true}, .words = "guard"},
		{.region = {.ring = 3, .readable = true}, .words = "user r--"},
		{.region = {.ring = 3, .writable = true}, .words = "user rw-"},
		{.region = {.ring = 3, .executable = true}, .words = "user r-x"},
		{.region = {.ring = 3}, .danger = "", .words = "must not be"},
		{.shared = true, .words = "shared frames"},
		{.copied = true, .words = "copy-on-write"},
	};
	int columns = legend_columns(picture);

	for (int i = 0; i < SAMPLES; i++)
		draw_sample(picture, &samples[i], SVG_MARGIN + i % columns * SAMPLE_WIDTH,
			    y + i / columns * SAMPLE_HEIGHT);
}
