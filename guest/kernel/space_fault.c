/* SPDX-License-Identifier: MIT */
/*
 * space_fault.c: pages into an address space: zeros, copies of what others have, pages of files.
 */
#include "boot_info.h"
#include "cpu.h"
#include "scheduler.h"
#include "space_parts.h"

pte_t space_page_bits(uint32_t rights)
{
	if (rights == 0)
		return PTE_NX;
	return PTE_P | PTE_U | (rights & VMM_RIGHT_W ? PTE_W : 0) | (rights & VMM_RIGHT_X ? 0 : PTE_NX);
}

/* A write to a page that is read-only because its frame may have other owners. */
static enum fault_result copy_on_write(const struct space *space, pte_t *entry, uint64_t address)
{
	phys_t old = *entry & PTE_ADDRESS, copy = old;

	if (frame_info(old)->sharers != 0) {
		copy = frame_take();
		if (copy == 0)
			return FAULT_NO_MEMORY;
		cpus_park(space); /* others may read the old frame, and must not go on with it */
		frame_copy(copy, old);
		frame_drop(old);
	}
	*entry = copy | (*entry & ~(PTE_ADDRESS | PTE_SW_COW | PTE_SW_CACHED)) | PTE_W;
	invalidate_page(address);
	return FAULT_RESOLVED;
}

/* A page of zeros. */
static enum fault_result new_page(const struct region *region, pte_t *entry)
{
	phys_t frame = frame_take_zeroed();

	if (frame == 0)
		return FAULT_NO_MEMORY;
	page_table_set(entry, frame | space_page_bits(region->rights) | (region->shared ? PTE_SW_SHARED : 0));
	return FAULT_RESOLVED;
}

/* What maps a frame that belongs to the page cache. */
static pte_t cached_page_bits(const struct region *region)
{
	pte_t bits = space_page_bits(region->rights) | PTE_SW_CACHED;

	return bits & PTE_W ? (bits & ~PTE_W) | PTE_SW_COW : bits;
}

/*
 * Maps those pages around a page of a file that the cache has as well: a program that needs one will need others, and a
 * fault is dearer than an entry. `entry` belongs to `address`.
 */
static void map_around(const struct region *region, pte_t *entry, uint64_t address, pte_t bits)
{
	const uint64_t bytes = PAGE_CACHE_AROUND * PAGE_SIZE;
	uint64_t low = address & ~(bytes - 1), first = low > region->start ? low : region->start;
	uint64_t end = low + bytes < region->end ? low + bytes : region->end;
	uint64_t page = (region->offset + (address - region->start)) >> PAGE_SHIFT;
	uint64_t back = (address - first) >> PAGE_SHIFT;
	unsigned count, wanted;
	const phys_t *frames;

	if (back > (page & (PAGE_TABLE_ENTRIES - 1))) /* not in the same leaf of the cache */
		back = page & (PAGE_TABLE_ENTRIES - 1);
	frames = page_cache_frames(region->file, page - back, &count);
	wanted = (unsigned)((end - address) >> PAGE_SHIFT) + (unsigned)back;
	page_table_fill(entry - back, frames, count < wanted ? count : wanted, bits);
}

static enum fault_result file_page(const struct region *region, pte_t *entry, uint64_t address, bool write)
{
	uint64_t page = (region->offset + (address - region->start)) >> PAGE_SHIFT;
	phys_t frame, copy;

	switch (page_cache_take(region->file, page, &frame)) {
	case PAGE_CACHE_FOUND:
		break;
	case PAGE_CACHE_PAST_FILE:
		return FAULT_PAST_FILE;
	case PAGE_CACHE_NO_MEMORY:
		return FAULT_NO_MEMORY;
	}
	if (!write) {
		pte_t bits = cached_page_bits(region);

		page_table_set(entry, frame | bits);
		map_around(region, entry, address, bits);
		return FAULT_RESOLVED;
	}
	copy = frame_take();
	if (copy != 0) {
		frame_copy(copy, frame);
		page_table_set(entry, copy | space_page_bits(region->rights));
	}
	frame_drop(frame);
	return copy != 0 ? FAULT_RESOLVED : FAULT_NO_MEMORY;
}

enum fault_result space_fault(struct space *space, uint64_t address, uint64_t error)
{
	uint32_t needed = error & PF_W ? VMM_RIGHT_W : error & PF_I ? VMM_RIGHT_X : VMM_RIGHT_R;
	const struct region *region = space_region(space, address);
	pte_t *entry;

	if (region == NULL)
		return FAULT_NO_REGION;
	if (!(region->rights & needed))
		return FAULT_FORBIDDEN;
	entry = page_table_entry(space->root, address);
	if (entry == NULL)
		return FAULT_NO_MEMORY;
	if (*entry == 0)
		return region->file == NULL ? new_page(region, entry)
					    : file_page(region, entry, address & ~(PAGE_SIZE - 1), error & PF_W);
	if ((*entry & PTE_SW_COW) && (error & PF_W))
		return copy_on_write(space, entry, address);
	invalidate_page(address); /* the entry allows it: the TLB knew an older one */
	return FAULT_RESOLVED;
}

phys_t space_shared_frame(struct space *space, uint64_t address)
{
	const struct region *region = space_region(space, address);
	const pte_t *entry;

	if (region == NULL || !region->shared)
		return 0;
	entry = page_table_entry(space->root, address);
	return entry != NULL && (*entry & PTE_P) ? *entry & PTE_ADDRESS : 0;
}

bool space_put(struct space *space, uint64_t address, phys_t frame)
{
	const struct region *region = space_region(space, address);
	pte_t *entry = page_table_entry(space->root, address);

	if (entry == NULL)
		return false;
	page_table_set(entry, frame | space_page_bits(region->rights));
	return true;
}

bool space_populate(struct space *space, uint64_t start, uint64_t end)
{
	for (uint64_t address = start; address < end; address += PAGE_SIZE) {
		pte_t *entry = page_table_entry(space->root, address);
		const struct region *region = space_region(space, address);
		enum fault_result result = FAULT_RESOLVED;

		if (entry == NULL)
			return false;
		if (*entry == 0)
			result = region->file == NULL ? new_page(region, entry)
						      : file_page(region, entry, address, false);
		if (result != FAULT_RESOLVED)
			return false;
	}
	return true;
}
