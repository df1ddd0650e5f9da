/* SPDX-License-Identifier: MIT */
/*
 * walk.h: reads the guest's live page tables, as the CPU would. Four-level paging (CR4.LA57 = 0).
 * Source: AMD APM vol. 2, "Long-Mode Page Translation", "Page-Protection Checks".
 */
#ifndef VMM_RUN_WALK_H
#define VMM_RUN_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "layout.h"
#include "machine/guest_ram.h"

#define WALK_LEVELS 4

/* The way of one address through the tables. entries[0] is the PML4E. */
struct walk {
	unsigned levels; /* entries that were read */
	struct {
		uint64_t entry;
		unsigned index;
	} entries[WALK_LEVELS];
	bool canonical;
	bool outside;  /* the next table would lie outside the RAM */
	bool present;  /* it leads to a page */
	uint64_t page; /* PAGE_SIZE, LARGE_PAGE_SIZE or HUGE_PAGE_SIZE */
	gpa_t gpa;     /* of the byte asked for */
	/* effective: AND over all levels */
	bool user, writable, executable;
};

void walk_address(const struct guest_ram *ram, gpa_t cr3, gva_t gva, struct walk *walk);

/* The same from the entries of all four levels, read before; those behind one that leads no further do not count. */
void walk_recorded(const struct guest_ram *ram, const uint64_t entries[WALK_LEVELS], gva_t gva, struct walk *walk);
/* What of an entry's format depends on the CPU. */
struct walk_format {
	unsigned physical_bits; /* of an address, at most 52 (CPUID Fn8000_0008) */
	bool huge_pages;        /* 1 GiB pages (CPUID Fn8000_0001) */
	bool no_execute;        /* EFER.NXE */
};

/* The first present entry on the way that has bits set which the CPU reserves: its depth, and the bits; -1: none.
   AMD APM vol. 2, "Long-Mode Page Translation": "reserved, must be zero". */
int walk_reserved(const struct walk *walk, const struct walk_format *format, uint64_t *bits);

/* The manual's name of an entry at depth 0..3: "PML4E", "PDPE", "PDE", "PTE". */
const char *walk_entry_name(unsigned depth);

/* Reads count bytes at gva through the tables, page by page, with ring-0 rights (present is enough).
   Returns the number of bytes read before the first page that is missing. */
uint64_t walk_read(const struct guest_ram *ram, gpa_t cr3, gva_t gva, void *to, uint64_t count);

/* The same for writing; stops also at a page that ring 0 may not write (CR0.WP = 1). */
uint64_t walk_write(struct guest_ram *ram, gpa_t cr3, gva_t gva, const void *from, uint64_t count);

/* One mapped page found by walk_pages(). */
struct walk_page {
	gva_t gva;
	gpa_t gpa;
	uint64_t size;
	bool user, writable, executable;
	bool cow; /* PTE_SW_COW in its entry */
	uint64_t entry;
};

struct walk_totals {
	uint64_t user_tables; /* table pages below the lower half, without the root */
	uint64_t kernel_tables;
	uint64_t problems; /* entries that lead outside the RAM */
	bool cut_short;    /* more tables than allowed */
};

/* Calls back for each mapped page, in ascending order of address, until `found` returns false or *tables tables have
   been visited (a guest's tables may lead in circles); what is left of that number is in *tables afterwards. */
void walk_pages(const struct guest_ram *ram, gpa_t cr3, bool (*found)(void *context, const struct walk_page *page),
		void *context, uint64_t *tables, struct walk_totals *totals);

#endif
