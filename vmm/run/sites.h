/* SPDX-License-Identifier: MIT */
/*
 * sites.h: the trace sites of a kernel (shared/trace.h): where they are, what each stands for, which are armed.
 */
#ifndef VMM_RUN_SITES_H
#define VMM_RUN_SITES_H

#include <stdbool.h>
#include <stddef.h>

#include "abi.h"
#include "boot/elf_image.h"
#include "machine/guest_ram.h"

/* What the user wants to see (-e). */
enum trace_events {
	TRACE_SYSCALL = 1,
	TRACE_INT = 2,
	TRACE_EXCEPTION = 4,
	TRACE_INTERRUPT = 8, /* and NMI */
	TRACE_RETURN = 16,
	TRACE_EXIT = 32, /* the guest's own VM exits: shown or not, they happen */
	TRACE_ENTRIES = 15,
	TRACE_ALL = 63,
	TRACE_TRANSITIONS = 31,
};

struct site {
	gva_t address;
	unsigned kind, vector, dpl, quirk;
	bool armed; /* its `out` is in place */
};

struct site_table {
	struct site *items; /* by address */
	size_t count, room;
	bool linux_abi;
	gva_t process_table;               /* 0: the kernel keeps none */
	bool quirks;                       /* this host has the quirks of trace.h */
	bool emulate_syscall, emulate_int; /* and the kernel leaves them to the VMM */
	bool calibrated;
	unsigned rip_behind; /* bytes that rip stands behind a site at its exit: 0 or 2, by host */
};

/* Checks each site of the kernel against the code in RAM and arms those that `traced` (TRACE_*) needs; the others
   become no-ops. cr3: the tables of the start. quirks: wire what this host's quirks need. */
bool site_table_open(struct site_table *table, const struct elf_image *kernel, struct guest_ram *ram, gpa_t cr3,
		     unsigned traced, bool quirks, struct vmm_error *error);
void site_table_close(struct site_table *table);

/* The armed site behind an `out` to `port` of `size` bytes with the CPU at rip; NULL: the guest's own `out`. */
const struct site *site_at_exit(struct site_table *table, gva_t rip, uint64_t port, unsigned size);

/* The site of this kind and vector, NULL if there is none. */
const struct site *site_find(const struct site_table *table, unsigned kind, unsigned vector);

/* The site at exactly this address, NULL if there is none. */
const struct site *site_at(const struct site_table *table, gva_t address);

/* What the VMM cannot do for this kernel on this host, in words; NULL: nothing. */
const char *site_table_gap(const struct site_table *table);

/* How many armed sites no longer hold their `out`, by the tables of cr3: the guest has changed its own code. */
size_t site_table_damaged(const struct site_table *table, const struct guest_ram *ram, gpa_t cr3);

/* Which of TRACE_* an entry through this site may be. */
unsigned site_events(const struct site_table *table, const struct site *site);

#endif
