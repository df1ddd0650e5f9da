/* SPDX-License-Identifier: MIT */
/*
 * svg_picture.h: the parts of the picture, and where they stand. From left to right: each half to scale, addresses,
 * one column for each process, with many of them the addresses again. From above: title, warnings, the columns' names,
 * the rows, what the marks mean, notes.
 */
#ifndef VMM_REPORT_SVG_PICTURE_H
#define VMM_REPORT_SVG_PICTURE_H

#include "svg_rows.h"
#include "svg_text.h"

#define SVG_MARGIN     20
#define SVG_STRIP      22  /* the halves to scale */
#define SVG_AXIS_END   196 /* addresses end here, */
#define SVG_COLUMNS_X  204 /* and columns begin */
#define SVG_GUTTER     14
#define SVG_RIGHT_AXIS 4 /* columns, from which on the addresses also stand on the right */

/* Okabe and Ito's colours, and tints of them that black text can be read on; the kernel's are the darker ones. */
#define SVG_INK     "#1a1a1a"
#define SVG_SOFT    "#5f5f5f"
#define SVG_LINE    "#b8b8b8"
#define SVG_DANGER  "#d55e00"
#define SVG_WARNING "#a33c00" /* text */
#define SVG_SANS    "Helvetica, Arial, 'DejaVu Sans', sans-serif"
#define SVG_MONO    "'DejaVu Sans Mono', Menlo, Consolas, monospace"

struct svg_picture {
	struct writer *out;
	struct svg_rows rows;
	const struct svg_spaces *spaces;
	const char *image, *version; /* "" when unknown */
	int width, height;
	int column_width;
	int top; /* y of the rows */
};

/* Is it one of the things that should not be: writable and executable, or of ring 3 in the kernel half? In words, or
   NULL. */
const char *svg_danger(const struct svg_rows *rows, const struct event_region *region);

int svg_column_x(const struct svg_picture *picture, size_t column);
int svg_columns_width(const struct svg_picture *picture); /* of all together */

/* The parts. Each writes elements of its own. */
void svg_draw_definitions(struct svg_picture *picture); /* patterns */
void svg_draw_strips(struct svg_picture *picture);      /* the halves to scale, and what leads to the rows */
void svg_draw_empty(struct svg_picture *picture);       /* columns without what is in them, addresses, gaps, the hole */
void svg_draw_regions(struct svg_picture *picture);
void svg_draw_breaks(struct svg_picture *picture); /* zigzags and folds, over the regions */
void svg_draw_legend(struct svg_picture *picture, int y);
int svg_legend_height(const struct svg_picture *picture);

#define SVG_NOTES 8

struct svg_notes {
	char lines[SVG_NOTES][256];
	size_t count;
};

void svg_notes_make(struct svg_notes *notes, const struct svg_picture *picture);

struct svg_box {
	int x, y, width, height;
	int label_y, label_height; /* where there is room for text, unbroken: from the topmost row on that is drawn */
};

/* A box in the colours of a region, with its ring, without other text. */
void svg_draw_box(struct writer *out, const struct event_region *region, const char *danger, const struct svg_box *box);

/* The marks of shared and copy-on-write pages, 11 wide. */
void svg_draw_shared_mark(struct writer *out, int x, int y);
void svg_draw_cow_mark(struct writer *out, int x, int y);

#endif
