/* SPDX-License-Identifier: MIT */
/*
 * filter.h: which system calls somebody wants to see: by name ("openat"), or by strace's classes ("file", "%file").
 */
#ifndef VMM_DECODE_FILTER_H
#define VMM_DECODE_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FILTER_WORDS 8 /* of 64 numbers each */

enum filter_mode {
	FILTER_NONE,   /* says nothing about single calls */
	FILTER_ONLY,   /* those listed, besides what the causes choose */
	FILTER_EXCEPT, /* all that the causes choose but those listed */
};

struct call_filter {
	enum filter_mode mode;
	uint64_t x86_64[FILTER_WORDS], i386[FILTER_WORDS]; /* a bit each */
};

/* Lists what the word (of that length) names; false: it names nothing. */
bool call_filter_add(struct call_filter *filter, const char *word, size_t length);

bool call_filter_lists(const struct call_filter *filter, bool i386, uint64_t number);

/* The known name that is most like the word: one of `others` (ended by NULL), a class or a call. NULL: none is. */
const char *call_filter_nearest(const char *word, size_t length, const char *const *others);

#endif
