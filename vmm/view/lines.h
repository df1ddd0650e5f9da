/* SPDX-License-Identifier: MIT */
/*
 * lines.h: the lines of a file, one after the other, in memory that does not grow with the file. Whatever stands in it,
 * no more is kept than the longest line so far, and that is at most LINES_LONGEST bytes.
 */
#ifndef VMM_VIEW_LINES_H
#define VMM_VIEW_LINES_H

#include <stdbool.h>
#include <stddef.h>

/* vmm lists at most 20,000 regions of an address space, with at most 256 sharers each: about 35 MB. */
#define LINES_LONGEST ((size_t)64 << 20)

enum lines_result {
	LINES_LINE,
	LINES_UNENDED,  /* the last line, but the newline is missing */
	LINES_END,      /* there are no more */
	LINES_NUL,      /* the line has a NUL byte: *length bytes stand before it */
	LINES_TOO_LONG, /* LINES_LONGEST bytes and still no newline */
	LINES_FAILED,   /* errno says why it cannot be read */
	LINES_NO_MEMORY,
};

struct lines {
	int fd; /* borrowed */
	char *bytes;
	size_t start, scanned, end, room; /* of bytes: the next line, what is known to have no newline, what was read */
	unsigned long long number;        /* of the last line, from 1 */
	bool at_end;
};

void lines_open(struct lines *lines, int fd);
void lines_close(struct lines *lines);

/* The next line, without its newline; valid until the next call. The caller may change its bytes. */
enum lines_result lines_next(struct lines *lines, char **text, size_t *length);

/* Is the next line here already? If not, lines_next() reads, and may have to wait. */
bool lines_ready(const struct lines *lines);

#endif
