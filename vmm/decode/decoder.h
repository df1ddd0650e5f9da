/* SPDX-License-Identifier: MIT */
/*
 * decoder.h: what the files of decode/ share among themselves: the text that is being written, and access to memory.
 */
#ifndef VMM_DECODE_DECODER_H
#define VMM_DECODE_DECODER_H

#include "decode.h"

#define STRING_MAX 32   /* characters of a string or elements of an array that are shown, as strace does */
#define PATH_MAX_  4096 /* of a path, which is not cut */

struct decoder {
	const struct decode_call *call;
	const struct decode_memory *memory;
	char *bytes; /* where text goes */
	size_t used, size;
	unsigned index;  /* place of the argument in its row */
	bool returned;   /* the call is over, `result` is known */
	bool failed;     /* ... and it is an error */
	bool unreadable; /* set by put_*: memory was not there, the address was put instead */
	bool omit;       /* set by put_*: the argument is not shown at all */
	int64_t result;
};

/* Text */
void put(struct decoder *decoder, const char *format, ...) __attribute__((format(printf, 2, 3)));
void put_decimal(struct decoder *decoder, int64_t value);
void put_count(struct decoder *decoder, uint64_t value);
void put_hex_number(struct decoder *decoder, uint64_t value); /* "0x1f" */
void put_address(struct decoder *decoder, uint64_t address);  /* the same, or "NULL" */
void put_quoted(struct decoder *decoder, const uint8_t *bytes, size_t count, bool hex);

/* Memory. Each returns false, having put the address and set unreadable, if it cannot be read. */
bool fetch(struct decoder *decoder, uint64_t address, void *to, size_t count);

/* The same, but a NULL pointer is put as NULL and is not unreadable. */
bool fetch_or_null(struct decoder *decoder, uint64_t address, void *to, size_t count);

/* A string that ends with NUL, or `count` bytes; cut at STRING_MAX. */
void put_string_at(struct decoder *decoder, uint64_t address);
void put_bytes_at(struct decoder *decoder, uint64_t address, uint64_t count, bool hex);
void put_path_at(struct decoder *decoder, uint64_t address, size_t limit);

static inline uint64_t argument(const struct decoder *decoder, unsigned index)
{
	return decoder->call->args[index];
}

#endif
