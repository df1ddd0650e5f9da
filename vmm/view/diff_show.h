/* SPDX-License-Identifier: MIT */
/* diff_show.h: a comparison for people, and for programs (one JSON object a line: docs/view.md). */
#ifndef VMM_VIEW_DIFF_SHOW_H
#define VMM_VIEW_DIFF_SHOW_H

#include "compare.h"
#include "report/json_line.h"
#include "report/writer.h"

struct diff_show {
	struct writer *out;
	const char *names[2]; /* of the files */
	bool color;
	/* the rest is the presenter's own; all zero at first */
	bool begun;
	unsigned section; /* that stands above, plus 1 */
	struct json_line line;
};

/* The state of both is a struct diff_show. */
extern const struct diff_sink diff_text, diff_json;

#endif
