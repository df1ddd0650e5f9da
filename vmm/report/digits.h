/* SPDX-License-Identifier: MIT */
/*
 * digits.h: numbers as text without printf, for what is written millions of times.
 */
#ifndef VMM_REPORT_DIGITS_H
#define VMM_REPORT_DIGITS_H

#include <stddef.h>
#include <stdint.h>

#define DIGITS_MAX 24 /* bytes that a number with its NUL needs at most, in either way */

/* Both write to `to` and end it with NUL. They return the length. */
size_t digits_decimal(char to[DIGITS_MAX], uint64_t value);
size_t digits_hex(char to[DIGITS_MAX], uint64_t value); /* "0x1f", "0x0" */

#endif
