/* SPDX-License-Identifier: MIT */
/*
 * writer.h: buffered output to a file descriptor, with errors kept until somebody asks.
 */
#ifndef VMM_REPORT_WRITER_H
#define VMM_REPORT_WRITER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct writer; /* opaque: the buffer must stay consistent with the descriptor */

/* fd is borrowed, not closed by the writer. line_flush: hand over after each complete event (a terminal, a pipe to a
   reader who waits). Returns NULL when memory is short. */
struct writer *writer_open(int fd, bool line_flush);

/* Asked when a signal interrupts a write that blocks (a pipe whose reader does not read): true makes the writer give up
   with ECANCELED. Without it, it goes on waiting. */
void writer_set_stopped(struct writer *writer, bool (*stopped)(void));

void writer_put(struct writer *writer, const char *bytes, size_t count);
void writer_printf(struct writer *writer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* While it is on, each '<' of what is put becomes \u003c, which is the same inside a JSON string: no text can end the
   element of a page that it stands in. */
void writer_escape_markup(struct writer *writer, bool on);

/* Called by the stream after each event. */
void writer_event_done(struct writer *writer);

/* Hands everything over. Returns 0, or the errno of the first write that failed since the start (EPIPE, ENOSPC, ...).
   After an error everything else is dropped silently; the run loop asks writer_error() and ends the run. */
int writer_flush(struct writer *writer);
int writer_error(const struct writer *writer);

/* Bytes handed over so far. */
unsigned long long writer_bytes(const struct writer *writer);

/* Flushes and frees. Returns as writer_flush(). */
int writer_close(struct writer *writer);

#endif
