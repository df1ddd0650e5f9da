/* SPDX-License-Identifier: MIT */
/* compare_parts.h: the sections of a comparison, one function each. */
#ifndef VMM_VIEW_COMPARE_PARTS_H
#define VMM_VIEW_COMPARE_PARTS_H

#include "compare.h"

struct comparison {
	const struct profile *sides[2];
	const struct order *order;
	const struct diff_options *options;
	const struct diff_sink *sink;
	void *state;
	unsigned differences[DIFF_SECTIONS];
};

void compare_rows(struct comparison *comparison);
void compare_layouts(struct comparison *comparison);

/* Tells of two values unless they are the same. */
void compare_numbers(struct comparison *comparison, enum diff_section section, const char *what, uint64_t a, uint64_t b,
		     bool decides);
void compare_texts(struct comparison *comparison, enum diff_section section, const char *what, const char *a,
		   const char *b, bool decides); /* NULL: there is none */

#endif
