/* SPDX-License-Identifier: MIT */
/* plain.c: words into a buffer that may be too small, and a hash of them all. */
#include "plain.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "report/names.h"

#define NUMBER_MOST 0xffff /* larger ones are addresses, as far as anybody can tell */

struct words {
	char *text;
	size_t size, used;
	uint64_t hash; /* FNV-1a */
};

static void put_byte(struct words *words, unsigned char byte)
{
	words->hash = (words->hash ^ byte) * UINT64_C(0x100000001b3);
	if (words->used + 1 < words->size)
		words->text[words->used++] = byte >= 0x20 && byte < 0x7f ? (char)byte : '?';
}

static void put(struct words *words, const char *text)
{
	for (; *text != '\0'; text++)
		put_byte(words, (unsigned char)*text);
}

static void put_format(struct words *words, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put_format(struct words *words, const char *format, ...)
{
	char text[64];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	put(words, text);
}

static void put_value(struct words *words, uint64_t value)
{
	if (value <= NUMBER_MOST || value >= (uint64_t)-4096)
		put_format(words, "%" PRId64, (int64_t)value);
	else
		put(words, "0x?");
}

/* A decoded argument: strings as they are, of the rest no large hexadecimal numbers */
static void put_decoded(struct words *words, const char *text)
{
	while (*text != '\0') {
		size_t digits = 0;

		while (strncmp(text, "0x", 2) == 0 && isxdigit((unsigned char)text[2 + digits]))
			digits++;
		if (digits > 4 && text[0] == '0') {
			put(words, "0x?");
			text += 2 + digits;
		} else {
			put_byte(words, (unsigned char)*text++);
		}
	}
}

static void put_arguments(struct words *words, const struct event_transition *entry)
{
	unsigned count = entry->call != NULL ? entry->call->count : entry->arg_count;

	put(words, "(");
	for (unsigned i = 0; i < count; i++) {
		put(words, i ? ", " : "");
		if (entry->call == NULL)
			put_value(words, entry->args[i]);
		else if (entry->call->args[i][0] == '"')
			put(words, entry->call->args[i]);
		else
			put_decoded(words, entry->call->args[i]);
	}
	put(words, ")");
}

static void put_entry(struct words *words, const struct event_transition *entry)
{
	put(words, cause_name(entry->cause));
	if (entry->has_vector && (entry->cause != CAUSE_EXCEPTION || entry->name == NULL))
		put_format(words, " 0x%02x", entry->vector);
	if (entry->name != NULL) {
		put(words, " ");
		put(words, entry->name);
	} else if (entry->has_number) {
		put_format(words, " syscall_0x%" PRIx64, entry->number);
	}
	if (entry->has_number)
		put_arguments(words, entry);
	if (entry->has_error)
		put_format(words, "(0x%" PRIx32 ")", entry->error);
}

static void put_return(struct words *words, const struct event_transition *back)
{
	const char *error = errno_name(back->result);

	if (back->has_entry) {
		put(words, "from ");
		put(words, back->entry_name != NULL ? back->entry_name : cause_name(back->entry_cause));
	} else {
		put(words, back->first ? "for the first time" : "from elsewhere");
	}
	if (back->has_result && error != NULL) {
		put(words, " = ");
		put(words, error);
	} else if (back->has_result) {
		put(words, " = ");
		put_value(words, (uint64_t)back->result);
	}
	if (back->handler)
		put_format(words, ", handler of signal %u", back->signal);
}

uint64_t plain_words(const struct event_transition *transition, char *text, size_t size)
{
	struct words words = {.text = text, .size = size, .hash = UINT64_C(0xcbf29ce484222325)};

	if (transition->is_return) {
		put_format(&words, "%u < %u ", transition->to, transition->from);
		put_return(&words, transition);
	} else {
		put_format(&words, "%u > %u ", transition->from, transition->to);
		put_entry(&words, transition);
	}
	text[words.used] = '\0';
	return words.hash;
}
