/* SPDX-License-Identifier: MIT */
/*
 * page_table.c: building, copying and clearing page tables. AMD APM vol. 2, "Long-Mode Page Translation".
 *
 * A table has 512 entries and mostly a few in use. For each table a word of 64 bits notes which groups of eight
 * entries were ever used (frame_info.groups), so that nothing has to look at all 512.
 */
#include "page_table.h"

#include <stddef.h>

#include "boot_info.h"
#include "cpu.h"
#include "layout.h"

#define TOP_LEVEL 4
#define GROUP     8 /* entries */
#define RIGHTS    (PTE_P | PTE_U | PTE_W | PTE_NX)

/* Before a loop over a group: two instructions an entry instead of five. (clang does it unasked.) */
#ifdef __clang__
#define UNROLL_GROUP
#else
#define UNROLL_GROUP _Pragma("GCC unroll 8")
#endif

/* Only these slots of the kernel half are ever used, and all are filled from the start (layout.h): so the tables below
   them are the same in every address space, for ever. */
static const uint64_t kernel_areas[] = {DIRECT_MAP, KERNEL_STACKS, CPU_AREA, KERNEL_BASE};
#define KERNEL_AREAS (sizeof(kernel_areas) / sizeof(kernel_areas[0]))

static unsigned index_of(uint64_t address, int level)
{
	return address >> (PAGE_SHIFT + 9 * (level - 1)) & (PAGE_TABLE_ENTRIES - 1);
}

/* How many bytes an entry of that level maps. */
static uint64_t entry_span(int level)
{
	return PAGE_SIZE << 9 * (level - 1);
}

static pte_t *table_of(pte_t entry)
{
	return phys_to_virt(entry & PTE_ADDRESS);
}

/* The group bits of the entries from `first` to `last`. */
static uint64_t groups_between(unsigned first, unsigned last)
{
	return ~UINT64_C(0) >> (63 - last / GROUP) & ~UINT64_C(0) << first / GROUP;
}

void page_table_set(pte_t *entry, pte_t value)
{
	uint64_t table = (uint64_t)entry & ~(PAGE_SIZE - 1);
	uint64_t group = ((uint64_t)entry & (PAGE_SIZE - 1)) / (GROUP * sizeof(*entry));

	*entry = value;
	frame_info(virt_to_phys((void *)table))->groups |= UINT64_C(1) << group;
}

void page_table_fill(pte_t *entries, const phys_t *frames, unsigned count, pte_t bits)
{
	uint64_t table = (uint64_t)entries & ~(PAGE_SIZE - 1);
	unsigned first = (unsigned)((uint64_t)entries & (PAGE_SIZE - 1)) / sizeof(*entries);
	union frame_info *infos = frame_info(0);

	for (unsigned i = 0; i < count; i++) {
		phys_t frame = frames[i];

		if (frame != 0 && entries[i] == 0) {
			infos[frame >> PAGE_SHIFT].sharers++;
			entries[i] = frame | bits;
		}
	}
	if (count > 0)
		infos[virt_to_phys((void *)table) >> PAGE_SHIFT].groups |= groups_between(first, first + count - 1);
}

void page_table_collect(pte_t *entries, phys_t *frames, unsigned count, phys_t end)
{
	union frame_info *infos = frame_info(0);

	for (unsigned i = 0; i < count; i++) {
		phys_t frame = entries[i] & PTE_ADDRESS;

		if ((entries[i] & (PTE_P | PTE_W | PTE_SW_COW)) != PTE_P || frame >= end)
			continue;
		infos[frame >> PAGE_SHIFT].sharers++;
		frames[i] = frame;
		entries[i] |= PTE_SW_CACHED;
	}
}

pte_t *page_table_entry(phys_t root, uint64_t address)
{
	pte_t *table = phys_to_virt(root);

	for (int level = TOP_LEVEL; level > 1; level--) {
		pte_t *entry = &table[index_of(address, level)];

		if (*entry == 0) {
			phys_t below = frame_take_zeroed();

			if (below == 0)
				return NULL;
			/* the last level decides about the rights; these entries stand in its way nowhere */
			page_table_set(entry, below | PTE_P | PTE_W | (address < USER_HALF_END ? PTE_U : 0));
		}
		table = table_of(*entry);
	}
	return &table[index_of(address, 1)];
}

