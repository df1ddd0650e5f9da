/* SPDX-License-Identifier: MIT */
/*
 * plain.h: a transition in words, without what is another in every run or after every build: times, addresses, and
 * numbers too large to be anything else. Two transitions with the same words are the same step of a program.
 */
#ifndef VMM_VIEW_PLAIN_H
#define VMM_VIEW_PLAIN_H

#include <stddef.h>

#include "report/event.h"

/* "3 > 0 syscall write(1, "hi\n", 3)", "3 < 0 from write = 3", "3 > 0 exception #PF(0x6)". ASCII; cut at size - 1
   bytes, but the result is a hash of all of it. */
uint64_t plain_words(const struct event_transition *transition, char *words, size_t size);

#endif
