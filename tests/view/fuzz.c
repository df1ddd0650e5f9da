/* SPDX-License-Identifier: MIT */
/*
 * fuzz.c: whatever is done to a recorded trace, reading it ends, with one of the documented results: no crash, no hang,
 * and what was written is a trace again where JSON was asked for.
 *
 *     fuzz-trace SEED COUNT TRACE...      COUNT damaged copies of each; the last line is the sum
 *
 * LLVMFuzzerTestOneInput() is the same for libFuzzer: clang -fsanitize=fuzzer -DLIBFUZZER, with the objects of vmm/.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "view/diff_show.h"
#include "view/replay.h"
#include "view/two_traces.h"

#define FILE_MOST ((size_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static int memory_file(const uint8_t *bytes, size_t size)
{
	int fd = memfd_create("trace", 0);

	if (fd < 0 || write(fd, bytes, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET) != 0) {
		perror("memfd");
		exit(2);
	}
	return fd;
}

/* An error's line says where, and is text. */
static void check_error(const struct vmm_error *error)
{
	size_t length = strlen(error->text);

	if (strncmp(error->text, "t:", 2) != 0 && strncmp(error->text, "standard input:", 15) != 0) {
		fprintf(stderr, "no place in the error: %s\n", error->text);
		abort();
	}
	for (size_t i = 0; i < length; i++)
		if (error->text[i] < ' ' || error->text[i] > '~') {
			fprintf(stderr, "bytes that are no text in the error: %s\n", error->text);
			abort();
		}
}

/* Returns the file that was written; -1: nothing was, because nothing good stood in the first line. */
static int view(int fd, const struct renderer *renderer, const struct replay_options *options,
		enum replay_result *result)
{
	struct vmm_error error;
	struct trace trace;
	struct event event;
	struct writer *writer;
	int output = -1;

	*result = REPLAY_BAD;
	if (!trace_open(&trace, fd, "t", &error))
		exit(2);
	if (trace_next(&trace, &event, &error) == TRACE_EVENT) {
		output = memfd_create("output", 0);
		writer = writer_open(output, false);
		*result = replay_trace(&trace, &event, renderer, writer, options, &error);
		if (writer_close(writer) != 0)
			exit(2);
		lseek(output, 0, SEEK_SET);
	}
	if (*result != REPLAY_DONE)
		check_error(&error);
	trace_close(&trace);
	return output;
}

/* What was written as JSON can be read, and gives itself again. */
static void view_again(int fd)
{
	static const struct replay_options everything = {.layout = REPLAY_ALL};
	enum replay_result result;
	int output = view(fd, renderer_find("json"), &everything, &result);

	/* an end that contradicts its lines does so still */
	if (output < 0 || result == REPLAY_BAD) {
		fprintf(stderr, "what was written is no trace\n");
		abort();
	}
	close(output);
}

static void diff(int fd, const uint8_t *bytes, size_t size)
{
	static const struct diff_options options = {.causes = DIFF_ALL, .times = true};
	struct profile *profiles = calloc(2, sizeof(*profiles));
	struct order order = {0};
	struct vmm_error error;
	int files[2] = {fd, memory_file(bytes, size)}, output = memfd_create("output", 0);
	struct diff_show show = {.out = writer_open(output, false), .names = {"a", "b"}};

	for (unsigned i = 0; i < 2; i++)
		if (!trace_open(&profiles[i].trace, files[i], "t", &error) || !profile_open(&profiles[i]))
			exit(2);
	if (!read_two_traces(profiles, &order, &options, &error))
		check_error(&error);
	else
		compare_profiles(&profiles[0], &profiles[1], &order, &options, size & 1 ? &diff_text : &diff_json,
				 &show);
	for (unsigned i = 0; i < 2; i++) {
		profile_close(&profiles[i]);
		trace_close(&profiles[i].trace);
	}
	order_close(&order);
	free(profiles);
	writer_close(show.out);
	close(output);
	close(files[1]);
}

static const uint8_t *original;
static size_t original_size;

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static unsigned turn;
	const struct replay_options options = {
		.layout = turn % 8, .summary = turn % 3 == 0, .quiet = turn % 7 == 0, .color = turn % 2};
	enum replay_result result;
	int fd = memory_file(bytes, size), output;

	for (const struct renderer *renderer = renderers; renderer->name != NULL; renderer++) {
		lseek(fd, 0, SEEK_SET);
		output = view(fd, renderer, &options, &result);
		if (output >= 0 && strcmp(renderer->name, "json") == 0)
			view_again(output);
		if (output >= 0)
			close(output);
	}
	lseek(fd, 0, SEEK_SET);
	if (original != NULL && turn % 4 == 0)
		diff(fd, original, original_size);
	close(fd);
	turn++;
	return 0;
}

#ifndef LIBFUZZER

