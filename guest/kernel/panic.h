/* SPDX-License-Identifier: MIT */
/*
 * panic.h: the end of the guest by its kernel's own fault.
 */
#ifndef KERNEL_PANIC_H
#define KERNEL_PANIC_H

#include <stdint.h>

struct trap_frame;

/* The text is one line without its end. */
_Noreturn void panic(const char *text);

/* An exception that the kernel cannot have had. */
_Noreturn void panic_fault(const struct trap_frame *frame, uint32_t vector);

#endif
