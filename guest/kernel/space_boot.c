/* SPDX-License-Identifier: MIT */
/* space_boot.c: what the VMM loaded, for the processes that the first one makes. */
#include "boot_info.h"
#include "page_cache.h"
#include "space_parts.h"

bool space_boot_region_is_constant(const struct vmm_boot_region *region)
{
	return region->kind == VMM_REGION_IMAGE && !(region->rights & VMM_RIGHT_W);
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
void space_cache_boot_image(const struct space *space)
{
	static bool done;
	uint64_t bytes = 0;

	if (done)
		return;
	done = true;
	for (uint32_t i = 0; i < boot_info->region_count; i++)
		if (space_boot_region_is_constant(&boot_info->regions[i]))
			bytes += boot_info->regions[i].end - boot_info->regions[i].start;
	for (uint32_t i = 0; i < boot_info->region_count && bytes > WORTH_CACHING * PAGE_SIZE; i++) {
		const struct vmm_boot_region *region = &boot_info->regions[i];

		if (space_boot_region_is_constant(region) && !cache_boot_region(space, region->start, region->end))
			return;
	}
}
