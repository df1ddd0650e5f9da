/* SPDX-License-Identifier: MIT */
/* filter.c: sets of system calls, by number. */
#include "filter.h"

#include <string.h>

#include "calls.h"
#include "syscalls.h"

#define WORD_MAX 32 /* no name is longer */

static const struct {
	const char *name;
	unsigned class;
} classes[] = {
	{"file", OF_FILE},   {"process", OF_PROCESS}, {"memory", OF_MEMORY}, {"signal", OF_SIGNAL},
	{"desc", OF_DESC},   {"network", OF_NETWORK}, {"net", OF_NETWORK},   {"ipc", OF_IPC},
	{"clock", OF_CLOCK}, {"creds", OF_CREDS},     {"pure", OF_PURE},
};

struct numbered_name {
	unsigned number;
	const char *name;
};
#define ROW(number, name, arguments) {number, #name},
static const struct numbered_name x86_64_names[] = {LINUX_SYSCALLS(ROW)};
static const struct numbered_name i386_names[] = {LINUX_I386_SYSCALLS(ROW)};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool is_word(const char *name, const char *word, size_t length)
{
	return strlen(name) == length && memcmp(name, word, length) == 0;
}

static unsigned class_of(const char *word, size_t length)
{
	if (length > 0 && word[0] == '%') {
		word++;
		length--;
	}
	for (size_t i = 0; i < COUNT(classes); i++)
		if (is_word(classes[i].name, word, length))
			return classes[i].class;
	return 0;
}

static bool is_of_class(const char *name, unsigned class)
{
	const struct call_row *row = call_row_named(name);

	return row != NULL && (row->classes & class);
}

static bool list(uint64_t *bits, const struct numbered_name *names, size_t count, const char *word, size_t length)
{
	unsigned class = class_of(word, length);
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		if (class != 0 ? !is_of_class(names[i].name, class) : !is_word(names[i].name, word, length))
			continue;
		if (names[i].number < FILTER_WORDS * 64)
			bits[names[i].number / 64] |= UINT64_C(1) << names[i].number % 64;
		any = true;
	}
	return any;
}
_Static_assert(LINUX_SYSCALLS_END <= FILTER_WORDS * 64 && LINUX_I386_SYSCALLS_END <= FILTER_WORDS * 64, "a bit each");

bool call_filter_add(struct call_filter *filter, const char *word, size_t length)
{
	bool any = list(filter->x86_64, x86_64_names, COUNT(x86_64_names), word, length);

	return list(filter->i386, i386_names, COUNT(i386_names), word, length) || any;
}

bool call_filter_lists(const struct call_filter *filter, bool i386, uint64_t number)
{
	const uint64_t *bits = i386 ? filter->i386 : filter->x86_64;

	return number < FILTER_WORDS * 64 && (bits[number / 64] >> number % 64 & 1);
}

/* Levenshtein's distance: how many letters have to be changed, added or left out. At most WORD_MAX letters. */
static unsigned distance(const char *name, const char *word, size_t length)
{
	unsigned row[WORD_MAX + 1];

	for (size_t i = 0; i <= length; i++)
		row[i] = (unsigned)i;
	for (; *name != '\0'; name++) {
		unsigned diagonal = row[0]++;

		for (size_t i = 1; i <= length; i++) {
			unsigned best = diagonal + (word[i - 1] != *name);

			diagonal = row[i];
			best = best < row[i] + 1 ? best : row[i] + 1;
			row[i] = best < row[i - 1] + 1 ? best : row[i - 1] + 1;
		}
	}
	return row[length];
}

struct nearest {
	const char *name, *word;
	size_t length;
	unsigned distance;
};

static void consider(struct nearest *nearest, const char *name)
{
	unsigned far = distance(name, nearest->word, nearest->length);

	if (far < nearest->distance) {
		nearest->distance = far;
		nearest->name = name;
	}
}

const char *call_filter_nearest(const char *word, size_t length, const char *const *others)
{
	/* half the letters may be wrong; with more it would be another word */
	struct nearest nearest = {.word = word, .length = length, .distance = (unsigned)(length / 2 + 1)};

	if (length > WORD_MAX)
		return NULL;
	for (; *others != NULL; others++)
		consider(&nearest, *others);
	for (size_t i = 0; i < COUNT(classes); i++)
		consider(&nearest, classes[i].name);
	for (size_t i = 0; i < COUNT(x86_64_names); i++)
		consider(&nearest, x86_64_names[i].name);
	return nearest.name;
}
