/* SPDX-License-Identifier: MIT */
/*
 * test_protobuf.c: the bytes of messages, as "Protocol Buffers: Encoding" has them, and messages that are too long; and
 * interned strings. What they add up to is tested in tests/perfetto.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/perfetto_strings.h"
#include "report/protobuf.h"
#include "suites.h"

static void check_bytes(const struct protobuf *message, const char *bytes, size_t count)
{
	ck_assert(!message->full);
	ck_assert_uint_eq(message->used, count);
	ck_assert_mem_eq(message->bytes, bytes, count);
}
#define CHECK(message, bytes) check_bytes(message, bytes, sizeof(bytes) - 1)

/* The examples of that document: field 1 with 150, field 2 with "testing", field 3 with a message of field 1 */
START_TEST(published_examples)
{
	unsigned char bytes[64];
	struct protobuf message = {.bytes = bytes, .capacity = sizeof(bytes)};
	size_t opened;

	protobuf_number(&message, 1, 150);
	CHECK(&message, "\x08\x96\x01");
	message.used = 0;
	protobuf_text(&message, 2, "testing", SIZE_MAX);
	CHECK(&message, "\x12\x07testing");
	message.used = 0;
	opened = protobuf_open(&message, 3);
	protobuf_number(&message, 1, 150);
	protobuf_close(&message, opened);
	CHECK(&message, "\x1a\x03\x08\x96\x01");
}
END_TEST

START_TEST(numbers)
{
	unsigned char bytes[64];
	struct protobuf message = {.bytes = bytes, .capacity = sizeof(bytes)};

	protobuf_number(&message, 16, 0); /* a tag of two bytes */
	protobuf_number(&message, 1, 127);
	protobuf_number(&message, 1, 128);
	protobuf_number(&message, 1, UINT64_MAX);
	protobuf_fixed64(&message, 1, UINT64_C(0x8877665544332211));
	CHECK(&message, "\x80\x01\x00\x08\x7f\x08\x80\x01\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
			"\x09\x11\x22\x33\x44\x55\x66\x77\x88");
}
END_TEST

/* A length of more than one byte moves what is inside. */
START_TEST(long_messages)
{
	static const size_t lengths[] = {0, 1, 127, 128, 129, 16383, 16384, 20000};
	static unsigned char bytes[21000];
	char *text = calloc(1, 20001);

	memset(text, 'x', 20000);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct protobuf message = {.bytes = bytes, .capacity = sizeof(bytes)};
		size_t head = lengths[i] < 128 ? 2 : lengths[i] < 16384 ? 3 : 4;

		protobuf_text(&message, 1, text, lengths[i]);
		ck_assert(!message.full);
		ck_assert_uint_eq(message.used, head + lengths[i]);
		ck_assert_uint_eq(bytes[1], head == 2 ? lengths[i] : (lengths[i] & 0x7f) | 0x80);
		ck_assert_mem_eq(bytes + head, text, lengths[i]);
	}
	free(text);
}
END_TEST

/* Whatever the room, nothing is written beyond it, and the message says that it is not whole. */
START_TEST(no_room)
{
	unsigned char bytes[256];
	char text[201];

	memset(text, 0xff, 200);
	text[200] = '\0';
	for (size_t capacity = 0; capacity < 250; capacity++) {
		struct protobuf message = {.bytes = bytes, .capacity = capacity};
		size_t outer;

		memset(bytes, 0xaa, sizeof(bytes));
		outer = protobuf_open(&message, 100);
		protobuf_text(&message, 1, text, 60);
		protobuf_number(&message, 2, UINT64_MAX);
		protobuf_fixed64(&message, 3, 1);
		protobuf_close(&message, outer);
		ck_assert_uint_le(message.used, capacity);
		for (size_t i = capacity; i < sizeof(bytes); i++)
			ck_assert_uint_eq(bytes[i], 0xaa);
		ck_assert(message.full || message.used > 140);
	}
}
END_TEST

START_TEST(strings_are_found_again)
{
	struct perfetto_strings *strings = calloc(1, sizeof(*strings));
	uint64_t read, write;
	bool is_new;

	read = strings_find(strings, 2, "read", 4, &is_new);
	ck_assert(is_new && read > 0);
	write = strings_find(strings, 2, "write", 5, &is_new);
	ck_assert(is_new && write != read);
	ck_assert_uint_eq(strings_find(strings, 2, "readlink", 4, &is_new), read);
	ck_assert(!is_new);
	ck_assert_uint_ne(strings_find(strings, 29, "read", 4, &is_new), read); /* another index */
	ck_assert(is_new);
	strings_clear(strings);
	ck_assert_uint_gt(strings_find(strings, 2, "read", 4, &is_new), write); /* never used before */
	ck_assert(is_new);
	free(strings);
}
END_TEST

/* More strings than there is room for: each is found or refused, and the table says in time that it is nearly full. */
START_TEST(strings_without_end)
{
	struct perfetto_strings *strings = calloc(1, sizeof(*strings));
	bool is_new, warned = false, refused = false;
	char text[100];

	for (unsigned i = 0; i < 2 * STRINGS_SLOTS; i++) {
		int length = snprintf(text, sizeof(text), "%0*u", (int)(i % 90 + 1), i);
		uint64_t iid = strings_find(strings, 2, text, (size_t)length, &is_new);

		refused |= iid == 0;
		ck_assert(!refused || warned);
		warned |= strings_nearly_full(strings);
		ck_assert(iid == 0 || strings_find(strings, 2, text, (size_t)length, &is_new) == iid);
	}
	ck_assert(warned && refused);
	free(strings);
}
END_TEST

Suite *protobuf_suite(void)
{
	Suite *suite = suite_create("protobuf");
	TCase *bytes = tcase_create("bytes"), *strings = tcase_create("strings");

	tcase_add_test(bytes, published_examples);
	tcase_add_test(bytes, numbers);
	tcase_add_test(bytes, long_messages);
	tcase_add_test(bytes, no_room);
	suite_add_tcase(suite, bytes);
	tcase_add_test(strings, strings_are_found_again);
	tcase_add_test(strings, strings_without_end);
	suite_add_tcase(suite, strings);
	return suite;
}
