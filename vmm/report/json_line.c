/* SPDX-License-Identifier: MIT */
/*
 * json_line.c: the values, the commas and the escapes of a JSON line.
 */
#include "json_line.h"

#include <string.h>

#include "utf8.h"

static const char hex_digits[] = "0123456789abcdef";

/* Returns room for `count` bytes, at most the size of the buffer. */
static char *reserve(struct json_line *line, size_t count)
{
	if (count > sizeof(line->bytes) - line->used) {
		writer_put(line->out, line->bytes, line->used);
		line->used = 0;
	}
	return line->bytes + line->used;
}

static void append(struct json_line *line, const char *bytes, size_t count)
{
	memcpy(reserve(line, count), bytes, count);
	line->used += count;
}

static void append_char(struct json_line *line, char byte)
{
	*reserve(line, 1) = byte;
	line->used++;
}

static void separate(struct json_line *line)
{
	if (line->comma)
		append_char(line, ',');
	line->comma = true;
}

void json_begin(struct json_line *line, struct writer *out)
{
	line->out = out;
	line->used = 0;
	line->comma = false;
	append_char(line, '{');
}

void json_end(struct json_line *line)
{
	append(line, "}\n", 2);
	writer_put(line->out, line->bytes, line->used);
}

void json_raw_key(struct json_line *line, const char *quoted, size_t length)
{
	separate(line);
	append(line, quoted, length);
	line->comma = false;
}

void json_name(struct json_line *line, const char *name)
{
	json_string(line, name);
	append_char(line, ':');
	line->comma = false;
}

void json_open(struct json_line *line, char bracket)
{
	separate(line);
	append_char(line, bracket);
	line->comma = false;
}

void json_close(struct json_line *line, char bracket)
{
	append_char(line, bracket);
	line->comma = true;
}

void json_unsigned(struct json_line *line, uint64_t value)
{
	char digits[20]; /* of UINT64_MAX */
	size_t start = sizeof(digits);

	do {
		digits[--start] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	separate(line);
	append(line, digits + start, sizeof(digits) - start);
}

void json_signed(struct json_line *line, int64_t value)
{
	if (value >= 0) {
		json_unsigned(line, (uint64_t)value);
		return;
	}
	separate(line);
	append_char(line, '-');
	line->comma = false;
	json_unsigned(line, -(uint64_t)value);
}

void json_hex(struct json_line *line, uint64_t value)
{
	char text[20] = "\"0x";
	size_t length = 3;
	int shift = value ? (63 - __builtin_clzll(value)) / 4 * 4 : 0;

	for (; shift >= 0; shift -= 4)
		text[length++] = hex_digits[value >> shift & 15];
	text[length++] = '"';
	separate(line);
	append(line, text, length);
}

void json_bool(struct json_line *line, bool value)
{
	separate(line);
	if (value)
		append(line, "true", 4);
	else
		append(line, "false", 5);
}

static void append_escaped(struct json_line *line, unsigned char byte)
{
	char escape[6] = {'\\', 'u', '0', '0', hex_digits[byte >> 4], hex_digits[byte & 15]};

	append(line, escape, sizeof(escape));
}

static bool is_plain(unsigned char byte)
{
	return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

/* Appends what starts at `text`: a run of plain bytes, one character, or one escape. Returns the bytes used up. */
static size_t append_piece(struct json_line *line, const unsigned char *text, size_t left)
{
	size_t length = 0;

	while (length < left && length < sizeof(line->bytes) && is_plain(text[length]))
		length++;
	if (!length && text[0] >= 0x80)
		length = utf8_length(text, left);
	if (length) {
		append(line, (const char *)text, length);
		return length;
	}
	if (text[0] == '"' || text[0] == '\\') {
		append_char(line, '\\');
		append_char(line, (char)text[0]);
	} else {
		append_escaped(line, text[0]);
	}
	return 1;
}

void json_text(struct json_line *line, const char *text, size_t limit)
{
	const unsigned char *bytes = (const unsigned char *)text;
	size_t length = strnlen(text, limit);

	separate(line);
	append_char(line, '"');
	for (size_t used = 0; used < length;)
		used += append_piece(line, bytes + used, length - used);
	append_char(line, '"');
}

void json_string(struct json_line *line, const char *text)
{
	if (text) {
		json_text(line, text, SIZE_MAX);
		return;
	}
	separate(line);
	append(line, "null", 4);
}
