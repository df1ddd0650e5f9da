/* SPDX-License-Identifier: MIT */
/*
 * text_line.c: keeps count of the column while a line is written, so that colours and escapes do not shift it.
 */
#include "text_line.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "digits.h"

static void put_plain(struct text_line *line, const char *text, size_t length)
{
	writer_put(line->out, text, length);
	line->column += (unsigned)length;
}

void line_printf(struct text_line *line, const char *format, ...)
{
	char text[256];
	va_list arguments;
	int length;

	if (strchr(format, '%') == NULL) { /* most of what is printed */
		put_plain(line, format, strlen(format));
		return;
	}
	va_start(arguments, format);
	length = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (length < 0)
		return;
	if ((size_t)length >= sizeof(text))
		length = sizeof(text) - 1;
	put_plain(line, text, (size_t)length);
}

void line_decimal(struct text_line *line, uint64_t value)
{
	char text[DIGITS_MAX];
	size_t length = digits_decimal(text, value);

	put_plain(line, text, length);
}

void line_hex(struct text_line *line, uint64_t value)
{
	char text[DIGITS_MAX];
	size_t length = digits_hex(text, value);

	put_plain(line, text, length);
}

void line_text(struct text_line *line, const char *text, size_t limit)
{
	size_t length = text ? strnlen(text, limit) : 0;

	for (size_t used = 0; used < length;) {
		size_t plain = used;

		while (plain < length && text[plain] >= 0x20 && text[plain] < 0x7f)
			plain++;
		writer_put(line->out, text + used, plain - used);
		line->column += (unsigned)(plain - used);
		used = plain;
		if (used < length)
			line_printf(line, "\\x%02x", (unsigned char)text[used++]);
	}
}

void line_color(struct text_line *line, enum text_color color)
{
	static const char *const codes[] = {
		[COLOR_NONE] = "\033[0m",  [COLOR_DIM] = "\033[2m",      [COLOR_BOLD] = "\033[1m",
		[COLOR_RED] = "\033[31m",  [COLOR_GREEN] = "\033[32m",   [COLOR_YELLOW] = "\033[33m",
		[COLOR_CYAN] = "\033[36m", [COLOR_MAGENTA] = "\033[35m",
	};

	if (line->color)
		writer_put(line->out, codes[color], strlen(codes[color]));
}

void line_to(struct text_line *line, unsigned column)
{
	static const char blanks[] = "                                ";

	while (line->column < column) {
		size_t count = column - line->column;

		put_plain(line, blanks, count < sizeof(blanks) - 1 ? count : sizeof(blanks) - 1);
	}
}

void line_gap(struct text_line *line, unsigned column)
{
	line_to(line, column > line->column + 2 ? column : line->column + 2);
}

void line_right(struct text_line *line, unsigned end, const char *text)
{
	size_t length = strlen(text);

	if (line->column + 1 + length < end)
		line_to(line, end - (unsigned)length);
	else
		line_printf(line, " ");
	line_string(line, text);
}

void line_end(struct text_line *line)
{
	writer_put(line->out, "\n", 1);
	line->column = 0;
}

const char *unit_microseconds(struct text_unit *unit, uint64_t ns)
{
	size_t used = digits_decimal(unit->text, ns / 1000);

	unit->text[used] = '.';
	for (size_t i = 3, rest = ns % 1000; i > 0; i--, rest /= 10)
		unit->text[used + i] = (char)('0' + rest % 10);
	unit->text[used + 4] = '\0';
	return unit->text;
}

const char *unit_duration(struct text_unit *unit, uint64_t ns)
{
	uint64_t step = 1000;
	const char *name = "us";
	size_t used;

	if (ns >= UINT64_C(10000000000)) {
		step = UINT64_C(1000000000);
		name = "s";
	} else if (ns >= 10000000) {
		step = 1000000;
		name = "ms";
	}
	used = digits_decimal(unit->text, ns / step);
	unit->text[used] = '.';
	unit->text[used + 1] = (char)('0' + ns % step / (step / 10));
	strcpy(unit->text + used + 2, name);
	return unit->text;
}

const char *unit_bytes(struct text_unit *unit, uint64_t bytes)
{
	static const char *const names[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
	unsigned power = 0;

	while (bytes && bytes % 1024 == 0 && power < 4) {
		bytes /= 1024;
		power++;
	}
	snprintf(unit->text, sizeof(unit->text), "%" PRIu64 " %s", bytes, names[power]);
	return unit->text;
}