pte_t *page_table_find(phys_t root, uint64_t address)
{
	pte_t *table = phys_to_virt(root);

	for (int level = TOP_LEVEL; level > 1; level--) {
		pte_t entry = table[index_of(address, level)];

		if (entry == 0)
			return NULL;
		table = table_of(entry);
	}
	return &table[index_of(address, 1)];
}

phys_t page_table_new(void)
{
	phys_t root = frame_take_zeroed();
	const pte_t *kernel_table = phys_to_virt(boot_info->kernel_cr3);
	pte_t *table = phys_to_virt(root);

	if (root == 0)
		return 0;
	for (size_t i = 0; i < KERNEL_AREAS; i++) {
		unsigned slot = index_of(kernel_areas[i], TOP_LEVEL);

		table[slot] = kernel_table[slot];
	}
	return root;
}

static void free_table(pte_t *table, int level);

static __attribute__((noinline)) void free_entry(pte_t *entry, int level)
{
	phys_t below = *entry & PTE_ADDRESS;

	*entry = 0;
	free_table(phys_to_virt(below), level - 1);
}

/* Leaves nothing but zeros in a table, which then needs no filling when it is used again. */
static void free_table(pte_t *table, int level)
{
	uint64_t groups = frame_info(virt_to_phys(table))->groups;

	for (; groups != 0; groups &= groups - 1) {
		pte_t *entries = table + lowest_bit(groups) * GROUP;

		if (level == 1) {
			frames_drop_entries(entries, GROUP);
			continue;
		}
		for (int i = 0; i < GROUP; i++)
			if (entries[i] != 0)
				free_entry(&entries[i], level);
	}
	frame_drop_zeroed(virt_to_phys(table));
}

void page_table_free(phys_t root)
{
	pte_t *table = phys_to_virt(root);

	for (size_t i = 0; i < KERNEL_AREAS; i++)
		table[index_of(kernel_areas[i], TOP_LEVEL)] = 0;
	free_table(table, TOP_LEVEL);
}

/* One owner more for a page; returns what both entries shall be. */
static pte_t share_page(pte_t entry)
{
	frame_share(entry & PTE_ADDRESS);
	if ((entry & PTE_W) && !(entry & PTE_SW_SHARED))
		entry = (entry & ~PTE_W) | PTE_SW_COW;
	return entry;
}

static bool copy_table(pte_t *child, pte_t *parent, int level);

/* Not inline, so that the loop over a group stays short: most entries are zero. */
static __attribute__((noinline)) bool copy_entry(pte_t *child, pte_t *parent, int level)
{
	phys_t below;

	if (level == 1) {
		*child = *parent = share_page(*parent);
		return true;
	}
	below = frame_take_zeroed();
	if (below == 0)
		return false;
	*child = below | (*parent & ~PTE_ADDRESS);
	return copy_table(phys_to_virt(below), table_of(*parent), level - 1);
}

static bool copy_table(pte_t *child, pte_t *parent, int level)
{
	uint64_t groups = frame_info(virt_to_phys(parent))->groups;

	frame_info(virt_to_phys(child))->groups = groups;
	for (; groups != 0; groups &= groups - 1) {
		unsigned first = lowest_bit(groups) * GROUP;
		pte_t *to = child + first, *from = parent + first;

		UNROLL_GROUP
		for (int i = 0; i < GROUP; i++)
			if (from[i] != 0 && !(from[i] & PTE_SW_CACHED) && !copy_entry(&to[i], &from[i], level))
				return false;
	}
	return true;
}

bool page_table_copy(phys_t child, phys_t parent)
{
	return copy_table(phys_to_virt(child), phys_to_virt(parent), TOP_LEVEL);
}

/* What page_table_remove and page_table_protect do, to all pages in [start, end). */
struct change {
	uint64_t start, end;
	pte_t rights;
	bool remove;
	bool made; /* something has changed */
};

/* A page of a private mapping becomes writable at once only if nobody else has its frame. */
static pte_t protect_page(pte_t entry, pte_t rights)
{
	bool alone = (entry & PTE_SW_SHARED) || frame_info(entry & PTE_ADDRESS)->sharers == 0;

	entry &= ~(RIGHTS | PTE_SW_COW);
	if ((rights & PTE_W) && !alone)
		return entry | (rights & ~PTE_W) | PTE_SW_COW;
	return (rights & PTE_W ? entry & ~PTE_SW_CACHED : entry) | rights;
}

static void change_table(pte_t *table, int level, uint64_t base, struct change *change);

