/* SPDX-License-Identifier: MIT */
/*
 * evidence.h: what method `ring` has recorded of a transition besides registers. With method `trap` the same is read
 * from the guest's memory while the CPU stands at the site.
 */
#ifndef VMM_RUN_EVIDENCE_H
#define VMM_RUN_EVIDENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "machine/guest_ram.h"
#include "ring.h"
#include "walk.h"
#include "x86.h"

struct evidence {
	struct x86_interrupt_frame frame; /* that the CPU pushed, or will pop; ss is not recorded */
	uint32_t error;
	bool quirk_syscall;         /* a page fault in place of `syscall` (trace.h) */
	gva_t stack_top;            /* of the thread's kernel stack */
	uint64_t walk[WALK_LEVELS]; /* a page fault: the entries on the way to CR2 */
	gva_t captured;             /* bytes of user memory from here on */
	uint32_t captured_count;
	uint8_t bytes[VMM_RING_CAPTURE];
};

/* A program's memory: as it was recorded, or as it is. */
struct user_memory {
	const struct guest_ram *ram;
	gpa_t cr3;
	const struct evidence *evidence; /* NULL: as it is */
};

#endif
