/* SPDX-License-Identifier: MIT */
/* memory.h: what the calls about memory share. */
#ifndef LINUX_MEMORY_H
#define LINUX_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "x86.h"

static inline uint64_t page_up(uint64_t address)
{
	return (address + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
}

/* More than this machine can ever have, so not worth promising? */
bool memory_is_too_much(uint64_t bytes);

#endif
