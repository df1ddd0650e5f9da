/* SPDX-License-Identifier: MIT */
/*
 * json_line.h: writes one JSON object a line, without printf: a run can have a million of them a second.
 *
 * The caller opens and closes what it nests; the commas come by themselves. Keys are literals that need no escaping.
 */
#ifndef VMM_REPORT_JSON_LINE_H
#define VMM_REPORT_JSON_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "writer.h"

struct json_line {
	struct writer *out;
	size_t used;
	bool comma;       /* the next key or value needs one before it */
	char bytes[4096]; /* handed to the writer when full and at the end of the line */
};

void json_begin(struct json_line *line, struct writer *out); /* writes "{" */
void json_end(struct json_line *line);                       /* writes "}\n" */

/* A key is followed by exactly one value, array or object. */
#define json_key(line, name) json_raw_key(line, "\"" name "\":", sizeof(name) + 2)
void json_raw_key(struct json_line *line, const char *quoted, size_t length);
void json_name(struct json_line *line, const char *name); /* a key that is not a literal */

void json_open(struct json_line *line, char bracket);  /* '{' or '[' */
void json_close(struct json_line *line, char bracket); /* '}' or ']' */

/* Values; in an array they follow each other. */
void json_unsigned(struct json_line *line, uint64_t value);
void json_signed(struct json_line *line, int64_t value);
void json_hex(struct json_line *line, uint64_t value); /* "0x1f" */
void json_bool(struct json_line *line, bool value);

/* Up to `limit` bytes of text or to its NUL. Valid UTF-8 stays; other bytes from 0x80 on become \u0080 to \u00ff. */
void json_text(struct json_line *line, const char *text, size_t limit);
void json_string(struct json_line *line, const char *text); /* NUL-terminated; NULL gives null */

#endif
