/* SPDX-License-Identifier: MIT */
/*
 * names.h: one copy of each name, for as long as the pool lives. Renderers and the summary keep pointers to the names
 * of system calls, exceptions, devices and quirks, which in a live run are constants.
 */
#ifndef VMM_VIEW_NAMES_H
#define VMM_VIEW_NAMES_H

#include <stddef.h>

#define NAMES_MOST    4096
#define NAMES_LONGEST ((size_t)128 << 10) /* what the kernel allows for one word of a command line */
#define NAMES_BYTES   ((size_t)4 << 20)   /* of all together */

struct names {
	const char **slots; /* an open hash */
	size_t count, bytes;
};

/* The pool's copy of the text; NULL when it is too long, there are too many, or memory is short. A pool that is all
   zero is empty. */
const char *names_keep(struct names *names, const char *text, size_t length);

void names_close(struct names *names);

#endif
