/* SPDX-License-Identifier: MIT */
/* system_calls.c: shared/syscalls.h as two arrays. */
#include "system_calls.h"

#include <stddef.h>

#include "syscalls.h"

#define ROW(number, name, args) [number] = {#name, args},
static const struct system_call x86_64_calls[] = {LINUX_SYSCALLS(ROW)};
static const struct system_call i386_calls[] = {LINUX_I386_SYSCALLS(ROW)};
static const struct system_call unknown = {NULL, 6};

const struct system_call *system_call_x86_64(uint64_t number)
{
	if (number >= sizeof(x86_64_calls) / sizeof(x86_64_calls[0]) || x86_64_calls[number].name == NULL)
		return &unknown;
	return &x86_64_calls[number];
}

const struct system_call *system_call_i386(uint64_t number)
{
	if (number >= sizeof(i386_calls) / sizeof(i386_calls[0]) || i386_calls[number].name == NULL)
		return &unknown;
	return &i386_calls[number];
}