/* xorshift64 */
static uint64_t state;

static size_t below(size_t limit)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return limit ? state % limit : 0;
}

static const char *const pieces[] = {
	"\"",
	"{",
	"}",
	"[",
	"]",
	",",
	":",
	"\\",
	"\n",
	"\t",
	"0",
	"-1",
	"null",
	"true",
	"1e999",
	"0.5",
	"\\u0000",
	"\\u00ff",
	"\\ud800",
	"\xff",
	"18446744073709551615",
	"18446744073709551616",
	"9223372036854775808",
	"\"0xffffffffffffffff\"",
	"\"0x\"",
	"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
	"{\"a\":",
	"\"entry\":0,",
	"\"seq\":",
	"[]",
	"{}",
	"\"\"",
	"4294967296",
};

/* Puts `count` bytes in the place of `removed` ones. */
static size_t replace(uint8_t *bytes, size_t size, size_t place, size_t removed, const void *piece, size_t count)
{
	if (removed > size - place)
		removed = size - place;
	if (size - removed + count > FILE_MOST)
		return size;
	memmove(bytes + place + count, bytes + place + removed, size - place - removed);
	memcpy(bytes + place, piece, count);
	return size - removed + count;
}

/* Where a value begins: most of what stands in a trace is checked by its value, not by its syntax. */
static size_t some_value(const uint8_t *bytes, size_t size)
{
	size_t place = below(size);

	while (place < size && bytes[place] != ':')
		place++;
	return place < size ? place + 1 : below(size);
}

static size_t value_length(const uint8_t *bytes, size_t size, size_t place)
{
	size_t end = place;

	while (end < size && strchr(",}]\n", bytes[end]) == NULL)
		end++;
	return end - place;
}

/* A member of an array or an object several times more */
static size_t repeat_value(uint8_t *bytes, size_t size)
{
	size_t place = below(size), length;
	uint8_t copy[512];

	while (place < size && bytes[place] != ',' && bytes[place] != '[')
		place++;
	if (place + 1 >= size)
		return size;
	length = 1 + value_length(bytes, size, place + 1);
	if (length > sizeof(copy))
		return size;
	memcpy(copy, bytes + place, length);
	copy[0] = ',';
	for (size_t times = below(20); times > 0; times--)
		size = replace(bytes, size, place + length, 0, copy, length);
	return size;
}

static size_t damage(uint8_t *bytes, size_t size)
{
	const char *piece = pieces[below(sizeof(pieces) / sizeof(pieces[0]))];
	size_t place = below(size), length;
	uint8_t copy[512];

	switch (below(9)) {
	case 0:
		bytes[place] ^= (uint8_t)(1u << below(8));
		return size;
	case 1:
		bytes[place] = (uint8_t)below(256);
		return size;
	case 2:
		return replace(bytes, size, place, below(100), "", 0);
	case 3:
		return replace(bytes, size, place, 0, piece, strlen(piece));
	case 4: /* something that stands elsewhere */
		length = below(sizeof(copy));
		if (length > size - place)
			length = size - place;
		memcpy(copy, bytes + place, length);
		return replace(bytes, size, below(size), below(2) ? length : 0, copy, length);
	case 5:
		return below(10) == 0 ? place : size;
	case 6:
		return repeat_value(bytes, size);
	default: /* another value */
		place = some_value(bytes, size);
		return replace(bytes, size, place, value_length(bytes, size, place), piece, strlen(piece));
	}
}

static size_t read_file(const char *path, uint8_t *bytes)
{
	FILE *file = fopen(path, "r");
	size_t size = file != NULL ? fread(bytes, 1, FILE_MOST, file) : 0;

	if (file != NULL)
		fclose(file);
	return size;
}

int main(int argc, char **argv)
{
	uint8_t *whole = malloc(FILE_MOST), *bytes = malloc(2 * FILE_MOST);
	unsigned long count = argc > 3 ? strtoul(argv[2], NULL, 10) : 0, done = 0;

	if (count == 0 || whole == NULL || bytes == NULL) {
		fprintf(stderr, "usage: fuzz-trace SEED COUNT TRACE...\n");
		return 2;
	}
	state = strtoull(argv[1], NULL, 10) | 1;
	for (int i = 3; i < argc; i++) {
		size_t size = read_file(argv[i], whole);

		original = whole;
		original_size = size;
		for (unsigned long k = 0; k < count && size > 0; k++, done++) {
			size_t damaged = size;

			memcpy(bytes, whole, size);
			for (size_t times = 1 + below(3); times > 0 && damaged > 0; times--)
				damaged = damage(bytes, damaged);
			LLVMFuzzerTestOneInput(bytes, damaged);
		}
	}
	printf("%lu damaged traces read\n", done);
	free(whole);
	free(bytes);
	return 0;
}
#endif
