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
#include "space_parts.h"

static struct pool regions = POOL_OF(struct region), spaces = POOL_OF(struct space);

static void flush(const struct space *space, uint64_t start, uint64_t end)
{
	if (end - start == PAGE_SIZE)
		invalidate_page(start);
	else
		write_cr3(space->root);
}

/* The place in the list where a region that begins at `start` belongs. */
static struct region **place_for(struct space *space, uint64_t start)
{
	struct region **link = &space->regions;

	while (*link != NULL && (*link)->start < start)
		link = &(*link)->next;
	return link;
}

static bool insert(struct space *space, const struct region *wanted)
{
	struct region **link = place_for(space, wanted->start);
	struct region *region = pool_take(&regions);

	if (region == NULL)
		return false;
	*region = *wanted;
	region->next = *link;
	if (region->file != NULL)
		mapped_file_hold(region->file);
	*link = region;
	return true;
}

/* Takes the region out that *link points to. */
static void drop_region(struct region **link)
{
	struct region *region = *link;

	*link = region->next;
	mapped_file_drop(region->file);
	pool_put(&regions, region);
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

		first_regions[i] = (struct region){
			.next = *link,
			.start = from->start,
			.end = from->end,
			.rights = from->rights,
			.no_copy = from->kind == VMM_REGION_IMAGE,
		};
		if (space_boot_region_is_constant(from)) {
			mapped_file_hold(&page_cache_boot_image);
			first_regions[i].file = &page_cache_boot_image;
			first_regions[i].offset = from->start;
		}
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

struct space *space_new(void)
{
	struct space *space = pool_take(&spaces);

	if (space == NULL)
		return NULL;
	*space = (struct space){.root = page_table_new(), .users = 1};
	if (space->root == 0) {
		pool_put(&spaces, space);
		return NULL;
	}
	return space;
}

struct space *space_copy(struct space *space)
{
	struct space *copy = space_new();
	struct region **link;
	bool copied;

	if (copy == NULL)
		return NULL;
	adopt_boot_tables(space);
	space_cache_boot_image(space);
	cpus_park(space);
	copy->brk_start = space->brk_start;
	copy->brk = space->brk;
	link = &copy->regions;
	for (const struct region *region = space->regions; region != NULL; region = region->next) {
		*link = pool_take(&regions);
		if (*link == NULL)
			break;
		**link = *region;
		(*link)->next = NULL;
		if (region->file != NULL)
			mapped_file_hold(region->file);
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
	while (space->regions != NULL)
		drop_region(&space->regions);
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

/* Are these one region, but for the place where one ends and the other begins? */
static bool alike(const struct region *low, const struct region *high)
{
	return low->end == high->start && low->rights == high->rights && low->shared == high->shared &&
	       low->file == high->file && low->no_copy == high->no_copy &&
	       (low->file == NULL || low->offset + (low->end - low->start) == high->offset);
}

/* Makes one region of neighbours that are alike. */
static void merge(struct space *space)
{
	struct region *region = space->regions;

	space->recent = NULL;
	while (region != NULL && region->next != NULL) {
		struct region *next = region->next;

		if (alike(region, next)) {
			region->end = next->end;
			drop_region(&region->next);
		} else {
			region = next;
		}
	}
}

/* The part of a region that begins at an address in it. */
static struct region part_from(const struct region *region, uint64_t address)
{
	struct region part = *region;

	part.start = address;
	if (part.file != NULL)
		part.offset += address - region->start;
	return part;
}

/* Makes sure that no region reaches across the address. */
static bool split(struct space *space, uint64_t address)
{
	struct region *region = find(space, address), high;

	if (region == NULL || region->start == address)
		return true;
	high = part_from(region, address);
	if (!insert(space, &high))
		return false;
	region->end = address;
	return true;
}

const struct region *space_region(struct space *space, uint64_t address)
{
	return find(space, address);
}

bool space_map(struct space *space, const struct region *wanted)
{
	if (!insert(space, wanted))
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
	while (*link != NULL && (*link)->start < end)
		drop_region(link);
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
	if (page_table_protect(space->root, start, end, space_page_bits(rights)))
		flush(space, start, end);
	return true;
}

bool space_move(struct space *space, uint64_t from, uint64_t bytes, uint64_t to, uint64_t new_bytes)
{
	struct region moved;

	if (!split(space, from) || !split(space, from + bytes))
		return false;
	adopt_boot_tables(space);
	moved = *find(space, from);
	moved.start = to;
	moved.end = to + new_bytes;
	if (!insert(space, &moved))
		return false;
	cpus_park(space);
	if (!page_table_move(space->root, from, to, bytes)) {
		drop_region(place_for(space, to));
		return false;
	}
	write_cr3(space->root);
	space_unmap(space, from, from + bytes); /* a whole region: it needs no memory */
	merge(space);
	return true;
}

void space_forget(struct space *space, uint64_t start, uint64_t end)
{
	adopt_boot_tables(space);
	cpus_park(space);
	for (const struct region *region = space->regions; region != NULL && region->start < end;
	     region = region->next) {
		uint64_t low = region->start > start ? region->start : start;
		uint64_t high = region->end < end ? region->end : end;

		if (low < high && !region->shared && !region->no_copy && page_table_remove(space->root, low, high))
			flush(space, low, high);
	}
}

bool space_is_present(const struct space *space, uint64_t address)
{
	const pte_t *entry = page_table_find(space->root, address);

	return entry != NULL && *entry != 0;
}
