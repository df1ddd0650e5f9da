/* SPDX-License-Identifier: MIT */
/* rings.c: rings in guest memory. The guest may write anything there: a record is copied once, then checked. */
#include "rings.h"

#include <inttypes.h>
#include <string.h>

#include "system_calls.h"
#include "walk.h"

static gva_t tail_address(const struct ring *ring, unsigned slot)
{
	return ring->base + slot * VMM_RING_SLOT + VMM_RING_TAIL;
}

static struct record *slot_memory(const struct rings *rings, const struct ring *ring, unsigned slot)
{
	return gpa_to_hva(rings->ram, ring->slots + slot * VMM_RING_SLOT, VMM_RING_SLOT);
}

static void set_cursor(const struct rings *rings, const struct ring *ring, unsigned slot)
{
	gva_t address = tail_address(ring, slot);
	void *cursor = gpa_to_hva(rings->ram, ring->cursor, sizeof(address));

	memcpy(cursor, &address, sizeof(address)); /* rings_open() has checked it */
}

/* Where [address, address + count) of the kernel's data lies: in one page, or in pages that follow each other. */
static bool find_memory(const struct guest_ram *ram, gpa_t cr3, gva_t address, uint64_t count, gpa_t *gpa)
{
	struct walk walk;

	walk_address(ram, cr3, address, &walk);
	*gpa = walk.gpa;
	if (!walk.present || walk.user || !walk.writable || gpa_to_hva(ram, *gpa, count) == NULL)
		return false;
	for (uint64_t done = PAGE_SIZE - address % PAGE_SIZE; done < count; done += PAGE_SIZE) {
		walk_address(ram, cr3, address + done, &walk);
		if (!walk.present || walk.user || !walk.writable || walk.gpa != *gpa + done)
			return false;
	}
	return true;
}

/* Behind the last slot is one that is never free: there the recorder stops, and the VMM sends it back to the start. */
static void close_end(struct rings *rings, struct ring *ring)
{
	slot_memory(rings, ring, rings->slots)->state = UINT64_MAX;
	set_cursor(rings, ring, 0);
}

static bool fill_plan(struct rings *rings, gpa_t cr3, gva_t address, bool i386)
{
	uint8_t *plan;
	gpa_t gpa;

	if (!find_memory(rings->ram, cr3, address, VMM_PLAN_CALLS, &gpa))
		return false;
	plan = gpa_to_hva(rings->ram, gpa, VMM_PLAN_CALLS);
	for (uint32_t number = 0; number < VMM_PLAN_CALLS; number++) {
		const struct system_call *call = i386 ? system_call_i386(number) : system_call_x86_64(number);

		plan[number] = system_call_plan(call->name, i386);
	}
	return true;
}

bool rings_open(struct rings *rings, const struct site_table *sites, struct guest_ram *ram, gpa_t cr3, gpa_t memory,
		unsigned cpus, struct vmm_error *error)
{
	const unsigned slots = (unsigned)(TRACE_RINGS_SIZE / cpus / VMM_RING_SLOT);
	struct vmm_rings kernel;
	bool good;

	*rings = (struct rings){.ram = ram, .slots = slots - 1};
	good = walk_read(ram, cr3, sites->rings, &kernel, sizeof(kernel)) == sizeof(kernel) && kernel.cpus >= cpus;
	for (unsigned i = 0; good && i < cpus; i++) {
		struct ring *ring = &rings->cpus[i];

		ring->base = TRACE_RINGS + (uint64_t)i * slots * VMM_RING_SLOT;
		ring->slots = memory + (uint64_t)i * slots * VMM_RING_SLOT;
		good = find_memory(ram, cr3, kernel.cursor + i * kernel.stride, sizeof(gva_t), &ring->cursor);
		if (good)
			close_end(rings, ring);
	}
	if (good && sites->linux_abi)
		good = fill_plan(rings, cr3, kernel.plan, false) && fill_plan(rings, cr3, kernel.i386_plan, true);
	if (!good)
		return error_set(error,
				 "the kernel's struct vmm_rings at 0x%" PRIx64
				 " (ring.h) does not lead to memory of its own for %u CPU%s",
				 sites->rings, cpus, cpus == 1 ? "" : "s");
	rings->count = cpus;
	return true;
}

/* 0 also where the ring ends. */
static uint64_t state_of(const struct rings *rings, const struct ring *ring)
{
	if (ring->next == rings->slots)
		return 0;
	return __atomic_load_n(&slot_memory(rings, ring, ring->next)->state, __ATOMIC_ACQUIRE);
}

bool rings_take(struct rings *rings, uint64_t limit, struct record *record, unsigned *cpu)
{
	uint64_t oldest = limit;
	struct ring *found = NULL;
	struct record *slot;

	for (unsigned i = 0; i < rings->count; i++) {
		struct ring *ring = &rings->cpus[i];
		uint64_t tsc;

		if (state_of(rings, ring) == 0)
			continue;
		tsc = record_tsc(slot_memory(rings, ring, ring->next));
		if (tsc > oldest)
			continue;
		oldest = tsc;
		found = ring;
		*cpu = i;
	}
	if (found == NULL)
		return false;
	slot = slot_memory(rings, found, found->next);
	memcpy(record, slot, sizeof(*record));
	__atomic_store_n(&slot->state, 0, __ATOMIC_RELEASE);
	found->next++;
	found->taken_tsc = record_tsc(record);
	rings->taken++;
	return true;
}

uint64_t ring_newest(const struct rings *rings, unsigned cpu)
{
	const struct ring *ring = &rings->cpus[cpu];
	uint64_t newest = 0;

	for (unsigned i = ring->next; i < rings->slots; i++) {
		const struct record *slot = slot_memory(rings, ring, i);
		uint64_t tsc;

		if (__atomic_load_n(&slot->state, __ATOMIC_ACQUIRE) == 0)
			break;
		tsc = record_tsc(slot);
		newest = tsc > newest ? tsc : newest;
	}
	return newest;
}

/* It is the slot before the cursor: in front of it may lie finished records that nobody has taken yet. A cursor that
   points elsewhere tells nothing. */
bool ring_is_writing(const struct rings *rings, unsigned cpu)
{
	const struct ring *ring = &rings->cpus[cpu];
	gva_t cursor;
	uint64_t slot;

	guest_ram_read_u64(rings->ram, ring->cursor, &cursor);
	slot = (cursor - tail_address(ring, 0)) / VMM_RING_SLOT;
	if (ring->closed || slot <= ring->next || slot > rings->slots || cursor != tail_address(ring, (unsigned)slot))
		return false;
	return __atomic_load_n(&slot_memory(rings, ring, (unsigned)slot - 1)->state, __ATOMIC_ACQUIRE) == 0;
}

void ring_close(struct rings *rings, unsigned cpu)
{
	rings->cpus[cpu].closed = true;
	set_cursor(rings, &rings->cpus[cpu], rings->slots);
}

void ring_reopen(struct rings *rings, unsigned cpu)
{
	struct ring *ring = &rings->cpus[cpu];

	if (!ring->closed && ring->next < rings->slots)
		return;
	if (ring->next == rings->slots)
		ring->next = 0;
	set_cursor(rings, ring, ring->next);
	ring->closed = false;
}
