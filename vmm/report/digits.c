/* SPDX-License-Identifier: MIT */
/* digits.c: decimal and hexadecimal digits. */
#include "digits.h"

#include <string.h>

size_t digits_decimal(char to[DIGITS_MAX], uint64_t value)
{
	char digits[DIGITS_MAX];
	size_t start = sizeof(digits), length;

	do {
		digits[--start] = (char)('0' + value % 10);
		value /= 10;
	} while (value != 0);
	length = sizeof(digits) - start;
	memcpy(to, digits + start, length);
	to[length] = '\0';
	return length;
}

size_t digits_hex(char to[DIGITS_MAX], uint64_t value)
{
	size_t length = 2;

	to[0] = '0';
	to[1] = 'x';
	for (int shift = value != 0 ? (63 - __builtin_clzll(value)) / 4 * 4 : 0; shift >= 0; shift -= 4)
		to[length++] = "0123456789abcdef"[value >> shift & 15];
	to[length] = '\0';
	return length;
}
