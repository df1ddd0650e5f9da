/* SPDX-License-Identifier: MIT */
/* walk.c: the page walk. */
#include "walk.h"

#include <string.h>

static bool is_canonical(gva_t gva)
{
	return gva < USER_HALF_END || gva >= KERNEL_HALF;
}

static unsigned index_at(gva_t gva, unsigned depth)
{
	return (gva >> (PAGE_SHIFT + 9 * (WALK_LEVELS - 1 - depth))) % PAGE_TABLE_ENTRIES;
}

static uint64_t span_at(unsigned depth)
{
	return UINT64_C(1) << (PAGE_SHIFT + 9 * (WALK_LEVELS - 1 - depth));
}

/* Depth 1 (PDPE) may hold a 1 GiB page, depth 2 (PDE) one of 2 MiB, depth 3 (PTE) is always a page. */
static bool is_leaf(uint64_t entry, unsigned depth)
{
	return depth == 3 || (depth > 0 && (entry & PTE_PS));
}

static void begin(struct walk *walk, gva_t gva)
{
	*walk = (struct walk){.canonical = is_canonical(gva), .user = true, .writable = true, .executable = true};
}

/* Takes the entry of the next level; returns false if the walk ends with it. */
static bool step(struct walk *walk, gva_t gva, uint64_t entry)
{
	unsigned depth = walk->levels++;

	walk->entries[depth].entry = entry;
	walk->entries[depth].index = index_at(gva, depth);
	if (!(entry & PTE_P))
		return false;
	walk->user &= (entry & PTE_U) != 0;
	walk->writable &= (entry & PTE_W) != 0;
	walk->executable &= (entry & PTE_NX) == 0;
	if (!is_leaf(entry, depth))
		return true;
	walk->present = true;
	walk->page = span_at(depth);
	walk->gpa = (entry & PTE_ADDRESS & ~(walk->page - 1)) + (gva & (walk->page - 1));
	return false;
}

void walk_address(const struct guest_ram *ram, gpa_t cr3, gva_t gva, struct walk *walk)
{
	gpa_t table = cr3 & CR3_ADDRESS;
	uint64_t entry = 0;

	begin(walk, gva);
	if (!walk->canonical)
		return;
	do {
		if (!guest_ram_read_u64(ram, table + index_at(gva, walk->levels) * sizeof(entry), &entry)) {
			walk->outside = true;
			return;
		}
		table = entry & PTE_ADDRESS;
	} while (step(walk, gva, entry));
}

void walk_recorded(const struct guest_ram *ram, const uint64_t entries[WALK_LEVELS], gva_t gva, struct walk *walk)
{
	begin(walk, gva);
	if (!walk->canonical)
		return;
	while (step(walk, gva, entries[walk->levels])) {
		if ((walk->entries[walk->levels - 1].entry & PTE_ADDRESS) >= ram->size) {
			walk->outside = true;
			return;
		}
	}
}

/* Bits low to high, both counted, of an entry. */
static uint64_t bit_range(unsigned high, unsigned low)
{
	return high < low ? 0 : (UINT64_MAX >> (63 - high)) & (UINT64_MAX << low);
}

static uint64_t reserved_bits(uint64_t entry, unsigned depth, const struct walk_format *format)
{
	uint64_t bits = bit_range(51, format->physical_bits) | (format->no_execute ? 0 : PTE_NX);

	if (depth == 0 || (depth == 1 && !format->huge_pages))
		return bits | PTE_PS;
	if (depth == 1 && (entry & PTE_PS))
		return bits | bit_range(29, 13); /* bit 12 chooses the memory type */
	if (depth == 2 && (entry & PTE_PS))
		return bits | bit_range(20, 13);
	return bits;
}

int walk_reserved(const struct walk *walk, const struct walk_format *format, uint64_t *bits)
{
	for (unsigned depth = 0; depth < walk->levels; depth++) {
		uint64_t entry = walk->entries[depth].entry;

		*bits = entry & reserved_bits(entry, depth, format);
		if ((entry & PTE_P) && *bits != 0)
			return (int)depth;
	}
	return -1;
}

