/* SPDX-License-Identifier: MIT */
/*
 * protobuf.h: writes one message of Protocol Buffers into memory that the caller provides. Google's "Protocol Buffers:
 * Encoding" says how fields, varints and lengths look.
 *
 * What does not fit is not written, and `full` says so; the caller goes back to a place where the message was whole.
 */
#ifndef VMM_REPORT_PROTOBUF_H
#define VMM_REPORT_PROTOBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct protobuf {
	unsigned char *bytes;
	size_t used, capacity;
	bool full; /* something did not fit */
};

/* Fields of type int32, int64, uint32, uint64, bool, enum; a negative value is cast to uint64_t. */
void protobuf_number(struct protobuf *message, unsigned field, uint64_t value);
void protobuf_fixed64(struct protobuf *message, unsigned field, uint64_t value);

/* A string field, up to `limit` bytes of text or to its NUL. Valid UTF-8 stays; other bytes from 0x80 on become U+0080
   to U+00FF, as in JSON. */
void protobuf_text(struct protobuf *message, unsigned field, const char *text, size_t limit);

/* A field that holds another message, already written. */
void protobuf_message(struct protobuf *message, unsigned field, const struct protobuf *inner);

/* A nested message: what is written between the two is inside. Returns what protobuf_close() wants. */
size_t protobuf_open(struct protobuf *message, unsigned field);
void protobuf_close(struct protobuf *message, size_t opened);

#endif
