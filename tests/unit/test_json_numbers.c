/* SPDX-License-Identifier: MIT */
/* test_json_numbers.c: every length of number, in both notations, against printf. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "report.h"
#include "report/json_line.h"
#include "suites.h"

/* All numbers of the test in arrays of three: as unsigned, signed, hexadecimal */
static void put(struct json_line *line, char *expected, size_t size, uint64_t value)
{
	size_t used = strlen(expected);

	json_open(line, '[');
	json_unsigned(line, value);
	json_signed(line, (int64_t)value);
	json_hex(line, value);
	json_close(line, ']');
	snprintf(expected + used, size - used, "%s[%" PRIu64 ",%" PRId64 ",\"0x%" PRIx64 "\"]", used > 6 ? "," : "",
		 value, (int64_t)value, value);
}

static void check_numbers(const uint64_t *values, size_t count)
{
	static char expected[64 * 1024], text[64 * 1024];
	static struct json_line line;
	int fd = memfd_create("numbers", 0);
	struct writer *writer = writer_open(fd, false);
	ssize_t length;

	strcpy(expected, "{\"n\":[");
	json_begin(&line, writer);
	json_key(&line, "n");
	json_open(&line, '[');
	for (size_t i = 0; i < count; i++)
		put(&line, expected, sizeof(expected), values[i]);
	json_close(&line, ']');
	json_end(&line);
	strcat(expected, "]}\n");
	ck_assert_int_eq(writer_close(writer), 0);
	length = pread(fd, text, sizeof(text) - 1, 0);
	ck_assert_int_ge(length, 0);
	text[length] = '\0';
	ck_assert_str_eq(text, expected);
	close(fd);
}

START_TEST(powers_of_ten)
{
	uint64_t values[61], power = 1;
	size_t count = 0;

	for (unsigned digits = 1; digits <= 20; digits++, power *= 10) {
		values[count++] = power - 1;
		values[count++] = power;
		values[count++] = power + 1;
	}
	values[count++] = UINT64_MAX;
	check_numbers(values, count);
}
END_TEST

START_TEST(powers_of_two)
{
	uint64_t values[64 * 3];
	size_t count = 0;

	for (unsigned bit = 0; bit < 64; bit++) {
		values[count++] = UINT64_C(1) << bit;
		values[count++] = (UINT64_C(1) << bit) - 1;
		values[count++] = UINT64_C(0xfedcba9876543210) >> bit;
	}
	check_numbers(values, count);
}
END_TEST

/* Lines that are longer than the buffer are handed over in pieces; a number must not be cut by that. */
START_TEST(across_the_buffer)
{
	uint64_t values[1000];

	for (size_t i = 0; i < 1000; i++)
		values[i] = UINT64_MAX / (i + 1);
	check_numbers(values, 1000);
}
END_TEST

Suite *json_numbers_suite(void)
{
	Suite *suite = suite_create("json numbers");
	TCase *numbers = tcase_create("numbers");

	tcase_add_test(numbers, powers_of_ten);
	tcase_add_test(numbers, powers_of_two);
	tcase_add_test(numbers, across_the_buffer);
	suite_add_tcase(suite, numbers);
	return suite;
}
