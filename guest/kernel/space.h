/* SPDX-License-Identifier: MIT */
/*
 * space.h: an address space: what a process may have where (regions), and what it has (page tables).
 */
#ifndef KERNEL_SPACE_H
#define KERNEL_SPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "page_table.h"

/* A range of the user half in which all pages are treated alike; page aligned, [start, end). */
struct region {
	struct region *next; /* sorted by address; none overlap */
	uint64_t start, end;
	uint32_t rights; /* VMM_RIGHT_*; 0, or R with or without others: page tables cannot forbid reading alone */
	bool shared; /* fork shares its pages, instead of copying them on write; they are populated from the start */
};

struct space {
	phys_t root;    /* CR3 */
	unsigned users; /* processes: more than one after vfork */
	struct region *regions;
	struct region *recent;   /* where the latest fault was; NULL: unknown */
	uint64_t brk_start, brk; /* the heap: brk as the program asked for it, not rounded */
	/* Of the VMM's space, what nobody has needed so far and so nobody has taken over from it: */
	bool boot_regions; /* regions and brk, which are in the boot information */
	bool boot_tables;  /* the tables, of which frame_info knows nothing */
};

enum fault_result {
	FAULT_RESOLVED,
	FAULT_NO_REGION,
	FAULT_FORBIDDEN, /* a region, but without this right */
	FAULT_PAST_FILE, /* a mapped file has no such page */
	FAULT_NO_MEMORY,
};

/* Gives the VMM's space its regions. Must be called before anything else here sees it; current_space() (process.h) does
   so. */
void space_take_boot_regions(struct space *space);

/* For fork: the same regions, the same pages. `space` must be the current one. NULL: no memory. */
struct space *space_copy(struct space *space);

/* One user less; the last one's space goes. The CPU must not be using it. */
void space_drop(struct space *space);

/* Makes a page present and accessible after a page fault with this error code. */
enum fault_result space_fault(struct space *space, uint64_t address, uint64_t error);

/* The frame at an address in memory that fork shares; 0: there is none there, or it is not such memory. */
phys_t space_shared_frame(struct space *space, uint64_t address);

/* Is there a region in [start, end)? */
bool space_overlaps(const struct space *space, uint64_t start, uint64_t end);

/* Up to where regions cover [start, end) without a hole. */
uint64_t space_covered(const struct space *space, uint64_t start, uint64_t end);

/* The highest gap of `bytes` for a mapping that may lie anywhere; 0: none. */
uint64_t space_find_gap(const struct space *space, uint64_t bytes);

/* These take page-aligned ranges inside the user half, and act on the current address space. */
bool space_map(struct space *space, uint64_t start, uint64_t end, uint32_t rights, bool shared); /* no overlap */
bool space_unmap(struct space *space, uint64_t start, uint64_t end);
bool space_protect(struct space *space, uint64_t start, uint64_t end, uint32_t rights);

/* Gives every page in the range a frame now. */
bool space_populate(struct space *space, uint64_t start, uint64_t end);

#endif
