/* SPDX-License-Identifier: MIT */
/*
 * page_table.h: the four-level tables that the CPU walks. Knows pages and frames, but not who may have them.
 */
#ifndef KERNEL_PAGE_TABLE_H
#define KERNEL_PAGE_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "frames.h"
#include "x86.h"

typedef uint64_t pte_t;

/*
 * Bits left to software, in the last level:
 *   PTE_SW_COW (x86.h)  not writable only because the frame has, or had, other owners
 *   PTE_SW_SHARED       a page of a shared mapping: after fork both processes write to the same frame
 *   PTE_SW_CACHED       the frame is the page cache's, unchanged: whoever lacks it gets it by a fault
 * An entry that is not present but not zero keeps its frame: that of a page with no rights at all.
 */
#define PTE_SW_SHARED X86_U64(0x400)
#define PTE_SW_CACHED X86_U64(0x800)

/* A new top-level table with the kernel half, and an empty user half; 0: no memory. */
phys_t page_table_new(void);

/* The last-level entry of an address, making the tables above it; NULL: no memory for one. */
pte_t *page_table_entry(phys_t root, uint64_t address);

/* The same, but makes nothing; NULL: no table there, so no page. */
pte_t *page_table_find(phys_t root, uint64_t address);

/* Puts a page there. All new entries go through this: it keeps frame_info.groups of the table. */
void page_table_set(pte_t *entry, pte_t value);

/* Fills those of `count` entries, of one table, that are empty: entry i with frames[i], if that is not 0, and `bits`.
   Each such frame gets one owner more. For the fault path: a few instructions an entry. */
void page_table_fill(pte_t *entries, const phys_t *frames, unsigned count, pte_t bits);

/* The other way round: notes those frames below `end` that nobody may write to, with one owner more, and marks their
   entries PTE_SW_CACHED. */
void page_table_collect(pte_t *entries, phys_t *frames, unsigned count, phys_t end);

/* Gives `child`, new and empty, all pages of `parent`'s user half, but for those with PTE_SW_CACHED: shared ones as
   they are, others copy-on-write in both. The caller flushes the parent's TLB. On false (no memory) the child holds a
   part. */
bool page_table_copy(phys_t child, phys_t parent);

/* Removes all pages in [start, end), and the tables that lie in it as a whole. True: the TLB has to be flushed. */
bool page_table_remove(phys_t root, uint64_t start, uint64_t end);

/* Gives all pages in [start, end) other rights: PTE_P, PTE_U, PTE_W and PTE_NX of `rights`. True as above. */
bool page_table_protect(phys_t root, uint64_t start, uint64_t end, pte_t rights);

/* Moves all pages in [from, from + bytes) to `to`, where there are none. False: no memory for a table, nothing was
   moved. The caller flushes the TLB. */
bool page_table_move(phys_t root, uint64_t from, uint64_t to, uint64_t bytes);

/* Frees all pages and tables of an address space that the CPU is not using, but for the kernel half. */
void page_table_free(phys_t root);

/* For tables that the VMM made: notes in frame_info.groups that every page in [start, end) is mapped. */
void page_table_adopt(phys_t root, uint64_t start, uint64_t end);

#endif
