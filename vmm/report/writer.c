/* SPDX-License-Identifier: MIT */
/*
 * writer.c: buffered output to a file descriptor. The first error is kept and everything after it is dropped, so that
 * the callers need not check each line.
 */
#include "writer.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUFFER_SIZE (128 * 1024)

struct writer {
	int fd;
	bool line_flush, escape_markup;
	int error; /* errno of the first write that failed */
	bool (*stopped)(void);
	unsigned long long written;
	size_t used;
	char buffer[BUFFER_SIZE];
};

struct writer *writer_open(int fd, bool line_flush)
{
	struct writer *writer = malloc(sizeof(*writer));

	if (!writer)
		return NULL;
	writer->fd = fd;
	writer->line_flush = line_flush;
	writer->escape_markup = false;
	writer->error = 0;
	writer->stopped = NULL;
	writer->written = 0;
	writer->used = 0; /* the buffer stays as it is: its pages are touched only when filled */
	return writer;
}

void writer_set_stopped(struct writer *writer, bool (*stopped)(void))
{
	writer->stopped = stopped;
}

/* Somebody may have handed us a non-blocking descriptor: wait instead of losing output. */
static int wait_writable(int fd)
{
	struct pollfd ready = {.fd = fd, .events = POLLOUT};

	if (poll(&ready, 1, -1) < 0 && errno != EINTR)
		return errno;
	return 0;
}

static void write_all(struct writer *writer, const char *bytes, size_t count)
{
	while (count && !writer->error) {
		ssize_t done = write(writer->fd, bytes, count);

		if (done > 0) {
			bytes += done;
			count -= (size_t)done;
			writer->written += (unsigned long long)done;
		} else if (done == 0) {
			writer->error = EIO;
		} else if (errno == EAGAIN) {
			writer->error = wait_writable(writer->fd);
		} else if (errno != EINTR) {
			writer->error = errno;
		}
		if (done <= 0 && !writer->error && writer->stopped && writer->stopped())
			writer->error = ECANCELED;
	}
}

int writer_flush(struct writer *writer)
{
	write_all(writer, writer->buffer, writer->used);
	writer->used = 0;
	return writer->error;
}

void writer_escape_markup(struct writer *writer, bool on)
{
	writer->escape_markup = on;
}

static void put_bytes(struct writer *writer, const char *bytes, size_t count)
{
	if (count > BUFFER_SIZE - writer->used)
		writer_flush(writer);
	if (writer->error)
		return;
	if (count > BUFFER_SIZE) {
		write_all(writer, bytes, count);
		return;
	}
	memcpy(writer->buffer + writer->used, bytes, count);
	writer->used += count;
}

static void put_escaped(struct writer *writer, const char *bytes, size_t count)
{
	const char *mark;

	while ((mark = memchr(bytes, '<', count)) != NULL) {
		put_bytes(writer, bytes, (size_t)(mark - bytes));
		put_bytes(writer, "\\u003c", 6);
		count -= (size_t)(mark + 1 - bytes);
		bytes = mark + 1;
	}
	put_bytes(writer, bytes, count);
}

void writer_put(struct writer *writer, const char *bytes, size_t count)
{
	if (writer->escape_markup)
		put_escaped(writer, bytes, count);
	else
		put_bytes(writer, bytes, count);
}

void writer_printf(struct writer *writer, const char *format, ...)
{
	char small[512];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(small, sizeof(small), format, arguments);
	va_end(arguments);
	if (length < 0)
		return;
	if ((size_t)length < sizeof(small)) {
		writer_put(writer, small, (size_t)length);
		return;
	}

	char *large = malloc((size_t)length + 1);

	if (!large) {
		if (!writer->error)
			writer->error = ENOMEM;
		return;
	}
	va_start(arguments, format);
	vsnprintf(large, (size_t)length + 1, format, arguments);
	va_end(arguments);
	writer_put(writer, large, (size_t)length);
	free(large);
}

void writer_event_done(struct writer *writer)
{
	if (writer->line_flush)
		writer_flush(writer);
}

int writer_error(const struct writer *writer)
{
	return writer->error;
}

unsigned long long writer_bytes(const struct writer *writer)
{
	return writer->written;
}

int writer_close(struct writer *writer)
{
	int error;

	if (!writer)
		return 0;
	error = writer_flush(writer);
	free(writer);
	return error;
}
