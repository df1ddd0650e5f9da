/* SPDX-License-Identifier: MIT */
/*
 * lines.c: a buffer that is filled by read(2) and grows while a line does not fit.
 */
#include "lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK ((size_t)256 << 10)

void lines_open(struct lines *lines, int fd)
{
	*lines = (struct lines){.fd = fd};
}

void lines_close(struct lines *lines)
{
	free(lines->bytes);
	lines->bytes = NULL;
}

/* Makes room for another chunk behind what is there; what has been used up goes first. */
static bool make_room(struct lines *lines)
{
	size_t held = lines->end - lines->start, room = lines->room ? lines->room : 2 * CHUNK;
	char *bytes;

	if (lines->start > 0) {
		memmove(lines->bytes, lines->bytes + lines->start, held);
		lines->scanned -= lines->start;
		lines->end = held;
		lines->start = 0;
	}
	while (room < held + CHUNK)
		room *= 2;
	if (room == lines->room)
		return true;
	bytes = realloc(lines->bytes, room);
	if (bytes == NULL)
		return false;
	lines->bytes = bytes;
	lines->room = room;
	return true;
}

static bool fill(struct lines *lines)
{
	ssize_t count;

	do
		count = read(lines->fd, lines->bytes + lines->end, CHUNK);
	while (count < 0 && errno == EINTR);
	if (count < 0)
		return false;
	lines->at_end = count == 0;
	lines->end += (size_t)count;
	return true;
}

static enum lines_result take(struct lines *lines, size_t end, char **text, size_t *length)
{
	*text = lines->bytes + lines->start;
	*length = end - lines->start;
	lines->number++;
	return LINES_LINE;
}

/* Of what has been read: a whole line, or a NUL byte in what is there of it */
static enum lines_result scan(struct lines *lines, char **text, size_t *length)
{
	size_t left = lines->end - lines->scanned;
	char *from, *newline, *nul;

	if (left == 0)
		return LINES_END;
	from = lines->bytes + lines->scanned;
	newline = memchr(from, '\n', left);
	if (newline != NULL)
		left = (size_t)(newline - from);
	nul = memchr(from, '\0', left);
	lines->scanned += left;
	if (nul != NULL) {
		take(lines, (size_t)(nul - lines->bytes), text, length);
		return LINES_NUL;
	}
	if (newline == NULL)
		return LINES_END;
	take(lines, lines->scanned, text, length);
	lines->start = ++lines->scanned;
	return LINES_LINE;
}

enum lines_result lines_next(struct lines *lines, char **text, size_t *length)
{
	for (;;) {
		enum lines_result result = scan(lines, text, length);

		if (result != LINES_END)
			return result;
		if (lines->at_end)
			break;
		if (lines->end - lines->start > LINES_LONGEST) {
			take(lines, lines->end, text, length);
			return LINES_TOO_LONG;
		}
		if (!make_room(lines))
			return LINES_NO_MEMORY;
		if (!fill(lines))
			return LINES_FAILED;
	}
	if (lines->start == lines->end)
		return LINES_END;
	take(lines, lines->end, text, length);
	lines->start = lines->end;
	return LINES_UNENDED;
}

bool lines_ready(const struct lines *lines)
{
	return lines->end > lines->scanned &&
	       memchr(lines->bytes + lines->scanned, '\n', lines->end - lines->scanned) != NULL;
}
