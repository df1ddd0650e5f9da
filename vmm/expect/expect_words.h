/* SPDX-License-Identifier: MIT */
/*
 * expect_words.h: the names that --expect knows, and what each needs.
 */
#ifndef VMM_EXPECT_EXPECT_WORDS_H
#define VMM_EXPECT_EXPECT_WORDS_H

#include "expect.h"

struct expect_word {
	const char *name;   /* "syscalls"; a phrase such as "no w+x" is a whole expectation */
	unsigned needs;     /* TRACE_* causes that must all be observed */
	const char *failed; /* format with the value (uint64_t): "there were %" */
};

extern const struct expect_word expect_words[EXPECT_SUBJECTS];

#endif
