/* SPDX-License-Identifier: MIT */
/* strings.c: arguments that are text, buffers, and arrays of simple things. */
#include <inttypes.h>
#include <string.h>

#include "kinds.h"

#define VARIABLES_MAX 4096 /* of an environment that are counted */
#define IOVECS_MAX    1024

void put_path(struct decoder *decoder, uint64_t value, const void *names)
{
	(void)names;
	put_path_at(decoder, value, PATH_MAX_ - 1);
}

void put_string(struct decoder *decoder, uint64_t value, const void *names)
{
	(void)names;
	put_string_at(decoder, value);
}

void put_buffer(struct decoder *decoder, uint64_t value, const void *names)
{
	(void)names;
	put_bytes_at(decoder, value, argument(decoder, decoder->index + 1), false);
}

void put_out_buffer(struct decoder *decoder, uint64_t value, const void *names)
{
	(void)names;
	put_bytes_at(decoder, value, (uint64_t)decoder->result, false);
}

void put_out_random(struct decoder *decoder, uint64_t value, const void *names)
{
	(void)names;
	put_bytes_at(decoder, value, (uint64_t)decoder->result, true);
}

/* The kernel counts the NUL. */
void put_out_cwd(struct decoder *decoder, uint64_t value, const void *names)
{
	(void)names;
	put_path_at(decoder, value, decoder->result > 0 ? (size_t)decoder->result - 1 : 0);
}

/* struct linux_dirent64: the length of a record is at offset 16. */
void put_out_entries(struct decoder *decoder, uint64_t value, const void *names)
{
	uint64_t end = (uint64_t)decoder->result, entries = 0;
	uint16_t length;

	(void)names;
	put_address(decoder, value);
	for (uint64_t offset = 0; offset + 19 <= end; offset += length) {
		uint64_t where = value + offset + 16;

		if (decoder->memory->read(decoder->memory->context, where, &length, sizeof(length)) != sizeof(length) ||
		    length < 19)
			break;
		entries++;
	}
	put(decoder, " /* %" PRIu64 " entries */", entries);
}

/* argv: pointers up to NULL. The address that cannot be read stands for the rest. */
void put_strings(struct decoder *decoder, uint64_t value, const void *names)
{
	uint64_t pointer;

	(void)names;
	if (!fetch_or_null(decoder, value, &pointer, sizeof(pointer)))
		return;
	put(decoder, "[");
	for (unsigned i = 0; pointer != 0; i++) {
		put(decoder, i > 0 ? ", " : "");
		if (i == STRING_MAX) {
			put(decoder, "...");
			break;
		}
		put_string_at(decoder, pointer);
		if (decoder->memory->read(decoder->memory->context, value + (i + 1) * 8, &pointer, 8) != 8) {
			put(decoder, ", ... /* 0x%" PRIx64 " */", value + (i + 1) * 8);
			break;
		}
	}
	put(decoder, "]");
}

void put_environment(struct decoder *decoder, uint64_t value, const void *names)
{
	uint64_t pointer, count = 0;

	(void)names;
	if (!fetch_or_null(decoder, value, &pointer, sizeof(pointer)))
		return;
	put_address(decoder, value);
	while (pointer != 0 && count < VARIABLES_MAX) {
		count++;
		if (decoder->memory->read(decoder->memory->context, value + count * 8, &pointer, 8) != 8)
			break;
	}
	put(decoder, " /* %" PRIu64 " var%s */", count, count == 1 ? "" : "s");
}

/* `total`: bytes that the buffers hold together; UINT64_MAX: all are full; addresses: show where they are instead. */
static void put_vectors(struct decoder *decoder, uint64_t address, uint64_t total, bool addresses)
{
	uint64_t count = argument(decoder, decoder->index + 1);

	if (address == 0 || count > IOVECS_MAX) {
		put_address(decoder, address);
		return;
	}
	put(decoder, count == 0 ? "[" : "");
	for (uint64_t i = 0; i < count; i++) {
		uint64_t vector[2]; /* base, length */

		if (i == 0 && !fetch(decoder, address, vector, sizeof(vector)))
			return;
		if (i == STRING_MAX) {
			put(decoder, ", ...");
			break;
		}
		if (i > 0 && decoder->memory->read(decoder->memory->context, address + i * 16, vector, 16) != 16) {
			put(decoder, ", ... /* 0x%" PRIx64 " */", address + i * 16);
			break;
		}
		put(decoder, i == 0 ? "[{iov_base=" : ", {iov_base=");
		if (addresses)
			put_address(decoder, vector[0]);
		else
			put_bytes_at(decoder, vector[0], total < vector[1] ? total : vector[1], false);
		put(decoder, ", iov_len=%" PRIu64 "}", vector[1]);
		total -= total < vector[1] ? total : vector[1];
	}
	put(decoder, "]");
}

