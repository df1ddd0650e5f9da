/* SPDX-License-Identifier: MIT */
/*
 * access.h: what the CPU will do about one access, by the tables and control registers of a moment: go on, or which
 * exception with which error code, and which bit decides.
 * Source: AMD APM vol. 2, "Page-Protection Checks", "#PF: Page-Fault Exception", "Canonical Address Form".
 */
#ifndef VMM_RUN_ACCESS_H
#define VMM_RUN_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "fault.h"
#include "machine/cpu_state.h"
#include "machine/guest_ram.h"
#include "walk.h"

#define ACCESS_TEXT 192

enum access_operation { ACCESS_READ, ACCESS_WRITE, ACCESS_EXECUTE };

/* One byte, in 64-bit mode, with RFLAGS.AC=0. */
struct access {
	unsigned ring; /* 3 or 0 */
	enum access_operation operation;
	bool stack; /* the address comes from rsp or rbp: a wrong one is #SS, not #GP */
	gva_t gva;
};

/* What counts beside tables and registers. */
struct access_rules {
	struct walk_format format;
	bool software_cow; /* this kernel marks copy-on-write pages with PTE_SW_COW; for the words */
};

struct prediction {
	bool known; /* false: not the CPU's affair alone (why says whose) */
	bool faults;
	unsigned vector; /* VECTOR_PF, VECTOR_GP or VECTOR_SS */
	uint32_t error;
	struct walk walk;
	struct fault_denial denial; /* of a page fault */
	char why[ACCESS_TEXT];      /* in the report's words */
};

/* `state` gives CR0, CR3, CR4 and EFER. */
void access_predict(const struct guest_ram *ram, const struct cpu_state *state, const struct access_rules *rules,
		    const struct access *access, struct prediction *prediction);

/* NULL: paging is of the kind that access_predict() knows. Otherwise what it is that it does not know. */
const char *access_unknown_paging(const struct cpu_state *state);

#endif
