/* SPDX-License-Identifier: MIT */
/* decode.c: the arguments of a call one after the other, at its entry and at its return. */
#include "decode.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "calls.h"
#include "kinds.h"
#include "report/names.h"

#define X(kind, when, function, names) [KIND_##kind] = {when, function, names},
const struct kind kinds[] = {DECODE_KINDS(X)};
#undef X
#define X(how, function) [RESULT_##how] = function,
put_result *const results[] = {DECODE_RESULTS(X)};
#undef X

void put_result_number(struct decoder *decoder)
{
	put_decimal(decoder, decoder->result);
}

void put_result_address(struct decoder *decoder)
{
	put_address(decoder, (uint64_t)decoder->result);
}

void put_result_octal(struct decoder *decoder)
{
	put_mode_number(decoder, (uint32_t)decoder->result);
}

/* If it does come back after all, the number says why. */
void put_result_never(struct decoder *decoder)
{
	put_result_number(decoder);
}

/* Structures and pointers of the i386 interface have other sizes; what is the same there is text and plain buffers. */
static bool fits_i386(unsigned kind)
{
	return kind <= KIND_OUT_CWD;
}

static void put_piece(struct decoder *decoder, unsigned kind)
{
	uint64_t value = argument(decoder, decoder->index);
	const struct kind *how = &kinds[kind];
	bool address = (!(how->when & IN) && (!decoder->returned || (decoder->failed && how->when != AT_RETURN))) ||
		       (decoder->call->i386 && !fits_i386(kind));

	if (address)
		put_address(decoder, value);
	else
		how->put(decoder, value, how->names);
}

/* When all bytes are used up, what follows is empty: the last byte is the end of the last text. */
static void advance(struct decoded *decoded, size_t count)
{
	decoded->used += count;
	if (decoded->used > DECODE_BYTES - 1)
		decoded->used = DECODE_BYTES - 1;
}

/* Writes argument `index` of the row behind what is there; NULL if it is not shown. */
static const char *decode_piece(struct decoder *decoder, unsigned index, struct decoded *decoded)
{
	char *text = decoded->bytes + decoded->used;

	decoder->bytes = text;
	decoder->size = DECODE_BYTES - decoded->used;
	decoder->used = 0;
	decoder->index = index;
	decoder->omit = decoder->unreadable = false;
	text[0] = '\0';
	put_piece(decoder, decoder->call->row->kinds[index]);
	if (decoder->unreadable)
		decoded->retry |= 1U << index;
	if (decoder->omit)
		return NULL;
	advance(decoded, decoder->used + 1);
	return text;
}

static void put_plain(const struct decode_call *call, struct decoded *decoded)
{
	struct decoder decoder = {.call = call};

	for (unsigned i = 0; i < call->arg_count && i < DECODE_ARGS; i++) {
		decoder.bytes = decoded->bytes + decoded->used;
		decoder.size = DECODE_BYTES - decoded->used;
		decoder.used = 0;
		put_hex(&decoder, call->args[i], NULL);
		advance(decoded, decoder.used + 1);
		decoded->args[decoded->count++] = decoder.bytes;
	}
}

void decode_entry(const struct decode_call *call, const struct decode_memory *memory, struct decoded *decoded)
{
	struct decoder decoder = {.call = call, .memory = memory};

	decoded->count = 0;
	decoded->retry = 0;
	decoded->used = 0;
	decoded->result[0] = '\0';
	memset(decoded->output, 0, sizeof(decoded->output));
	if (call->row == NULL || !call->row->decoded) {
		put_plain(call, decoded);
		return;
	}
	for (unsigned i = 0; i < DECODE_ARGS && call->row->kinds[i] != KIND_NONE; i++) {
		const char *text = decode_piece(&decoder, i, decoded);

		if (text == NULL)
			continue;
		decoded->places[decoded->count] = (uint8_t)i;
		decoded->args[decoded->count++] = text;
	}
	if (call->row->result == RESULT_NEVER)
		snprintf(decoded->result, sizeof(decoded->result), "?");
}

static void decode_result(struct decoder *decoder, struct decoded *decoded)
{
	const struct call_row *row = decoder->call->row;
	const char *name = errno_name(decoder->result);

	decoder->bytes = decoded->result;
	decoder->size = sizeof(decoded->result);
	decoder->used = 0;
	if (decoder->failed && name != NULL)
		put(decoder, "-1 %s (%s)", name, errno_text(decoder->result));
	else if (decoder->failed)
		put(decoder, "-1 (errno %" PRId64 ")", -decoder->result);
	else
		results[row != NULL ? row->result : RESULT_NUMBER](decoder);
}

/* What the later text has that the earlier has not: "[3]" and "[3] => [8]" give "[8]". */
static const char *news(const char *before, const char *after)
{
	static const char arrow[] = " => ";
	size_t same = strlen(before);

	if (strncmp(after, before, same) == 0 && strncmp(after + same, arrow, strlen(arrow)) == 0)
		return after + same + strlen(arrow);
	return after;
}

static bool replaces_image(const struct call_row *row)
{
	for (unsigned i = 0; row != NULL && i < DECODE_ARGS; i++)
		if (row->kinds[i] == KIND_ENVIRONMENT)
			return true;
	return false;
}

void decode_return(const struct decode_call *call, const struct decode_memory *memory, int64_t result,
		   struct decoded *decoded)
{
	struct decoder decoder = {
		.call = call,
		.memory = memory,
		.returned = true,
		.failed = result < 0 && result >= -4095,
		.result = result,
	};
	/* after a successful execve, addresses mean something else */
	unsigned retry = !decoder.failed && replaces_image(call->row) ? 0 : decoded->retry;

	for (unsigned i = 0; i < decoded->count && call->row != NULL && call->row->decoded; i++) {
		unsigned place = decoded->places[i];
		const char *text;

		if (!(kinds[call->row->kinds[place]].when & OUT) && !(retry >> place & 1))
			continue;
		text = decode_piece(&decoder, place, decoded);
		if (text == NULL || strcmp(text, decoded->args[i]) == 0)
			continue;
		decoded->output[i] = news(decoded->args[i], text);
		decoded->args[i] = text;
	}
	decode_result(&decoder, decoded);
}
