/* SPDX-License-Identifier: MIT */
/*
 * text_line.c: keeps count of the column while a line is written, so that colours and escapes do not shift it.
 */
#include "text_line.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void line_printf(struct text_line *line, const char *format, ...)
{
	char text[256];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (length < 0)
		return;
	if ((size_t)length >= sizeof(text))
		length = sizeof(text) - 1;
	writer_put(line->out, text, (size_t)length);
	line->column += (unsigned)length;
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
	if (line->column < column)
		line_printf(line, "%*s", (int)(column - line->column), "");
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
	snprintf(unit->text, sizeof(unit->text), "%" PRIu64 ".%03" PRIu64, ns / 1000, ns % 1000);
	return unit->text;
}

const char *unit_duration(struct text_unit *unit, uint64_t ns)
{
	uint64_t step = 1000;
	const char *name = "us";

	if (ns >= UINT64_C(10000000000)) {
		step = UINT64_C(1000000000);
		name = "s";
	} else if (ns >= 10000000) {
		step = 1000000;
		name = "ms";
	}
	snprintf(unit->text, sizeof(unit->text), "%" PRIu64 ".%" PRIu64 "%s", ns / step, ns % step / (step / 10), name);
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
