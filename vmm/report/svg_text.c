/* SPDX-License-Identifier: MIT */
/* svg_text.c: XML's escapes, and sizes in words. */
#include "svg_text.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool is_printable(unsigned char byte)
{
	return byte >= 0x20 && byte < 0x7f;
}

static void put_character(struct writer *out, unsigned char byte)
{
	switch (byte) {
	case '&':
		writer_put(out, "&amp;", 5);
		return;
	case '<':
		writer_put(out, "&lt;", 4);
		return;
	case '>':
		writer_put(out, "&gt;", 4);
		return;
	case '"':
		writer_put(out, "&quot;", 6);
		return;
	case '\'':
		writer_put(out, "&#39;", 5);
		return;
	default:
		if (is_printable(byte))
			writer_put(out, (const char *)&byte, 1);
		else
			writer_printf(out, "\\x%02x", byte);
	}
}

size_t svg_words_length(const char *words)
{
	size_t length = 0;

	for (; *words; words++)
		length += is_printable((unsigned char)*words) ? 1 : 4;
	return length;
}

void svg_words(struct writer *out, const char *words, size_t limit)
{
	bool cut = svg_words_length(words) > limit;
	size_t room = cut ? limit - (limit > 0) : limit, width;

	for (; *words; words++, room -= width) {
		width = is_printable((unsigned char)*words) ? 1 : 4;
		if (width > room)
			break;
		put_character(out, (unsigned char)*words);
	}
	if (cut)
		writer_put(out, "\u2026", strlen("\u2026"));
}

static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

const char *svg_bytes(struct svg_size *size, uint64_t bytes)
{
	unsigned power = 0;

	if (bytes == 0) /* what would not fit in 64 bits */
		return strcpy(size->text, "16 EiB");
	for (; bytes % 1024 == 0 && power < 4; power++)
		bytes /= 1024;
	snprintf(size->text, sizeof(size->text), "%" PRIu64 " %s", bytes, units[power]);
	return size->text;
}

const char *svg_roughly(struct svg_size *size, uint64_t bytes)
{
	uint64_t rest = 0;
	unsigned power = 0, tenth;

	for (; bytes >= 1024; power++) {
		rest = bytes % 1024;
		bytes /= 1024;
	}
	tenth = (unsigned)((rest * 10 + 512) / 1024);
	if (tenth == 10) {
		tenth = 0;
		if (++bytes == 1024) {
			bytes = 1;
			power++;
		}
	}
	if (tenth == 0)
		snprintf(size->text, sizeof(size->text), "%" PRIu64 " %s", bytes, units[power]);
	else
		snprintf(size->text, sizeof(size->text), "%" PRIu64 ".%u %s", bytes, tenth, units[power]);
	return size->text;
}
