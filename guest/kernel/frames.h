/* SPDX-License-Identifier: MIT */
/*
 * frames.h: physical memory, a 4 KiB frame at a time, with a count of owners.
 */
#ifndef KERNEL_FRAMES_H
#define KERNEL_FRAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "boot_info.h"

typedef uint64_t phys_t; /* a physical address; 0 stands for "no frame" */

/* What the kernel knows about a frame; one for each frame of the RAM, from where free memory begins. A fresh frame has
   0 here, which is right for both kinds: nothing to write. */
union frame_info {
	uint64_t sharers; /* of a page: owners beyond the first */
	uint64_t groups;  /* of a page table: bit n is set if one of the entries 8n to 8n+7 was ever used */
};

static inline void *phys_to_virt(phys_t phys)
{
	return (void *)(DIRECT_MAP + phys);
}

static inline phys_t virt_to_phys(const void *virt)
{
	return (uint64_t)virt - DIRECT_MAP;
}

static inline union frame_info *frame_info(phys_t frame)
{
	union frame_info *infos = phys_to_virt(boot_info->free_start);

	return &infos[frame >> PAGE_SHIFT];
}

/* A frame with one owner: of any content, or zeroed. 0: there is none left. */
phys_t frame_take(void);
phys_t frame_take_zeroed(void);

/* Up to *count frames in a row that were never used, and so hold zeros; *count becomes how many. 0: there are none. */
phys_t frames_take_run(unsigned *count);

/* One owner more, one owner less. A frame that the VMM filled before the start is never used again. */
void frame_share(phys_t frame);
void frame_drop(phys_t frame);

/* frame_drop() of what entries of the last level of page tables map, which become 0. False: there was none. */
bool frames_drop_entries(uint64_t *entries, unsigned count);

/* As frame_drop, of a frame with one owner who knows that it holds zeros only. */
void frame_drop_zeroed(phys_t frame);

/* to = from, a whole frame. */
void frame_copy(phys_t to, phys_t from);

/* How many could be taken now. */
uint64_t frames_free(void);

#endif
