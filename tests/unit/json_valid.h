/* SPDX-License-Identifier: MIT */
/*
 * json_valid.h: a strict checker of RFC 8259, written apart from the program under test.
 */
#ifndef TESTS_UNIT_JSON_VALID_H
#define TESTS_UNIT_JSON_VALID_H

#include <stdbool.h>
#include <stddef.h>

/* Is the text, up to `length`, one JSON value in well-formed UTF-8 and nothing else? */
bool json_valid(const char *text, size_t length);

/* Is each line one JSON object, and the last one complete? */
bool json_lines_valid(const char *text);

#endif
