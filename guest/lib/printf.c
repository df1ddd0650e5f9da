/* SPDX-License-Identifier: MIT */
/* printf.c: a small printf. */
#include <stdbool.h>
#include <stdint.h>

#include "lib/syscalls.h"
#include "lib/text.h"

struct output {
	char *buffer;
	size_t size, used;
};

static void put(struct output *output, char character)
{
	if (output->used < output->size)
		output->buffer[output->used] = character;
	output->used++;
}

static void put_padded(struct output *output, const char *text, size_t length, size_t width, char padding)
{
	for (; width > length; width--)
		put(output, padding);
	while (length-- > 0)
		put(output, *text++);
}

static void put_number(struct output *output, uint64_t number, bool negative, unsigned base, size_t width, char padding)
{
	char digits[24];
	char *digit = digits + sizeof(digits);

	do {
		*--digit = "0123456789abcdef"[number % base];
		number /= base;
	} while (number != 0);
	if (negative)
		*--digit = '-';
	put_padded(output, digit, (size_t)(digits + sizeof(digits) - digit), width, padding);
}

/* One conversion, after its `%`; returns what follows it. */
static const char *convert(struct output *output, const char *format, va_list *arguments)
{
	char padding = *format == '0' ? '0' : ' ';
	size_t width = 0;
	bool is_long = false;
	const char *string;
	int64_t number;
	char character;

	for (; *format >= '0' && *format <= '9'; format++)
		width = width * 10 + (size_t)(*format - '0');
	for (; *format == 'l'; format++)
		is_long = true;
	switch (*format) {
	case 's':
		string = va_arg(*arguments, const char *);
		put_padded(output, string, strlen(string), width, ' ');
		break;
	case 'c':
		character = (char)va_arg(*arguments, int);
		put_padded(output, &character, 1, width, ' ');
		break;
	case 'd':
		number = is_long ? va_arg(*arguments, long) : va_arg(*arguments, int);
		put_number(output, number < 0 ? -(uint64_t)number : (uint64_t)number, number < 0, 10, width, padding);
		break;
	case 'u':
	case 'x':
		number = is_long ? va_arg(*arguments, long) : (int64_t)va_arg(*arguments, unsigned);
		put_number(output, (uint64_t)number, false, *format == 'u' ? 10 : 16, width, padding);
		break;
	case 'p':
		put_padded(output, "0x", 2, 0, ' ');
		put_number(output, va_arg(*arguments, uintptr_t), false, 16, 0, '0');
		break;
	case '\0':
		return format;
	default:
		put(output, *format);
	}
	return format + 1;
}

int vsnprintf(char *buffer, size_t size, const char *format, va_list arguments)
{
	struct output output = {buffer, size > 0 ? size - 1 : 0, 0};
	va_list rest;

	va_copy(rest, arguments);
	while (*format != '\0') {
		if (*format == '%')
			format = convert(&output, format + 1, &rest);
		else
			put(&output, *format++);
	}
	va_end(rest);
	if (size > 0)
		buffer[output.used < output.size ? output.used : output.size] = '\0';
	return (int)output.used;
}

int snprintf(char *buffer, size_t size, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(buffer, size, format, arguments);
	va_end(arguments);
	return length;
}

int printf(const char *format, ...)
{
	char buffer[PRINTF_BUFFER];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(buffer, sizeof(buffer), format, arguments);
	va_end(arguments);
	if (length >= PRINTF_BUFFER)
		length = PRINTF_BUFFER - 1;
	return (int)write(1, buffer, (size_t)length);
}
