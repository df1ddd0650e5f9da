/* SPDX-License-Identifier: MIT */
/*
 * json_valid.c: recursive descent over the grammar of RFC 8259; UTF-8 is decoded and compared with what it encodes.
 */
#include "json_valid.h"

#include <stdint.h>
#include <string.h>

struct cursor {
	const unsigned char *at, *end;
};

static bool value(struct cursor *cursor, int depth);

static bool accept(struct cursor *cursor, char byte)
{
	if (cursor->at == cursor->end || *cursor->at != (unsigned char)byte)
		return false;
	cursor->at++;
	return true;
}

static bool word(struct cursor *cursor, const char *text)
{
	while (*text)
		if (!accept(cursor, *text++))
			return false;
	return true;
}

static bool digits(struct cursor *cursor)
{
	const unsigned char *start = cursor->at;

	while (cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9')
		cursor->at++;
	return cursor->at > start;
}

static bool number(struct cursor *cursor)
{
	accept(cursor, '-');
	if (!accept(cursor, '0') && !digits(cursor))
		return false;
	return cursor->at == cursor->end || !strchr("0123456789.eE", *cursor->at); /* we write no fractions */
}

static bool escape(struct cursor *cursor)
{
	if (cursor->at == cursor->end)
		return false;
	if (*cursor->at != 'u')
		return *cursor->at && strchr("\"\\/bfnrt", *cursor->at++) != NULL;
	cursor->at++;
	for (int i = 0; i < 4; i++, cursor->at++)
		if (cursor->at == cursor->end || !*cursor->at || !strchr("0123456789abcdefABCDEF", *cursor->at))
			return false;
	return true;
}

static bool utf8(struct cursor *cursor)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char first = *cursor->at;
	int length = first < 0x80 ? 1 : first >= 0xf0 && first < 0xf8 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 0;
	uint32_t code = length == 1 ? first : first & (0x7fu >> length);

	if (!length || first >= 0xf8 || length > cursor->end - cursor->at)
		return false;
	for (int i = 1; i < length; i++) {
		if ((cursor->at[i] & 0xc0) != 0x80)
			return false;
		code = code << 6 | (cursor->at[i] & 0x3f);
	}
	cursor->at += length;
	return code >= smallest[length] && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}

static bool string(struct cursor *cursor)
{
	if (!accept(cursor, '"'))
		return false;
	while (cursor->at < cursor->end) {
		if (accept(cursor, '"'))
			return true;
		if (accept(cursor, '\\')) {
			if (!escape(cursor))
				return false;
		} else if (*cursor->at < 0x20 || !utf8(cursor)) {
			return false;
		}
	}
	return false;
}

static bool members(struct cursor *cursor, char last, bool named, int depth)
{
	if (accept(cursor, last))
		return true;
	do {
		if (named && !(string(cursor) && accept(cursor, ':')))
			return false;
		if (!value(cursor, depth + 1))
			return false;
	} while (accept(cursor, ','));
	return accept(cursor, last);
}

static bool value(struct cursor *cursor, int depth)
{
	if (cursor->at == cursor->end || depth > 8)
		return false;
	if (accept(cursor, '{'))
		return members(cursor, '}', true, depth);
	if (accept(cursor, '['))
		return members(cursor, ']', false, depth);
	if (*cursor->at == '"')
		return string(cursor);
	if (*cursor->at == 't')
		return word(cursor, "true");
	if (*cursor->at == 'f')
		return word(cursor, "false");
	if (*cursor->at == 'n')
		return word(cursor, "null");
	return number(cursor);
}

bool json_valid(const char *text, size_t length)
{
	struct cursor cursor = {(const unsigned char *)text, (const unsigned char *)text + length};

	return value(&cursor, 0) && cursor.at == cursor.end;
}

bool json_lines_valid(const char *text)
{
	while (*text) {
		const char *end = strchr(text, '\n');

		if (!end || *text != '{' || !json_valid(text, (size_t)(end - text)))
			return false;
		text = end + 1;
	}
	return true;
}
