/* SPDX-License-Identifier: MIT */
/* string.c: the functions on memory and strings that the compiler or a program may ask for. */
#include "lib/text.h"

void *memcpy(void *to, const void *from, size_t bytes)
{
	void *target = to;

	asm volatile("rep movsb" : "+D"(target), "+S"(from), "+c"(bytes) : : "memory");
	return to;
}

void *memset(void *to, int value, size_t bytes)
{
	void *target = to;

	asm volatile("rep stosb" : "+D"(target), "+c"(bytes) : "a"(value) : "memory");
	return to;
}

int memcmp(const void *left, const void *right, size_t bytes)
{
	const unsigned char *a = left, *b = right;

	for (size_t i = 0; i < bytes; i++)
		if (a[i] != b[i])
			return a[i] - b[i];
	return 0;
}

size_t strlen(const char *string)
{
	const char *end = string;

	while (*end != '\0')
		end++;
	return (size_t)(end - string);
}

int strcmp(const char *left, const char *right)
{
	while (*left != '\0' && *left == *right) {
		left++;
		right++;
	}
	return (unsigned char)*left - (unsigned char)*right;
}
