/* SPDX-License-Identifier: MIT */
/*
 * record.h: takes a record of method `ring` (shared/ring.h) apart: into registers and evidence, as values.
 */
#ifndef VMM_RUN_RECORD_H
#define VMM_RUN_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "evidence.h"
#include "machine/cpu_state.h"
#include "ring.h"
#include "sites.h"

/* A slot, copied out of the guest's memory at once: the guest may go on writing there. */
struct record {
	uint8_t captured[VMM_RING_CAPTURE];
	uint64_t words[VMM_WORDS - VMM_RING_CAPTURE / 8]; /* lowest address first: the last is word 1 */
	uint64_t state, unused;
};
_Static_assert(sizeof(struct record) == VMM_RING_SLOT && offsetof(struct record, state) == VMM_RING_TAIL, "ring.h");

/* When the recorder read it, by the guest's TSC. */
uint64_t record_tsc(const struct record *record);

/* The transition's site, registers and evidence; cr0, cr4 and tss_base are left as they are. NULL: this is no record of
   this kernel's sites, and nothing was changed. */
const struct site *record_decode(const struct record *record, const struct site_table *sites, struct cpu_state *state,
				 struct evidence *evidence);

#endif
