/* SPDX-License-Identifier: MIT */
/*
 * json_line.c: the values, the commas and the escapes of a JSON line.
 */
#include "json_line.h"

#include <string.h>

#include "utf8.h"

#define DECIMAL_MAX 20 /* digits of a uint64_t */
#define HEX_MAX     16

static const char hex_digits[] = "0123456789abcdef";

/* Two digits at a time: half of the divisions */
static const char decimal_pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
				    "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
				    "8081828384858687888990919293949596979899";

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

static unsigned count_digits(uint64_t value)
{
	unsigned count = 1;

	for (; value >= 10000; value /= 10000)
		count += 4;
	return count + (value >= 10) + (value >= 100) + (value >= 1000);
}

/* Written where it belongs, from its end: a copy would have to wait for each byte. */
void json_unsigned(struct json_line *line, uint64_t value)
{
	unsigned count = count_digits(value);
	char *end;

	separate(line);
	end = reserve(line, DECIMAL_MAX) + count;
	line->used += count;
	for (; value >= 100; value /= 100) {
		end -= 2;
		memcpy(end, decimal_pairs + 2 * (value % 100), 2);
	}
	if (value >= 10)
		memcpy(end - 2, decimal_pairs + 2 * value, 2);
	else
		end[-1] = (char)('0' + value);
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

/* The eight hexadecimal digits of a number, as the bytes of another: the half-bytes are spread, the highest to the
   lowest address; '0' is added to each, and what lies between '9' and 'a' to those that are letters. */
static uint64_t eight_digits(uint32_t value)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t digits = value, letters;

	digits = (digits | digits << 16) & UINT64_C(0x0000ffff0000ffff);
	digits = (digits | digits << 8) & UINT64_C(0x00ff00ff00ff00ff);
	digits = (digits | digits << 4) & UINT64_C(0x0f0f0f0f0f0f0f0f);
	letters = (digits + 6 * ones) >> 4 & ones;
	return __builtin_bswap64(digits + '0' * ones + ('a' - '9' - 1) * letters);
}
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "eight_digits() puts the first digit into the lowest byte");

/* Leading zeros are shifted out. Each step writes eight bytes; the next ones go over what is too much. */
void json_hex(struct json_line *line, uint64_t value)
{
	unsigned leading = value ? (unsigned)__builtin_clzll(value) / 4 : HEX_MAX - 1;
	uint64_t high = eight_digits((uint32_t)(value >> 32)), low = eight_digits((uint32_t)value);
	char *text;

	separate(line);
	text = reserve(line, 3 + HEX_MAX + 8);
	*text++ = '"';
	*text++ = '0';
	*text++ = 'x';
	if (leading < 8) {
		high >>= 8 * leading;
		memcpy(text, &high, sizeof(high));
		text += 8 - leading;
		leading = 8;
	}
	low >>= 8 * (leading - 8);
	memcpy(text, &low, sizeof(low));
	text += HEX_MAX - leading;
	*text++ = '"';
	line->used = (size_t)(text - line->bytes);
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
