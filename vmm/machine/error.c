/* SPDX-License-Identifier: MIT */
/* error.c: the line that explains a failure. */
#include "error.h"

#include <stdarg.h>
#include <stdio.h>

bool error_set(struct vmm_error *error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(error->text, sizeof(error->text), format, arguments);
	va_end(arguments);
	return false;
}
