/* SPDX-License-Identifier: MIT */
/*
 * text.h: strings, and printf to standard output.
 */
#ifndef LIB_TEXT_H
#define LIB_TEXT_H

#include <stdarg.h>
#include <stddef.h>

void *memcpy(void *to, const void *from, size_t bytes);
void *memset(void *to, int value, size_t bytes);
int memcmp(const void *left, const void *right, size_t bytes);
size_t strlen(const char *string);
int strcmp(const char *left, const char *right);

/* One write for each call. Knows %s %c %d %u %x %p %%, the modifier l, and a minimal width with leading spaces or
 * zeros. */
#define PRINTF_BUFFER 1024 /* bytes; what is longer is cut */
int printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
int vsnprintf(char *buffer, size_t size, const char *format, va_list arguments) __attribute__((format(printf, 3, 0)));
int snprintf(char *buffer, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
