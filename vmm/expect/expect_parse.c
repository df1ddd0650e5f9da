/* SPDX-License-Identifier: MIT */
/* expect_parse.c: an expectation from its text: NAME OPERATOR NUMBER, or a phrase. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "expect_words.h"
#include "run/fault.h"
#include "run/sites.h"

#define NS_PER_MS UINT64_C(1000000)
#define SHOWN     60 /* characters of the text in an error line */

static const struct {
	const char *text;
	enum expect_operator comparison;
} operators[] = {/* the longer one first */
		 {"<=", EXPECT_LE}, {">=", EXPECT_GE}, {"==", EXPECT_EQ}, {"!=", EXPECT_NE},
		 {"<", EXPECT_LT},  {">", EXPECT_GT},  {"=", EXPECT_EQ}};

static bool is_phrase(enum expect_subject subject)
{
	return subject >= EXPECT_NO_MISSING_CALLS;
}

static bool find_word(const char *name, size_t length, enum expect_subject *subject)
{
	for (unsigned i = 0; i < EXPECT_SUBJECTS; i++) {
		const char *word = expect_words[i].name;

		if (word == NULL || strlen(word) != length || strncmp(word, name, length) != 0)
			continue;
		*subject = (enum expect_subject)i;
		return true;
	}
	return false;
}

static bool find_exception(struct expectation *item, const char *name, size_t length)
{
	for (unsigned vector = 0; vector < VECTOR_EXCEPTIONS; vector++) {
		const char *known = exception_name(vector);

		if (known == NULL || known[0] != '#' || strlen(known) != length || strncmp(known, name, length) != 0)
			continue;
		item->subject = EXPECT_EXCEPTION;
		item->vector = vector;
		return true;
	}
	return false;
}

static bool refuse_name(const char *text, const char *name, size_t length, struct vmm_error *error)
{
	const char *names[EXPECT_SUBJECTS + 1];
	const char *nearest;
	size_t count = 0;

	for (unsigned i = 0; i < EXPECT_SUBJECTS; i++)
		if (expect_words[i].name != NULL)
			names[count++] = expect_words[i].name;
	names[count] = NULL;
	nearest = call_filter_nearest(name, length, names);
	return error_set(
		error,
		"--expect '%.*s': unknown name '%.*s'%s%s%s; known are transitions, entries, returns, syscalls, ints, "
		"exceptions, interrupts, faults, signals, errors, processes, threads, exits, exits.observed, "
		"exits.total, lost, status, ns, ms, names of system calls and exceptions (#PF); or a phrase: no w+x, "
		"no user-reachable kernel page, no missing calls, verdict complete, kernel half shared",
		SHOWN, text, (int)(length < 40 ? length : 40), name, nearest != NULL ? " (did you mean '" : "",
		nearest != NULL ? nearest : "", nearest != NULL ? "'?)" : "");
}

static bool parse_name(struct expectation *item, const char *name, size_t length)
{
	if (length > 0 && name[0] == '#')
		return find_exception(item, name, length);
	if (find_word(name, length, &item->subject))
		return true;
	item->subject = EXPECT_CALL;
	item->calls.mode = FILTER_ONLY;
	return call_filter_add(&item->calls, name, length);
}

static bool parse_number(struct expectation *item, const char *number, struct vmm_error *error)
{
	char *end;

	errno = 0;
	item->wanted = strtoull(number, &end, 10);
	if (isdigit((unsigned char)number[0]) && end[strspn(end, " ")] == '\0' && errno == 0 &&
	    (item->subject != EXPECT_MS || item->wanted <= UINT64_MAX / NS_PER_MS))
		return true;
	return error_set(error, "--expect '%.*s': '%.40s' is not a whole number", SHOWN, item->text, number);
}

/* The first operator in the text. */
static const char *find_operator(const char *text, size_t *length, enum expect_operator *comparison)
{
	const char *at = text + strcspn(text, "<>=!");

	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		*length = strlen(operators[i].text);
		*comparison = operators[i].comparison;
		if (strncmp(at, operators[i].text, *length) == 0)
			return at;
	}
	return NULL;
}

static size_t without_blanks(const char *text, size_t length)
{
	while (length > 0 && text[length - 1] == ' ')
		length--;
	return length;
}

static bool parse(struct expectation *item, struct vmm_error *error)
{
	const char *text = item->text + strspn(item->text, " ");
	size_t sign_length, length = without_blanks(text, strlen(text));
	const char *sign = find_operator(text, &sign_length, &item->comparison);

	if (sign == NULL) {
		if (find_word(text, length, &item->subject) && is_phrase(item->subject)) {
			item->comparison = EXPECT_EQ;
			return true;
		}
		if (length > 0 && (parse_name(item, text, length) && !is_phrase(item->subject)))
			return error_set(error, "--expect '%.*s': compare it with a number, as in '%.*s<=20'", SHOWN,
					 item->text, (int)(length < 40 ? length : 40), text);
		return refuse_name(item->text, text, length, error);
	}
	length = without_blanks(text, (size_t)(sign - text));
	if (!parse_name(item, text, length))
		return refuse_name(item->text, text, length, error);
	if (is_phrase(item->subject))
		return error_set(error, "--expect '%.*s': '%s' stands alone, without a comparison", SHOWN, item->text,
				 expect_words[item->subject].name);
	sign += sign_length;
	return parse_number(item, sign + strspn(sign, " "), error);
}

bool expect_add(struct expectations *expectations, const char *text, struct vmm_error *error)
{
	struct expectation *item = &expectations->items[expectations->count];

	if (expectations->count == EXPECTATIONS_MAX)
		return error_set(error, "--expect '%.*s': too many; at most %d", SHOWN, text, EXPECTATIONS_MAX);
	*item = (struct expectation){.text = text};
	if (!parse(item, error))
		return false;
	expectations->count++;
	return true;
}

/* Are all calls of `inner` observed with this filter of -e? */
static bool is_observed(const struct call_filter *inner, const struct call_filter *outer)
{
	for (size_t i = 0; i < FILTER_WORDS; i++)
		if ((inner->x86_64[i] & ~outer->x86_64[i]) || (inner->i386[i] & ~outer->i386[i]))
			return false;
	return true;
}

const struct expectation *expect_unobserved(const struct expectations *expectations, unsigned causes,
					    const struct call_filter *calls)
{
	for (size_t i = 0; i < expectations->count; i++) {
		const struct expectation *item = &expectations->items[i];
		unsigned needs = expect_words[item->subject].needs;

		if (item->subject == EXPECT_CALL && calls->mode == FILTER_ONLY && is_observed(&item->calls, calls))
			continue;
		if ((needs & ~causes) || ((needs & (TRACE_SYSCALL | TRACE_INT)) && calls->mode == FILTER_EXCEPT))
			return item;
	}
	return NULL;
}
