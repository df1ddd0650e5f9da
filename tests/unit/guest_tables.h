/* SPDX-License-Identifier: MIT */
/*
 * guest_tables.h: guest RAM with page tables in it, written entry by entry, apart from the code under test.
 */
#ifndef TESTS_UNIT_GUEST_TABLES_H
#define TESTS_UNIT_GUEST_TABLES_H

#include "layout.h"
#include "machine/guest_ram.h"

#define GUEST_RAM_SIZE (UINT64_C(8) << 20)
#define GUEST_ALL      (PTE_P | PTE_W | PTE_U)

struct guest {
	struct guest_ram ram;
	gpa_t root;
	gpa_t next; /* first unused frame */
};

/* RAM with an empty top-level table. */
void guest_open(struct guest *guest);
void guest_close(struct guest *guest);

/* A zeroed frame. */
gpa_t guest_frame(struct guest *guest);

/* The entry of gva at depth 0 (PML4E) to 3 (PTE); the tables above it are made, with all rights. */
uint64_t *guest_entry(struct guest *guest, gva_t gva, unsigned depth);
uint64_t *guest_entry_of(struct guest *guest, gpa_t root, gva_t gva, unsigned depth);

/* Maps one 4 KiB page with these flags to a new frame, whose address is returned. */
gpa_t guest_map(struct guest *guest, gva_t gva, uint64_t flags);

/* Copies bytes into the page that is mapped at gva; both ends must lie in it. */
void guest_poke(struct guest *guest, gva_t gva, const void *bytes, uint64_t count);

#endif