const char *walk_entry_name(unsigned depth)
{
	static const char *const names[WALK_LEVELS] = {"PML4E", "PDPE", "PDE", "PTE"};

	return depth < WALK_LEVELS ? names[depth] : "?";
}

/* How many of `count` bytes at gva lie in the same 4 KiB page. */
static uint64_t piece(gva_t gva, uint64_t count)
{
	uint64_t rest = PAGE_SIZE - (gva & (PAGE_SIZE - 1));

	return count < rest ? count : rest;
}

uint64_t walk_read(const struct guest_ram *ram, gpa_t cr3, gva_t gva, void *to, uint64_t count)
{
	uint64_t done = 0;

	while (done < count) {
		uint64_t part = piece(gva + done, count - done);
		struct walk walk;

		walk_address(ram, cr3, gva + done, &walk);
		if (!walk.present || !guest_ram_read(ram, walk.gpa, (uint8_t *)to + done, part))
			break;
		done += part;
	}
	return done;
}

uint64_t walk_write(struct guest_ram *ram, gpa_t cr3, gva_t gva, const void *from, uint64_t count)
{
	uint64_t done = 0;

	while (done < count) {
		uint64_t part = piece(gva + done, count - done);
		struct walk walk;

		walk_address(ram, cr3, gva + done, &walk);
		if (!walk.present || !walk.writable ||
		    !guest_ram_write(ram, walk.gpa, (const uint8_t *)from + done, part))
			break;
		done += part;
	}
	return done;
}

/* The walk over everything, one level a call. */
struct tour {
	const struct guest_ram *ram;
	bool (*found)(void *context, const struct walk_page *page);
	void *context;
	struct walk_totals *totals;
	uint64_t *tables_left;
};

struct inherited {
	gva_t gva;
	bool user, writable, executable;
};

static bool visit_leaf(struct tour *tour, uint64_t entry, unsigned depth, const struct inherited *rights)
{
	uint64_t size = span_at(depth);
	struct walk_page page = {
		.gva = rights->gva,
		.gpa = entry & PTE_ADDRESS & ~(size - 1),
		.size = size,
		.user = rights->user,
		.writable = rights->writable,
		.executable = rights->executable,
		.cow = entry & PTE_SW_COW,
		.entry = entry,
	};

	return tour->found(tour->context, &page);
}

static bool visit_table(struct tour *tour, gpa_t table, unsigned depth, const struct inherited *from)
{
	const uint64_t *entries = gpa_to_hva(tour->ram, table, PAGE_SIZE);

	if (entries == NULL) {
		tour->totals->problems++;
		return true;
	}
	if (*tour->tables_left == 0) {
		tour->totals->problems++;
		tour->totals->cut_short = true;
		return false;
	}
	*tour->tables_left -= 1;
	if (depth > 0)
		*(from->gva < USER_HALF_END ? &tour->totals->user_tables : &tour->totals->kernel_tables) += 1;
	for (unsigned i = 0; i < PAGE_TABLE_ENTRIES; i++) {
		uint64_t entry = entries[i];
		struct inherited below = {
			.gva = from->gva + i * span_at(depth),
			.user = from->user && (entry & PTE_U),
			.writable = from->writable && (entry & PTE_W),
			.executable = from->executable && !(entry & PTE_NX),
		};
		bool go_on;

		if (!(entry & PTE_P))
			continue;
		if (depth == 0 && i >= PAGE_TABLE_ENTRIES / 2)
			below.gva |= ~(USER_HALF_END * 2 - 1); /* sign extension */
		go_on = is_leaf(entry, depth) ? visit_leaf(tour, entry, depth, &below)
					      : visit_table(tour, entry & PTE_ADDRESS, depth + 1, &below);
		if (!go_on)
			return false;
	}
	return true;
}

void walk_pages(const struct guest_ram *ram, gpa_t cr3, bool (*found)(void *context, const struct walk_page *page),
		void *context, uint64_t *tables, struct walk_totals *totals)
{
	struct tour tour = {
		.ram = ram,
		.found = found,
		.context = context,
		.totals = totals,
		.tables_left = tables,
	};
	const struct inherited top = {.user = true, .writable = true, .executable = true};

	*totals = (struct walk_totals){0};
	visit_table(&tour, cr3 & CR3_ADDRESS, 0, &top);
}
