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
	gva_t shown; /* what the report names: the same, or the site that a stand-in stands for */
	unsigned kind, vector, dpl, quirk;
	int recorder;  /* from address to its recorder; 0: none */
	bool stand_in; /* an `out` of a recorder */
	bool armed;    /* its `out` is in place */
	bool recorded; /* it jumps to its recorder */
};

struct site_table {
	struct site *items; /* by address */
	size_t count, room;
	bool linux_abi;
	gva_t process_table;               /* 0: the kernel keeps none */
	gva_t rings;                       /* its struct vmm_rings; 0: it has no recorder */
	bool quirks;                       /* this host has the quirks of trace.h */
	bool emulate_syscall, emulate_int; /* and the kernel leaves them to the VMM */
	bool calibrated;
	unsigned rip_behind; /* bytes that rip stands behind a site at its exit: 0 or 2, by host */
};

struct site_request {
	const struct elf_image *kernel;
	gpa_t cr3;       /* the tables of the start */
	unsigned traced; /* TRACE_*: what the sites are needed for */
	bool quirks;     /* wire what this host's quirks need */
	bool ring;       /* method `ring`: to the recorder, where there is one */
	bool switches;   /* with it: changes of CR3 matter, too */
};

/* Checks each site of the kernel against the code in RAM and arms those that are needed; the others become no-ops. */
bool site_table_open(struct site_table *table, const struct site_request *request, struct guest_ram *ram,
		     struct vmm_error *error);
void site_table_close(struct site_table *table);

/* The armed site behind an `out` to `port` of `size` bytes with the CPU at rip; NULL: the guest's own `out`. */
const struct site *site_at_exit(struct site_table *table, gva_t rip, uint64_t port, unsigned size);

/* The site of this kind and vector, not a stand-in; NULL if there is none. */
const struct site *site_find(const struct site_table *table, unsigned kind, unsigned vector);

/* The site at exactly this address, NULL if there is none. */
const struct site *site_at(const struct site_table *table, gva_t address);

/* What the VMM cannot do for this kernel on this host, in words; NULL: nothing. */
const char *site_table_gap(const struct site_table *table);

/* How many sites no longer hold the `out` or jump that they were given, by the tables of cr3: the guest has changed its
 * own code. */
size_t site_table_damaged(const struct site_table *table, const struct guest_ram *ram, gpa_t cr3);

/* Which of TRACE_* an entry through this site may be. */
unsigned site_events(const struct site_table *table, const struct site *site);

#endif
