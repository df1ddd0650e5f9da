/* SPDX-License-Identifier: MIT */
/*
 * json_parts.h: what the files of the JSON renderer share: keys with their values, and the events that have files of
 * their own.
 */
#ifndef VMM_REPORT_JSON_PARTS_H
#define VMM_REPORT_JSON_PARTS_H

#include "event.h"
#include "json_line.h"

#define put_unsigned(line, name, value) (json_key(line, name), json_unsigned(line, value))
#define put_signed(line, name, value)   (json_key(line, name), json_signed(line, value))
#define put_hex(line, name, value)      (json_key(line, name), json_hex(line, value))
#define put_bool(line, name, value)     (json_key(line, name), json_bool(line, value))
#define put_string(line, name, value)   (json_key(line, name), json_string(line, value))

/* Of a char array that is empty when there is nothing to say */
#define put_array_text(line, name, array)                      \
	do {                                                   \
		if ((array)[0]) {                              \
			json_key(line, name);                  \
			json_text(line, array, sizeof(array)); \
		}                                              \
	} while (0)

#define put_optional(line, name, value)                \
	do {                                           \
		if (value)                             \
			put_string(line, name, value); \
	} while (0)

void json_string_list(struct json_line *line, const char *const *strings, size_t count);

/* Everything behind type, seq and ns */
void json_address_space(struct json_line *line, const struct event_address_space *space);
void json_summary(struct json_line *line, const struct event_summary *summary);
void json_end_event(struct json_line *line, const struct event_end *end);

#endif
