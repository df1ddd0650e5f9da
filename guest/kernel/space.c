/* SPDX-License-Identifier: MIT */
/*
 * space.c: regions: a sorted list for each address space, changed by splitting at both ends of a range and then
 * treating the regions in between as wholes.
 */
#include "space.h"

#include "boot_info.h"
#include "cpu.h"
#include "layout.h"
#include "pool.h"
#include "scheduler.h"

static struct pool regions = POOL_OF(struct region), spaces = POOL_OF(struct space);

static void flush(const struct space *space, uint64_t start, uint64_t end)
{
	if (end - start == PAGE_SIZE)
		invalidate_page(start);
	else
		write_cr3(space->root);
}

/* The last-level bits that go with a region's rights. */
static pte_t page_bits(uint32_t rights)
{
	if (rights == 0)
		return PTE_NX;
	return PTE_P | PTE_U | (rights & VMM_RIGHT_W ? PTE_W : 0) | (rights & VMM_RIGHT_X ? 0 : PTE_NX);
}

/* The place in the list where a region that begins at `start` belongs. */
static struct region **place_for(struct space *space, uint64_t start)
{
	struct region **link = &space->regions;

	while (*link != NULL && (*link)->start < start)
		link = &(*link)->next;
	return link;
}

static bool insert(struct space *space, uint64_t start, uint64_t end, uint32_t rights, bool shared)
{
	struct region **link = place_for(space, start);
	struct region *region = pool_take(&regions);

	if (region == NULL)
		return false;
	*region = (struct region){*link, start, end, rights, shared};
	*link = region;
	return true;
}

/* Not from the pools, which are empty: so it cannot fail. */
void space_take_boot_regions(struct space *space)
{
	static struct region first_regions[VMM_BOOT_REGIONS];

	space->boot_regions = false;
	space->brk_start = space->brk = boot_info->user_brk;
	for (uint32_t i = 0; i < boot_info->region_count; i++) {
		const struct vmm_boot_region *from = &boot_info->regions[i];
		struct region **link = place_for(space, from->start); /* the segments of an ELF file have any order */

		first_regions[i] = (struct region){*link, from->start, from->end, from->rights, false};
		*link = &first_regions[i];
	}
}

/* The lowest address of the part of the stack that the VMM has mapped. */
static uint64_t mapped_stack(const struct space *space, uint64_t start, uint64_t end)
{
	while (end > start) {
		const pte_t *entry = page_table_entry(space->root, end - PAGE_SIZE);

		if (entry == NULL || *entry == 0)
			break;
		end -= PAGE_SIZE;
	}
	return end;
}

/* Before existing entries of the VMM's tables are copied or changed. Not at boot: many programs never come here. */
static void adopt_boot_tables(struct space *space)
{
	if (!space->boot_tables)
		return;
	space->boot_tables = false;
	for (uint32_t i = 0; i < boot_info->region_count; i++) {
		uint64_t start = boot_info->regions[i].start, end = boot_info->regions[i].end;

		if (boot_info->regions[i].kind == VMM_REGION_STACK)
			start = mapped_stack(space, start, end);
		page_table_adopt(space->root, start, end);
	}
}

struct space *space_copy(struct space *space)
{
	struct space *copy = pool_take(&spaces);
	struct region **link;
	bool copied;

	if (copy == NULL)
		return NULL;
	adopt_boot_tables(space);
	cpus_park(space);
	*copy = (struct space){
		.root = page_table_new(),
		.users = 1,
		.brk_start = space->brk_start,
		.brk = space->brk,
	};
	if (copy->root == 0) {
		pool_put(&spaces, copy);
		return NULL;
	}
	link = &copy->regions;
	for (const struct region *region = space->regions; region != NULL; region = region->next) {
		*link = pool_take(&regions);
		if (*link == NULL)
			break;
		**link = *region;
		(*link)->next = NULL;
		link = &(*link)->next;
	}
	copied = *link == NULL && page_table_copy(copy->root, space->root);
	write_cr3(space->root); /* its own pages are read-only now */
	if (copied)
		return copy;
	space_drop(copy);
	return NULL;
}

void space_drop(struct space *space)
{
	if (--space->users > 0)
		return;
	adopt_boot_tables(space);
	page_table_free(space->root);
	while (space->regions != NULL) {
		struct region *region = space->regions;

		space->regions = region->next;
		pool_put(&regions, region);
	}
	pool_put(&spaces, space);
}

static struct region *find(struct space *space, uint64_t address)
{
	struct region *region = space->recent;

	if (region != NULL && address >= region->start && address < region->end)
		return region;
	for (region = space->regions; region != NULL && address >= region->end;)
		region = region->next;
	if (region == NULL || address < region->start)
		return NULL;
	space->recent = region;
	return region;
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
	*entry = copy | (*entry & ~(PTE_ADDRESS | PTE_SW_COW)) | PTE_W;
	invalidate_page(address);
	return FAULT_RESOLVED;
}

