/* SPDX-License-Identifier: MIT */
/*
 * page_tables.h: writes four-level page tables into guest RAM, and hands out the frames for them.
 * Source: AMD APM vol. 2, "Long-Mode Page Translation".
 */
#ifndef VMM_BOOT_PAGE_TABLES_H
#define VMM_BOOT_PAGE_TABLES_H

#include <stdbool.h>
#include <stdint.h>

#include "machine/guest_ram.h"

/* Frames in the order in which they are asked for, from the bottom of the RAM. */
struct frame_allocator {
	struct guest_ram *ram;
	gpa_t end;  /* of what there is to hand out */
	gpa_t next; /* first frame that nobody has; everything above it is zero */
};

/* The first of `count` frames that follow each other, zeroed; 0 when the RAM is full (frame 0 is never given). */
gpa_t frames_allocate(struct frame_allocator *frames, uint64_t count);

/* Maps `count` pages of page_size (PAGE_SIZE or LARGE_PAGE_SIZE) from gva on, in the tables below root, to frames that
   follow each other from gpa on. `flags` are the PTE_* bits of the last entry; the entries above it allow everything
   that the half of the address space permits, so that the last one decides. Returns false when there is no frame for a
   table. */
bool page_tables_map(struct frame_allocator *frames, gpa_t root, gva_t gva, gpa_t gpa, uint64_t count,
		     uint64_t page_size, uint64_t flags);

/* The PTE_* bits for a page with these rights (VMM_RIGHT_*), ring 3's if user. */
uint64_t page_flags(unsigned rights, bool user);

#endif
