/* SPDX-License-Identifier: MIT */
/*
 * guest_tables.c: AMD APM vol. 2, "Long-Mode Page Translation", the other way round.
 */
#include "guest_tables.h"

#include <check.h>
#include <string.h>

void guest_open(struct guest *guest)
{
	struct vmm_error error;

	ck_assert(guest_ram_open(&guest->ram, GUEST_RAM_SIZE, &error));
	guest->next = PAGE_SIZE;
	guest->root = guest_frame(guest);
}

void guest_close(struct guest *guest)
{
	guest_ram_close(&guest->ram);
}

gpa_t guest_frame(struct guest *guest)
{
	gpa_t frame = guest->next;

	guest->next += PAGE_SIZE;
	ck_assert_uint_le(guest->next, guest->ram.size);
	return frame;
}

uint64_t *guest_entry_of(struct guest *guest, gpa_t root, gva_t gva, unsigned depth)
{
	gpa_t table = root;

	for (unsigned above = 0;; above++) {
		uint64_t *entry = (uint64_t *)(guest->ram.bytes + table) + (gva >> (39 - 9 * above) & 511);

		if (above == depth)
			return entry;
		if (*entry == 0)
			*entry = guest_frame(guest) | GUEST_ALL;
		table = *entry & PTE_ADDRESS;
	}
}

uint64_t *guest_entry(struct guest *guest, gva_t gva, unsigned depth)
{
	return guest_entry_of(guest, guest->root, gva, depth);
}

gpa_t guest_map(struct guest *guest, gva_t gva, uint64_t flags)
{
	gpa_t frame = guest_frame(guest);

	*guest_entry(guest, gva, 3) = frame | flags;
	return frame;
}

void guest_poke(struct guest *guest, gva_t gva, const void *bytes, uint64_t count)
{
	uint64_t frame = *guest_entry(guest, gva, 3) & PTE_ADDRESS;

	ck_assert_uint_le((gva & (PAGE_SIZE - 1)) + count, PAGE_SIZE);
	memcpy(guest->ram.bytes + frame + (gva & (PAGE_SIZE - 1)), bytes, count);
}
