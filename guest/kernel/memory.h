/* SPDX-License-Identifier: MIT */
/*
 * memory.h: copying and filling inside the kernel; the compiler also calls these by itself.
 */
#ifndef KERNEL_MEMORY_H
#define KERNEL_MEMORY_H

#include <stddef.h>

void *memcpy(void *to, const void *from, size_t bytes);
void *memset(void *to, int value, size_t bytes);

/* A few bytes, of a number known when compiling: copied in place. */
#define memcpy(to, from, bytes) __builtin_memcpy(to, from, bytes)

#endif
