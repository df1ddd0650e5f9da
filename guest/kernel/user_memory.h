/* SPDX-License-Identifier: MIT */
/*
 * user_memory.h: the only ways by which the kernel touches memory of ring 3. An address that is not the current
 * process's to use gives -EFAULT; a page that is not there yet is brought in.
 */
#ifndef KERNEL_USER_MEMORY_H
#define KERNEL_USER_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "layout.h"

/* Does [address, address + bytes) lie in the user half? */
static inline bool user_range(uint64_t address, uint64_t bytes)
{
	return address <= USER_TOP && bytes <= USER_TOP - address;
}

/* 0 or -EFAULT; then a part may have been copied. */
int64_t copy_from_user(void *to, uint64_t from, size_t bytes);
int64_t copy_to_user(uint64_t to, const void *from, size_t bytes);

/* A string with its NUL, at most `size` bytes with it. Returns its length, -EFAULT or -ENAMETOOLONG. */
int64_t copy_string_from_user(char *to, uint64_t from, size_t size);

/*
 * Moves data between the VMM and user memory directly: hypercall(number, first, address, bytes), after the pages have
 * been made accessible (for writing, if `write`). Returns the hypercall's result; fewer bytes are moved if only a first
 * part is accessible.
 */
int64_t user_hypercall(uint32_t number, uint64_t first, uint64_t address, uint64_t bytes, bool write);

/* How many bytes from `address` on are accessible, after bringing in what can be. */
uint64_t user_bring_in(uint64_t address, uint64_t bytes, bool write);

/* A hypercall (hypercall.h) with the right to touch user memory. */
int64_t user_access_hypercall(uint32_t number, uint64_t first, uint64_t second, uint64_t third);

/* Changes a word from `old` to `new` as one step; 1: it was not `old`; -EFAULT. */
int64_t user_exchange(uint64_t address, uint32_t old, uint32_t new);

/* Where the kernel goes on if the instruction at rip faults on a user address; 0: nowhere. */
uint64_t user_fixup(uint64_t rip);

#endif
