/* SPDX-License-Identifier: MIT */
/*
 * svg_text.h: words and sizes inside an SVG file. What comes from the guest or its files is shown as printable ASCII,
 * as in the text report, so that every byte gives valid XML and the same picture everywhere.
 */
#ifndef VMM_REPORT_SVG_TEXT_H
#define VMM_REPORT_SVG_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "writer.h"

/* Somebody else's words, up to the NUL or `limit` characters as shown; if more would follow, the last one is an
   ellipsis. Bytes other than printable ASCII appear as \x1b, and what XML gives a meaning to as an entity. */
void svg_words(struct writer *out, const char *words, size_t limit);

/* How many characters svg_words() would show without a limit. */
size_t svg_words_length(const char *words);

struct svg_size {
	char text[32];
};

const char *svg_bytes(struct svg_size *size, uint64_t bytes);   /* exact: "1912 KiB" */
const char *svg_roughly(struct svg_size *size, uint64_t bytes); /* "1.9 MiB" */

#endif
