/* SPDX-License-Identifier: MIT */
/* say.h: output of the programs in this folder: a line with what a call gave. */
#ifndef TESTS_PROGRAMS_SAY_H
#define TESTS_PROGRAMS_SAY_H

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Prints "what = result", and the error's text if result is -1. */
#define SAY(what, result) say_result(what, (long)(result))

static inline void say_result(const char *what, long result)
{
	if (result == -1)
		printf("%s = -1: %s\n", what, strerror(errno));
	else
		printf("%s = %ld\n", what, result);
}

#endif
