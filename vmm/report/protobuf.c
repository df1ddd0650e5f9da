/* SPDX-License-Identifier: MIT */
/* protobuf.c: tags, varints, lengths. */
#include "protobuf.h"

#include <string.h>

#include "utf8.h"

#define VARINT_MAX 10 /* bytes of a 64-bit varint */

enum wire_type { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_LENGTH = 2 };

static size_t put_varint(unsigned char *bytes, uint64_t value)
{
	size_t length = 0;

	for (; value >= 0x80; value >>= 7)
		bytes[length++] = (unsigned char)(value | 0x80);
	bytes[length++] = (unsigned char)value;
	return length;
}

static bool has_room(struct protobuf *message, size_t count)
{
	if (count <= message->capacity - message->used)
		return true;
	message->full = true;
	return false;
}

static void append_varint(struct protobuf *message, uint64_t value)
{
	if (has_room(message, VARINT_MAX))
		message->used += put_varint(message->bytes + message->used, value);
}

static void append_tag(struct protobuf *message, unsigned field, enum wire_type type)
{
	append_varint(message, (uint64_t)field << 3 | type);
}

static void append(struct protobuf *message, const void *bytes, size_t count)
{
	if (!has_room(message, count))
		return;
	memcpy(message->bytes + message->used, bytes, count);
	message->used += count;
}

void protobuf_number(struct protobuf *message, unsigned field, uint64_t value)
{
	append_tag(message, field, WIRE_VARINT);
	append_varint(message, value);
}

void protobuf_fixed64(struct protobuf *message, unsigned field, uint64_t value)
{
	unsigned char bytes[8]; /* little-endian, whatever the host */

	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(value >> 8 * i);
	append_tag(message, field, WIRE_FIXED64);
	append(message, bytes, sizeof(bytes));
}

void protobuf_message(struct protobuf *message, unsigned field, const struct protobuf *inner)
{
	append_tag(message, field, WIRE_LENGTH);
	append_varint(message, inner->used);
	append(message, inner->bytes, inner->used);
	message->full |= inner->full;
}

size_t protobuf_open(struct protobuf *message, unsigned field)
{
	append_tag(message, field, WIRE_LENGTH);
	append(message, "", 1); /* most messages are shorter than 128 bytes, so that one byte of length will do */
	return message->used;
}

void protobuf_close(struct protobuf *message, size_t opened)
{
	unsigned char length[VARINT_MAX];
	size_t inside, more;

	if (message->full)
		return;
	inside = message->used - opened;
	more = put_varint(length, inside) - 1;
	if (more > 0) {
		if (!has_room(message, more))
			return;
		memmove(message->bytes + opened + more, message->bytes + opened, inside);
		message->used += more;
	}
	memcpy(message->bytes + opened - 1, length, more + 1);
}

/* One byte that is not part of UTF-8, as the character with its number */
static void append_byte(struct protobuf *message, unsigned char byte)
{
	const unsigned char pair[] = {(unsigned char)(0xc0 | byte >> 6), (unsigned char)(0x80 | (byte & 0x3f))};

	append(message, pair, sizeof(pair));
}

/* Appends what starts at `text`: a run of ASCII, one character, or one byte of neither. Returns the bytes used up. */
static size_t append_piece(struct protobuf *message, const unsigned char *text, size_t left)
{
	size_t length = 0;

	while (length < left && text[length] < 0x80)
		length++;
	if (length == 0)
		length = utf8_length(text, left);
	if (length > 0) {
		append(message, text, length);
		return length;
	}
	append_byte(message, text[0]);
	return 1;
}

void protobuf_text(struct protobuf *message, unsigned field, const char *text, size_t limit)
{
	const unsigned char *bytes = (const unsigned char *)text;
	size_t length = strnlen(text, limit), opened = protobuf_open(message, field);

	for (size_t used = 0; used < length && !message->full;)
		used += append_piece(message, bytes + used, length - used);
	protobuf_close(message, opened);
}