enum fault_result space_fault(struct space *space, uint64_t address, uint64_t error)
{
	uint32_t needed = error & PF_W ? VMM_RIGHT_W : error & PF_I ? VMM_RIGHT_X : VMM_RIGHT_R;
	const struct region *region = find(space, address);
	pte_t *entry;

	if (region == NULL)
		return FAULT_NO_REGION;
	if (!(region->rights & needed))
		return FAULT_FORBIDDEN;
	entry = page_table_entry(space->root, address);
	if (entry == NULL)
		return FAULT_NO_MEMORY;
	if (*entry == 0) {
		phys_t frame = frame_take_zeroed();

		if (frame == 0)
			return FAULT_NO_MEMORY;
		page_table_set(entry, frame | page_bits(region->rights) | (region->shared ? PTE_SW_SHARED : 0));
	} else if ((*entry & PTE_SW_COW) && (error & PF_W)) {
		return copy_on_write(space, entry, address);
	} else {
		invalidate_page(address); /* the entry allows it: the TLB knew an older one */
	}
	return FAULT_RESOLVED;
}

phys_t space_shared_frame(struct space *space, uint64_t address)
{
	const struct region *region = find(space, address);
	const pte_t *entry;

	if (region == NULL || !region->shared)
		return 0;
	entry = page_table_entry(space->root, address);
	return entry != NULL && (*entry & PTE_P) ? *entry & PTE_ADDRESS : 0;
}

bool space_overlaps(const struct space *space, uint64_t start, uint64_t end)
{
	for (const struct region *region = space->regions; region != NULL && region->start < end; region = region->next)
		if (region->end > start)
			return true;
	return false;
}

uint64_t space_covered(const struct space *space, uint64_t start, uint64_t end)
{
	for (const struct region *region = space->regions; region != NULL && start < end; region = region->next)
		if (region->start <= start && region->end > start)
			start = region->end;
	return start < end ? start : end;
}

uint64_t space_find_gap(const struct space *space, uint64_t bytes)
{
	uint64_t found = 0, low = USER_MIN;

	for (const struct region *region = space->regions;; region = region->next) {
		uint64_t high = region != NULL && region->start < USER_MMAP_TOP ? region->start : USER_MMAP_TOP;

		if (high > low && high - low >= bytes)
			found = high - bytes;
		if (high == USER_MMAP_TOP)
			return found;
		low = region->end;
	}
}

/* Makes one region of neighbours that are alike. */
static void merge(struct space *space)
{
	struct region *region = space->regions;

	space->recent = NULL;
	while (region != NULL && region->next != NULL) {
		struct region *next = region->next;

		if (region->end == next->start && region->rights == next->rights && region->shared == next->shared) {
			region->end = next->end;
			region->next = next->next;
			pool_put(&regions, next);
		} else {
			region = next;
		}
	}
}

/* Makes sure that no region reaches across the address. */
static bool split(struct space *space, uint64_t address)
{
	struct region *region = find(space, address);
	uint64_t end;

	if (region == NULL || region->start == address)
		return true;
	end = region->end;
	if (!insert(space, address, end, region->rights, region->shared))
		return false;
	region->end = address;
	return true;
}

bool space_map(struct space *space, uint64_t start, uint64_t end, uint32_t rights, bool shared)
{
	if (!insert(space, start, end, rights, shared))
		return false;
	merge(space);
	return true;
}

bool space_unmap(struct space *space, uint64_t start, uint64_t end)
{
	struct region **link;

	if (!space_overlaps(space, start, end))
		return true;
	if (!split(space, start) || !split(space, end))
		return false;
	link = place_for(space, start);
	while (*link != NULL && (*link)->start < end) {
		struct region *region = *link;

		*link = region->next;
		pool_put(&regions, region);
	}
	space->recent = NULL;
	adopt_boot_tables(space);
	cpus_park(space);
	if (page_table_remove(space->root, start, end))
		flush(space, start, end);
	return true;
}

bool space_protect(struct space *space, uint64_t start, uint64_t end, uint32_t rights)
{
	if (!split(space, start) || !split(space, end))
		return false;
	for (struct region *region = *place_for(space, start); region != NULL && region->start < end;
	     region = region->next)
		region->rights = rights;
	merge(space);
	adopt_boot_tables(space);
	cpus_park(space);
	if (page_table_protect(space->root, start, end, page_bits(rights)))
		flush(space, start, end);
	return true;
}

bool space_populate(struct space *space, uint64_t start, uint64_t end)
{
	for (uint64_t address = start; address < end; address += PAGE_SIZE) {
		pte_t *entry = page_table_entry(space->root, address);
		const struct region *region = find(space, address);
		phys_t frame;

		if (entry == NULL)
			return false;
		if (*entry != 0)
			continue;
		frame = frame_take_zeroed();
		if (frame == 0)
			return false;
		page_table_set(entry, frame | page_bits(region->rights) | (region->shared ? PTE_SW_SHARED : 0));
	}
	return true;
}
