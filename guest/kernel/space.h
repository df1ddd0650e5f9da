/* SPDX-License-Identifier: MIT */
/*
 * space.h: an address space: what a process may have where (regions), and what it has (page tables).
 */
#ifndef KERNEL_SPACE_H
#define KERNEL_SPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "page_cache.h"
#include "page_table.h"

/* A range of the user half in which all pages are treated alike; page aligned, [start, end). */
struct region {
	struct region *next; /* sorted by address; none overlap */
	uint64_t start, end;
	uint32_t rights; /* VMM_RIGHT_*; 0, or R with or without others: page tables cannot forbid reading alone */
	bool shared;     /* fork shares its pages, instead of copying them on write; they are populated from the start.
			    Of a file: never writable */
	bool no_copy;    /* its content is nowhere else: what the VMM loaded */
	struct mapped_file *file; /* what its pages are copies of; NULL: of nothing, zeros. Held */
	uint64_t offset;          /* in the file, of `start` */
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

/* An empty one. NULL: no memory. */
struct space *space_new(void);

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

/* The region that an address is in; NULL: none. */
const struct region *space_region(struct space *space, uint64_t address);

/* Maps what `wanted` says, whose file, if it has one, is held for it; nothing may be mapped there. The space need not
   be the current one. False: no memory. */
bool space_map(struct space *space, const struct region *wanted);

/* Puts a frame, which has no other owner, at a page of a region where there is none. The space need not be the current
   one. False: no memory; the frame stays the caller's. */
bool space_put(struct space *space, uint64_t address, phys_t frame);

/* These take page-aligned ranges inside the user half, and act on the current address space. */
bool space_unmap(struct space *space, uint64_t start, uint64_t end);
bool space_protect(struct space *space, uint64_t start, uint64_t end, uint32_t rights);

/* Moves what is mapped in [from, from + bytes), part of one region, to `to`, and makes it new_bytes long; nothing is
   mapped there. False: no memory, nothing has changed. */
bool space_move(struct space *space, uint64_t from, uint64_t bytes, uint64_t to, uint64_t new_bytes);

/* Forgets the pages of private regions in the range: they will be as mapped anew. */
void space_forget(struct space *space, uint64_t start, uint64_t end);

/* Is there a page in the tables? */
bool space_is_present(const struct space *space, uint64_t address);

/* Gives every page in the range a frame now. */
bool space_populate(struct space *space, uint64_t start, uint64_t end);

#endif
