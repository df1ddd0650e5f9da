/* SPDX-License-Identifier: MIT */
/*
 * rings.h: the VMM's end of method `ring` (shared/ring.h): prepares each CPU's ring before the start, and takes the
 * records out in the order of their times.
 */
#ifndef VMM_RUN_RINGS_H
#define VMM_RUN_RINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "abi.h"
#include "machine/error.h"
#include "machine/guest_ram.h"
#include "record.h"
#include "sites.h"

/* One CPU's. */
struct ring {
	gva_t base;         /* of its first slot */
	gpa_t slots;        /* the same, physical */
	gpa_t cursor;       /* of the kernel's variable */
	uint64_t taken_tsc; /* time of the last record that was taken */
	unsigned next;      /* the slot that is to be filled next */
	bool closed;        /* the cursor points where nothing is free: the next transition comes by an exit */
};

struct rings {
	struct guest_ram *ram;
	unsigned count; /* CPUs; 0: method `ring` is off, or the kernel has no recorder */
	unsigned slots; /* each; one more is never free */
	struct ring cpus[VMM_CPUS_MAX];
	uint64_t taken;   /* records in all */
	uint64_t refused; /* that were none of this kernel's: nothing is known of them */
};

/* Fills in cursors, slots and plans. memory: where the ring's page lies, TRACE_RINGS_SIZE bytes of RAM, mapped at
   TRACE_RINGS. False: the kernel's struct vmm_rings cannot be used. */
bool rings_open(struct rings *rings, const struct site_table *sites, struct guest_ram *ram, gpa_t cr3, gpa_t memory,
		unsigned cpus, struct vmm_error *error);

/* Takes the oldest record of all rings that is not younger than `limit` (guest's TSC); which CPU wrote it goes to *cpu.
   False: there is none. */
bool rings_take(struct rings *rings, uint64_t limit, struct record *record, unsigned *cpu);

/* The latest time in the records of this CPU that have not been taken; 0: there are none. */
uint64_t ring_newest(const struct rings *rings, unsigned cpu);

/* Is this CPU's recorder between taking the time and finishing its record? */
bool ring_is_writing(const struct rings *rings, unsigned cpu);

/* Makes the next transition of the CPU, which stands still, come by an exit; and takes that back, or begins at the
   start again if the end was reached. */
void ring_close(struct rings *rings, unsigned cpu);
void ring_reopen(struct rings *rings, unsigned cpu);

#endif
