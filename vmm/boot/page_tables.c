/* SPDX-License-Identifier: MIT */
/* page_tables.c: builds the tables that the guest starts on. */
#include "page_tables.h"

#include "abi.h"

#define LEVELS 4

gpa_t frames_allocate(struct frame_allocator *frames, uint64_t count)
{
	gpa_t first = frames->next;

	if (count > (frames->end - first) / PAGE_SIZE)
		return 0;
	frames->next += count * PAGE_SIZE;
	return first;
}

/* Level 4 is the top (PML4), level 1 the last (PT). */
static unsigned table_index(gva_t gva, unsigned level)
{
	return (gva >> (PAGE_SHIFT + 9 * (level - 1))) % PAGE_TABLE_ENTRIES;
}

/* The frame of a new table; 0: none. The table is zero already, but a page that is read before it is written to costs
   the host two faults. */
static gpa_t new_table(struct frame_allocator *frames)
{
	gpa_t table = frames_allocate(frames, 1);
	uint64_t *entries = gpa_to_hva(frames->ram, table, PAGE_SIZE);

	if (table != 0 && entries != NULL)
		*entries = 0;
	return table;
}

/* The entry of gva at `level`, with the tables above it made where they are missing. */
static uint64_t *entry_at(struct frame_allocator *frames, gpa_t root, gva_t gva, unsigned level)
{
	gpa_t table = root;

	for (unsigned above = LEVELS;; above--) {
		uint64_t *entries = gpa_to_hva(frames->ram, table, PAGE_SIZE);
		uint64_t *entry;

		if (entries == NULL)
			return NULL;
		entry = &entries[table_index(gva, above)];
		if (above == level)
			return entry;
		if (!(*entry & PTE_P)) {
			gpa_t below = new_table(frames);

			if (below == 0)
				return NULL;
			*entry = below | PTE_P | PTE_W | (gva < USER_HALF_END ? PTE_U : 0);
		}
		table = *entry & PTE_ADDRESS;
	}
}

bool page_tables_map(struct frame_allocator *frames, gpa_t root, gva_t gva, gpa_t gpa, uint64_t count,
		     uint64_t page_size, uint64_t flags)
{
	unsigned level = page_size == PAGE_SIZE ? 1 : 2;
	uint64_t bits = flags | PTE_P | (page_size == PAGE_SIZE ? 0 : PTE_PS), *entry = NULL;

	for (uint64_t i = 0; i < count; i++) {
		gva_t page = gva + i * page_size;

		entry = entry != NULL && table_index(page, level) != 0 ? entry + 1
								       : entry_at(frames, root, page, level);
		if (entry == NULL)
			return false;
		*entry = (gpa + i * page_size) | bits;
	}
	return true;
}

uint64_t page_flags(unsigned rights, bool user)
{
	return (user ? PTE_U : 0) | (rights & VMM_RIGHT_W ? PTE_W : 0) | (rights & VMM_RIGHT_X ? 0 : PTE_NX);
}
