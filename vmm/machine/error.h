/* SPDX-License-Identifier: MIT */
/*
 * error.h: how a module says that it could not do its work. Whoever runs the session prints it (session_fail()); main.c
 * ends the process.
 */
#ifndef VMM_MACHINE_ERROR_H
#define VMM_MACHINE_ERROR_H

#include <stdbool.h>

struct vmm_error {
	char text[512]; /* one line: what was wrong, where, the limit, the fix; without "vmm: " and newline */
};

/* Fills in the line and returns false, so that `return error_set(...)` ends a failing function. */
bool error_set(struct vmm_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
