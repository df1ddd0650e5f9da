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

/* Text and constants of the first program. */
static bool is_constant(const struct vmm_boot_region *region)
{
	return region->kind == VMM_REGION_IMAGE && !(region->rights & VMM_RIGHT_W);
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
		if (is_constant(from)) {
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

/* Those pages of one region that are as the VMM loaded them, or at least cannot be written to. */
static bool cache_boot_region(const struct space *space, uint64_t start, uint64_t end)
{
	const uint64_t span = PAGE_TABLE_ENTRIES * PAGE_SIZE;

	for (uint64_t next; start < end; start = next) {
		pte_t *entries = page_table_find(space->root, start);
		phys_t *places;

		next = (start / span + 1) * span;
		next = next < end ? next : end;
		if (entries == NULL)
			continue;
		places = page_cache_places(&page_cache_boot_image, start >> PAGE_SHIFT);
		if (places == NULL)
			return false;
		page_table_collect(entries, places, (unsigned)((next - start) >> PAGE_SHIFT), boot_info->free_start);
	}
	return true;
}

#define WORTH_CACHING 64 /* pages: copying the entries of fewer costs less than the faults that bring them back */

/* At the first fork: text and constants of a large first program go into the page cache, so that this fork and all
   later ones, which mostly come before an execve, need not copy hundreds of entries. Without memory it stays as it is.
 */
static void cache_boot_image(const struct space *space)
{
	static bool done;
	uint64_t bytes = 0;

	if (done)
		return;
	done = true;
	for (uint32_t i = 0; i < boot_info->region_count; i++)
		if (is_constant(&boot_info->regions[i]))
			bytes += boot_info->regions[i].end - boot_info->regions[i].start;
	for (uint32_t i = 0; i < boot_info->region_count && bytes > WORTH_CACHING * PAGE_SIZE; i++) {
		const struct vmm_boot_region *region = &boot_info->regions[i];

		if (is_constant(region) && !cache_boot_region(space, region->start, region->end))
			return;
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
	cache_boot_image(space);
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
	page_table_set(entry, frame | page_bits(region->rights) | (region->shared ? PTE_SW_SHARED : 0));
	return FAULT_RESOLVED;
}

/* What maps a frame that belongs to the page cache. */
static pte_t cached_page_bits(const struct region *region)
{
	pte_t bits = page_bits(region->rights) | PTE_SW_CACHED;

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
		page_table_set(entry, copy | page_bits(region->rights));
	}
	frame_drop(frame);
	return copy != 0 ? FAULT_RESOLVED : FAULT_NO_MEMORY;
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

bool space_put(struct space *space, uint64_t address, phys_t frame)
{
	const struct region *region = find(space, address);
	pte_t *entry = page_table_entry(space->root, address);

	if (entry == NULL)
		return false;
	page_table_set(entry, frame | page_bits(region->rights));
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
	if (page_table_protect(space->root, start, end, page_bits(rights)))
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

bool space_populate(struct space *space, uint64_t start, uint64_t end)
{
	for (uint64_t address = start; address < end; address += PAGE_SIZE) {
		pte_t *entry = page_table_entry(space->root, address);
		const struct region *region = find(space, address);
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
