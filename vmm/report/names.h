/* SPDX-License-Identifier: MIT */
/*
 * names.h: Linux's names of errors and signals, by the numbers that the guest uses (those of x86-64).
 */
#ifndef VMM_REPORT_NAMES_H
#define VMM_REPORT_NAMES_H

#include <stdint.h>

/* What a system call's result in [-4095, -1] stands for: "EFAULT", "Bad address". NULL for a number without a name. */
const char *errno_name(int64_t result);
const char *errno_text(int64_t result);

const char *signal_name(unsigned number); /* "SIGSEGV"; NULL for a number without a name */

#endif