/* An entry of a table whose first page is at `base`. */
static __attribute__((noinline)) void change_entry(pte_t *entry, int level, uint64_t base, struct change *change)
{
	uint64_t span = entry_span(level);
	uint64_t low = base + ((uint64_t)entry & (PAGE_SIZE - 1)) / sizeof(*entry) * span;

	if (low >= change->end || low + span <= change->start)
		return;
	change->made = true;
	if (level > 1) {
		change_table(table_of(*entry), level - 1, low, change);
		if (!change->remove || low < change->start || low + span > change->end)
			return;
		frame_drop_zeroed(*entry & PTE_ADDRESS);
		*entry = 0;
	} else if (change->remove) {
		frame_drop(*entry & PTE_ADDRESS);
		*entry = 0;
	} else {
		*entry = protect_page(*entry, change->rights);
	}
}

/* A table whose first page is at `base`. */
static void change_table(pte_t *table, int level, uint64_t base, struct change *change)
{
	uint64_t last_page = base + entry_span(level + 1) - 1;
	uint64_t groups = frame_info(virt_to_phys(table))->groups;

	if (base < change->start || last_page >= change->end)
		groups &= groups_between(base < change->start ? index_of(change->start, level) : 0,
					 last_page >= change->end ? index_of(change->end - 1, level)
								  : PAGE_TABLE_ENTRIES - 1);
	for (; groups != 0; groups &= groups - 1) {
		unsigned first = lowest_bit(groups) * GROUP;
		pte_t *entries = table + first;

		if (level == 1 && change->remove && base + first * PAGE_SIZE >= change->start &&
		    base + (first + GROUP) * PAGE_SIZE <= change->end) {
			change->made |= frames_drop_entries(entries, GROUP);
			continue;
		}
		UNROLL_GROUP
		for (int i = 0; i < GROUP; i++)
			if (entries[i] != 0)
				change_entry(&entries[i], level, base, change);
	}
}

bool page_table_remove(phys_t root, uint64_t start, uint64_t end)
{
	struct change change = {.start = start, .end = end, .remove = true};

	change_table(phys_to_virt(root), TOP_LEVEL, 0, &change);
	return change.made;
}

bool page_table_protect(phys_t root, uint64_t start, uint64_t end, pte_t rights)
{
	struct change change = {.start = start, .end = end, .rights = rights};

	change_table(phys_to_virt(root), TOP_LEVEL, 0, &change);
	return change.made;
}

/* How many pages a table of the last level still has from this address on. */
static uint64_t pages_left(uint64_t address)
{
	return PAGE_TABLE_ENTRIES - index_of(address, 1);
}

/* A part of page_table_move that lies in one table, here and there. */
static void move_entries(pte_t *source, pte_t *target, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++)
		if (source[i] != 0) {
			page_table_set(&target[i], source[i]);
			source[i] = 0;
		}
}

bool page_table_move(phys_t root, uint64_t from, uint64_t to, uint64_t bytes)
{
	uint64_t pages = bytes >> PAGE_SHIFT, part;

	/* the first time only for the tables */
	for (int pass = 0; pass < 2; pass++)
		for (uint64_t page = 0; page < pages; page += part) {
			uint64_t source = from + page * PAGE_SIZE, target = to + page * PAGE_SIZE;
			pte_t *entries = page_table_find(root, source);

			part = pages_left(source) < pages_left(target) ? pages_left(source) : pages_left(target);
			part = part < pages - page ? part : pages - page;
			if (entries == NULL)
				continue;
			if (pass == 0 && page_table_entry(root, target) == NULL)
				return false;
			if (pass == 1)
				move_entries(entries, page_table_entry(root, target), part);
		}
	return true;
}

/* A table whose first page is at `base`; [start, end) lies in what it maps. */
static void adopt_table(pte_t *table, int level, uint64_t base, uint64_t start, uint64_t end)
{
	unsigned first = index_of(start, level), last = index_of(end - 1, level);

	frame_info(virt_to_phys(table))->groups |= groups_between(first, last);
	for (unsigned i = first; level > 1 && i <= last; i++) {
		uint64_t low = base + i * entry_span(level), high = low + entry_span(level);

		if (table[i] != 0)
			adopt_table(table_of(table[i]), level - 1, low, low > start ? low : start,
				    high < end ? high : end);
	}
}

void page_table_adopt(phys_t root, uint64_t start, uint64_t end)
{
	if (start < end)
		adopt_table(phys_to_virt(root), TOP_LEVEL, 0, start, end);
}
