/* SPDX-License-Identifier: MIT */
/*
 * text_line.h: one line of the text report: columns, colours, units. What comes from the guest or its files (names,
 * explanations) is shown as printable ASCII, so that it cannot move the cursor or break a line.
 */
#ifndef VMM_REPORT_TEXT_LINE_H
#define VMM_REPORT_TEXT_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "writer.h"

struct text_line {
	struct writer *out;
	bool color;
	unsigned column; /* of the next character, from 0 */
};

enum text_color { COLOR_NONE, COLOR_DIM, COLOR_BOLD, COLOR_RED, COLOR_GREEN, COLOR_YELLOW, COLOR_CYAN, COLOR_MAGENTA };

/* Our own words: ASCII without control characters, at most 255 of them at once. */
void line_printf(struct text_line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

void line_decimal(struct text_line *line, uint64_t value);
void line_hex(struct text_line *line, uint64_t value); /* "0x1f" */

/* Somebody else's words, up to `limit` bytes or to the NUL. Other bytes than printable ASCII appear as \x1b. */
void line_text(struct text_line *line, const char *text, size_t limit);

#define line_array(line, array)   line_text(line, array, sizeof(array))
#define line_string(line, string) line_text(line, string, SIZE_MAX)

void line_color(struct text_line *line, enum text_color color);          /* until line_color(line, COLOR_NONE) */
void line_to(struct text_line *line, unsigned column);                   /* spaces up to the column */
void line_gap(struct text_line *line, unsigned column);                  /* the same, but two spaces at least */
void line_right(struct text_line *line, unsigned end, const char *text); /* text that ends before column `end` */
void line_end(struct text_line *line);

/* Units. Each returns its buffer. */
struct text_unit {
	char text[32];
};
const char *unit_microseconds(struct text_unit *unit, uint64_t ns); /* "51.200" */
const char *unit_duration(struct text_unit *unit, uint64_t ns);     /* "51.2us", "1234.5ms", "12.3s" */
const char *unit_bytes(struct text_unit *unit, uint64_t bytes);     /* "48 KiB": exact, never rounded */

#endif
