/* SPDX-License-Identifier: MIT */
/* decoder.c: text and memory for all kinds of arguments. */
#include "decoder.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "report/digits.h"

static void put_text(struct decoder *decoder, const char *text, size_t length)
{
	size_t left = decoder->size - decoder->used - 1;

	length = length < left ? length : left;
	memcpy(decoder->bytes + decoder->used, text, length);
	decoder->used += length;
	decoder->bytes[decoder->used] = '\0';
}

void put_decimal(struct decoder *decoder, int64_t value)
{
	char text[DIGITS_MAX + 1] = "-";
	size_t sign = value < 0;
	size_t length = digits_decimal(text + sign, value < 0 ? -(uint64_t)value : (uint64_t)value);

	put_text(decoder, text, sign + length);
}

void put_count(struct decoder *decoder, uint64_t value)
{
	char text[DIGITS_MAX];
	size_t length = digits_decimal(text, value);

	put_text(decoder, text, length);
}

void put(struct decoder *decoder, const char *format, ...)
{
	va_list arguments;
	size_t left = decoder->size - decoder->used;
	int length;

	if (strchr(format, '%') == NULL) {
		put_text(decoder, format, strlen(format));
		return;
	}
	va_start(arguments, format);
	length = vsnprintf(decoder->bytes + decoder->used, left, format, arguments);
	va_end(arguments);
	if (length > 0)
		decoder->used += (size_t)length < left ? (size_t)length : left - 1;
}

void put_hex_number(struct decoder *decoder, uint64_t value)
{
	char text[DIGITS_MAX];
	size_t length = digits_hex(text, value);

	put_text(decoder, text, length);
}

void put_address(struct decoder *decoder, uint64_t address)
{
	if (address == 0)
		put(decoder, "NULL");
	else
		put_hex_number(decoder, address);
}

/* An octal escape is as short as it can be: three digits only if an octal digit follows. */
static void put_escaped(struct decoder *decoder, uint8_t byte, bool digit_follows)
{
	static const char letters[] = "tnvfr"; /* 9 to 13 */

	if (byte == '"' || byte == '\\')
		put(decoder, "\\%c", byte);
	else if (byte >= ' ' && byte < 0x7f)
		put(decoder, "%c", byte);
	else if (byte >= '\t' && byte <= '\r')
		put(decoder, "\\%c", letters[byte - '\t']);
	else
		put(decoder, digit_follows ? "\\%03o" : "\\%o", byte);
}

void put_quoted(struct decoder *decoder, const uint8_t *bytes, size_t count, bool hex)
{
	put(decoder, "\"");
	for (size_t i = 0; i < count; i++) {
		if (hex)
			put(decoder, "\\x%02x", bytes[i]);
		else
			put_escaped(decoder, bytes[i], i + 1 < count && bytes[i + 1] >= '0' && bytes[i + 1] <= '7');
	}
	put(decoder, "\"");
}

static size_t read_memory(struct decoder *decoder, uint64_t address, void *to, size_t count)
{
	return decoder->memory->read(decoder->memory->context, address, to, count);
}

bool fetch(struct decoder *decoder, uint64_t address, void *to, size_t count)
{
	if (address != 0 && read_memory(decoder, address, to, count) == count)
		return true;
	decoder->unreadable = true;
	put_address(decoder, address);
	return false;
}

bool fetch_or_null(struct decoder *decoder, uint64_t address, void *to, size_t count)
{
	if (address != 0)
		return fetch(decoder, address, to, count);
	put(decoder, "NULL");
	return false;
}

void put_bytes_at(struct decoder *decoder, uint64_t address, uint64_t count, bool hex)
{
	uint8_t bytes[STRING_MAX] = {0};
	size_t shown = count < STRING_MAX ? (size_t)count : STRING_MAX;

	if (address == 0) {
		put(decoder, "NULL");
		return;
	}
	if (shown > 0 && !fetch(decoder, address, bytes, shown))
		return;
	put_quoted(decoder, bytes, shown, hex);
	if (shown < count)
		put(decoder, "...");
}

/* Up to `limit` characters; `cut`: show "..." when there are more. */
static void put_text_at(struct decoder *decoder, uint64_t address, size_t limit, bool cut)
{
	uint8_t bytes[PATH_MAX_ + 1];
	size_t got, length;

	if (address == 0) {
		put(decoder, "NULL");
		return;
	}
	got = read_memory(decoder, address, bytes, limit + 1);
	length = got > 0 ? strnlen((const char *)bytes, got) : 0;
	if (length == got && got <= limit) { /* its end lies where nothing can be read */
		decoder->unreadable = true;
		put_address(decoder, address);
		return;
	}
	put_quoted(decoder, bytes, length < limit ? length : limit, false);
	if (length > limit && cut)
		put(decoder, "...");
}

void put_string_at(struct decoder *decoder, uint64_t address)
{
	put_text_at(decoder, address, STRING_MAX, true);
}

void put_path_at(struct decoder *decoder, uint64_t address, size_t limit)
{
	put_text_at(decoder, address, limit < PATH_MAX_ ? limit : PATH_MAX_, true);
}
