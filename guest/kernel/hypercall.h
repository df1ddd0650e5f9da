/* SPDX-License-Identifier: MIT */
/*
 * hypercall.h: how the kernel asks the VMM for something. Numbers and meaning: abi.h.
 */
#ifndef KERNEL_HYPERCALL_H
#define KERNEL_HYPERCALL_H

#include <stddef.h>
#include <stdint.h>

#include "abi.h"

/* Returns 0 or a count, or a negative errno. */
static inline int64_t hypercall(uint32_t number, uint64_t first, uint64_t second, uint64_t third)
{
	uint64_t result = number;
	register uint64_t last asm("rcx") = third;

	asm volatile("outl %%eax, %%dx"
		     : "+a"(result)
		     : "d"(VMM_PORT_HYPERCALL), "D"(first), "S"(second), "r"(last)
		     : "memory");
	return (int64_t)result;
}

#endif
