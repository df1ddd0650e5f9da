/* SPDX-License-Identifier: MIT */
/*
 * fault.h: an exception in words: which access, by which ring, which entry at which level denies it.
 * Source: AMD APM vol. 2, "Exceptions and Interrupts", "Page-Protection Checks".
 */
#ifndef VMM_RUN_FAULT_H
#define VMM_RUN_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "machine/cpu_state.h"
#include "machine/guest_ram.h"
#include "walk.h"

struct fault {
	unsigned vector;
	unsigned ring; /* of the interrupted code */
	bool has_error;
	uint32_t error;
	gva_t rip;         /* as pushed */
	uint64_t rflags;   /* as pushed */
	bool software_cow; /* this kernel marks copy-on-write pages with PTE_SW_COW */
};

/* "#PF", "#GP", ...; NULL for a vector that is not an exception's. */
const char *exception_name(unsigned vector);

/* Explains the fault by what code bytes and, a page fault, the tables say now, before the kernel's handler ran; walk:
   to CR2, for a page fault. */
void fault_explain(const struct guest_ram *ram, const struct cpu_state *state, const struct fault *fault,
		   const struct walk *walk, char *text, size_t size);

#endif
