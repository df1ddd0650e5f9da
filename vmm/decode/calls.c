/* SPDX-License-Identifier: MIT */
/* calls.c: the rows of calls.h as an array by the numbers of x86-64. */
#include "calls.h"

#include <string.h>

#include "kinds.h"
#include "syscalls.h"

#define KINDS(a, b, c, d, e, f, ...)                                       \
	{                                                                  \
		KIND_##a, KIND_##b, KIND_##c, KIND_##d, KIND_##e, KIND_##f \
	}
#define ALL_KINDS(...) KINDS(__VA_ARGS__)
#define CALL(call, of, how, ...) \
	[SYS_##call] = {#call, of, RESULT_##how, true, ALL_KINDS(__VA_ARGS__, NONE, NONE, NONE, NONE, NONE, NONE)},
#define PLAIN(call, of) [SYS_##call] = {.name = #call, .classes = of},
static const struct call_row rows[] = {
#include "call_rows.h"
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

const struct call_row *call_row_x86_64(uint64_t number)
{
	return number < ROWS && rows[number].name != NULL ? &rows[number] : NULL;
}

const struct call_row *call_row_named(const char *name)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].name != NULL && strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}
