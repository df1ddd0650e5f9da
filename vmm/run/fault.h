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
	gva_t rip;                        /* as pushed */
	uint64_t rflags;                  /* as pushed */
	bool software_cow;                /* this kernel marks copy-on-write pages with PTE_SW_COW */
	const struct walk_format *format; /* what this CPU reserves in entries; NULL: not known */
};

/* What denies a page fault's access: the entry and its bit, or a rule of a control register. */
struct fault_denial {
	int depth;           /* of the entry; -1: none of them */
	unsigned bit;        /* its number there, */
	const char *name;    /* its name and value: "W=0"; NULL for a bit that has none */
	const char *verdict; /* in words */
};

/* "#PF", "#GP", ...; NULL for a vector that is not an exception's. */
const char *exception_name(unsigned vector);

/* By the error code, the tables on the way to CR2, and CR0 and CR4. */
struct fault_denial fault_denial(const struct cpu_state *state, const struct fault *fault, const struct walk *walk);

/* Explains the fault by what code bytes and, a page fault, the tables say now, before the kernel's handler ran; walk:
   to CR2, for a page fault. */
void fault_explain(const struct guest_ram *ram, const struct cpu_state *state, const struct fault *fault,
		   const struct walk *walk, char *text, size_t size);

#endif