void put_iovec(struct decoder *decoder, uint64_t value, const void *names)
{
	(void)names;
	put_vectors(decoder, value, UINT64_MAX, false);
}

/* Of a readv, each buffer holds its part of the result. */
void put_out_iovec(struct decoder *decoder, uint64_t value, const void *names)
{
	(void)names;
	put_vectors(decoder, value, decoder->failed ? 0 : (uint64_t)decoder->result, decoder->failed);
}

void put_pair(struct decoder *decoder, uint64_t value, const void *names)
{
	int32_t pair[2];

	(void)names;
	if (fetch_or_null(decoder, value, pair, sizeof(pair)))
		put(decoder, "[%" PRId32 ", %" PRId32 "]", pair[0], pair[1]);
}

void put_int_at(struct decoder *decoder, uint64_t value, const void *names)
{
	int32_t number;

	(void)names;
	if (fetch_or_null(decoder, value, &number, sizeof(number)))
		put(decoder, "[%" PRId32 "]", number);
}

void put_long_at(struct decoder *decoder, uint64_t value, const void *names)
{
	int64_t number;

	(void)names;
	if (fetch_or_null(decoder, value, &number, sizeof(number)))
		put(decoder, "[%" PRId64 "]", number);
}

/* sendfile moves the offset on by as much as it has copied: "[3] => [8]". */
void put_offset(struct decoder *decoder, uint64_t value, const void *names)
{
	int64_t offset;

	(void)names;
	if (!fetch_or_null(decoder, value, &offset, sizeof(offset)))
		return;
	if (decoder->returned && !decoder->failed && decoder->result > 0)
		put(decoder, "[%" PRId64 "] => ", offset - decoder->result);
	put(decoder, "[%" PRId64 "]", offset);
}

void put_address_at(struct decoder *decoder, uint64_t value, const void *names)
{
	uint64_t number;

	(void)names;
	if (!fetch_or_null(decoder, value, &number, sizeof(number)))
		return;
	put(decoder, "[");
	put_address(decoder, number);
	put(decoder, "]");
}

void put_groups(struct decoder *decoder, uint64_t value, const void *names)
{
	int32_t count = (int32_t)(decoder->returned ? decoder->result : (int64_t)argument(decoder, 0));
	uint32_t group;

	(void)names;
	if (count <= 0 || value == 0) {
		if (value != 0 && argument(decoder, 0) != 0)
			put(decoder, "[]");
		else
			put_address(decoder, value);
		return;
	}
	for (int32_t i = 0; i < count; i++) {
		if (i == 0 && !fetch(decoder, value, &group, sizeof(group)))
			return;
		if (i == STRING_MAX ||
		    decoder->memory->read(decoder->memory->context, value + (uint64_t)i * 4, &group, 4) != 4) {
			put(decoder, ", ...");
			break;
		}
		put(decoder, i == 0 ? "[%" PRIu32 : ", %" PRIu32, group);
	}
	put(decoder, "]");
}

void put_cpu_set(struct decoder *decoder, uint64_t value, const void *names)
{
	uint8_t set[128];
	uint64_t bytes = argument(decoder, decoder->index - 1);
	const char *separator = "";

	(void)names;
	if (decoder->returned && decoder->result > 0)
		bytes = (uint64_t)decoder->result;
	bytes = bytes < sizeof(set) ? bytes : sizeof(set);
	if (bytes == 0 ? (put_address(decoder, value), true) : !fetch_or_null(decoder, value, set, bytes))
		return;
	put(decoder, "[");
	for (unsigned cpu = 0; cpu < bytes * 8; cpu++) {
		if (!(set[cpu / 8] >> cpu % 8 & 1))
			continue;
		put(decoder, "%s%u", separator, cpu);
		separator = " ";
	}
	put(decoder, "]");
}
