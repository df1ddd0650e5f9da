/* SPDX-License-Identifier: MIT */
/*
 * test_rings.c: are the rings of method `ring` set up only in memory that is the kernel's own, and are records taken
 * out once, in the order of their times, whatever the guest writes meanwhile?
 */
#include <string.h>

#include "guest_tables.h"
#include "run/rings.h"
#include "run/system_calls.h"
#include "suites.h"
#include "syscalls.h"

#define DATA   (KERNEL_BASE + 0x200000) /* of the kernel: struct vmm_rings, cursors, plans */
#define STRIDE 256
#define PLAN   (DATA + 0x1000)
#define I386   (DATA + 0x1000 + VMM_PLAN_CALLS)
#define CPUS   2
#define MEMORY GUEST_RAM_SIZE /* the rings lie behind the RAM that the tables are made in */

static struct guest guest;
static struct guest_ram ram; /* the same, with the rings behind it */
static struct vmm_rings kernel;
static struct site_table sites;
static struct rings rings;
static struct record record;
static struct vmm_error error;
static unsigned cpu;

static void write_kernel(void)
{
	guest_poke(&guest, DATA, &kernel, sizeof(kernel));
}

static void setup(void)
{
	ck_assert(guest_ram_open(&ram, GUEST_RAM_SIZE + TRACE_RINGS_SIZE, &error));
	guest = (struct guest){.ram = ram, .next = PAGE_SIZE};
	guest.ram.size = GUEST_RAM_SIZE;
	guest.root = guest_frame(&guest);
	guest_map(&guest, DATA, PTE_P | PTE_W);
	guest_map(&guest, DATA + PAGE_SIZE, PTE_P | PTE_W);
	for (unsigned depth = 0; depth < 3; depth++)
		*guest_entry(&guest, DATA, depth) &= ~PTE_U;
	kernel = (struct vmm_rings){
		.cursor = DATA + 0x100,
		.stride = STRIDE,
		.cpus = 4,
		.plan = PLAN,
		.i386_plan = I386,
	};
	write_kernel();
	sites = (struct site_table){.rings = DATA, .linux_abi = true};
}

static void teardown(void)
{
	guest_ram_close(&ram);
}

static void open_rings(unsigned cpus)
{
	ck_assert_msg(rings_open(&rings, &sites, &ram, guest.root, MEMORY, cpus, &error), "%s", error.text);
	ck_assert_uint_eq(rings.count, cpus);
}

static void refused(void)
{
	write_kernel();
	ck_assert(!rings_open(&rings, &sites, &ram, guest.root, MEMORY, CPUS, &error));
	ck_assert_uint_eq(rings.count, 0); /* nothing will be taken out of them */
	ck_assert_msg(strstr(error.text, "struct vmm_rings at 0xffffffff80200000") != NULL, "%s", error.text);
}

static uint8_t *data_at(gva_t address)
{
	return ram.bytes + (*guest_entry(&guest, address, 3) & PTE_ADDRESS) + address % PAGE_SIZE;
}

static uint64_t cursor_of(unsigned number)
{
	uint64_t value;

	memcpy(&value, data_at(DATA + 0x100 + (gva_t)number * STRIDE), sizeof(value));
	return value;
}

/* As the recorder does: moves the cursor on, writes the record, and its state last. */
static struct record *slot_at(gva_t tail)
{
	return (struct record *)(ram.bytes + MEMORY + (tail - VMM_RING_TAIL - TRACE_RINGS));
}

static struct record *begin_record(unsigned number)
{
	struct record *slot = slot_at(cursor_of(number));
	uint64_t next = cursor_of(number) + VMM_RING_SLOT;

	ck_assert_uint_eq(slot->state, 0);
	memcpy(data_at(DATA + 0x100 + (gva_t)number * STRIDE), &next, sizeof(next));
	return slot;
}

static void set_tsc(struct record *slot, uint64_t tsc)
{
	uint64_t low = tsc & UINT32_MAX, high = tsc >> 32;

	memcpy((uint8_t *)slot + VMM_RING_TAIL - 8 * VMM_WORD_TSC_LOW, &low, sizeof(low));
	memcpy((uint8_t *)slot + VMM_RING_TAIL - 8 * VMM_WORD_TSC_HIGH, &high, sizeof(high));
}

static void put(unsigned number, uint64_t tsc, uint64_t state)
{
	struct record *slot = begin_record(number);

	set_tsc(slot, tsc);
	slot->state = state;
}

static void takes(uint64_t limit, unsigned from, uint64_t state)
{
	ck_assert(rings_take(&rings, limit, &record, &cpu));
	ck_assert_uint_eq(cpu, from);
	ck_assert_uint_eq(record.state, state);
}

static void takes_nothing(uint64_t limit)
{
	ck_assert(!rings_take(&rings, limit, &record, &cpu));
}

/* ---- opening ---- */

START_TEST(opened)
{
	open_rings(CPUS);
	ck_assert_uint_eq(rings.slots, TRACE_RINGS_SIZE / CPUS / VMM_RING_SLOT - 1);
	for (unsigned i = 0; i < CPUS; i++) {
		gva_t base = TRACE_RINGS + (rings.slots + 1) * VMM_RING_SLOT * (gva_t)i;

		ck_assert_uint_eq(cursor_of(i), base + VMM_RING_TAIL);
		ck_assert_uint_ne(slot_at(base + (gva_t)rings.slots * VMM_RING_SLOT + VMM_RING_TAIL)->state, 0);
		ck_assert_uint_eq(slot_at(base + VMM_RING_TAIL)->state, 0);
		ck_assert_uint_le(base + (rings.slots + 1) * VMM_RING_SLOT, TRACE_RINGS + TRACE_RINGS_SIZE);
	}
	ck_assert_uint_eq(cursor_of(2), 0); /* another CPU's is not touched */
	takes_nothing(UINT64_MAX);
}
END_TEST

/* One to as many CPUs as the kernel has: no ring reaches beyond the memory. */
START_TEST(any_number_of_cpus)
{
	for (unsigned cpus = 1; cpus <= VMM_CPUS_MAX; cpus++) {
		kernel.cpus = VMM_CPUS_MAX;
		kernel.stride = 16;
		write_kernel();
		open_rings(cpus);
		ck_assert_uint_le(rings.cpus[cpus - 1].slots + (rings.slots + 1) * VMM_RING_SLOT, ram.size);
		ck_assert_uint_eq(rings.cpus[cpus - 1].base - TRACE_RINGS, rings.cpus[cpus - 1].slots - MEMORY);
	}
}
END_TEST

START_TEST(plans)
{
	open_rings(1);
	for (unsigned i = 0; i < VMM_PLAN_CALLS; i++) {
		ck_assert_uint_eq(data_at(PLAN)[i], system_call_plan(system_call_x86_64(i)->name, false));
		ck_assert_uint_eq(data_at(I386)[i], system_call_plan(system_call_i386(i)->name, true));
	}
	ck_assert_uint_eq(data_at(PLAN)[SYS_write], VMM_PLAN_ENTRY_CAPTURE | VMM_PLAN_RETURN_FLAGGED);
}
END_TEST

/* A kernel whose calls are not Linux's: nothing is known of their arguments. */
START_TEST(no_plans)
{
	sites.linux_abi = false;
	kernel.plan = kernel.i386_plan = 0;
	write_kernel();
	open_rings(1);
}
END_TEST

START_TEST(bad_structure)
{
	static const gva_t places[] = {0, DATA + 4 * PAGE_SIZE, DATA + 2 * PAGE_SIZE - 8, UINT64_C(0x800000000000),
				       UINT64_MAX};

	sites.rings = places[_i];
	ck_assert(!rings_open(&rings, &sites, &ram, guest.root, MEMORY, CPUS, &error));
	ck_assert_uint_eq(rings.count, 0);
	ck_assert_ptr_nonnull(strstr(error.text, "struct vmm_rings"));
}
END_TEST

START_TEST(bad_numbers)
{
	static const struct vmm_rings bad[] = {
		{.cursor = 0, .stride = STRIDE, .cpus = 4, .plan = PLAN, .i386_plan = I386},
		{.cursor = DATA + 0x10000, .stride = STRIDE, .cpus = 4, .plan = PLAN, .i386_plan = I386},
		{.cursor = UINT64_C(0x800000000000), .stride = STRIDE, .cpus = 4, .plan = PLAN, .i386_plan = I386},
		{.cursor = UINT64_MAX - 3, .stride = STRIDE, .cpus = 4, .plan = PLAN, .i386_plan = I386},
		{.cursor = DATA + 2 * PAGE_SIZE - 4, .stride = 0, .cpus = 4, .plan = PLAN, .i386_plan = I386},
		{.cursor = DATA, .stride = 1 << 20, .cpus = 4, .plan = PLAN, .i386_plan = I386},
		{.cursor = DATA, .stride = UINT64_MAX - DATA, .cpus = 4, .plan = PLAN, .i386_plan = I386},
		{.cursor = DATA, .stride = STRIDE, .cpus = 0, .plan = PLAN, .i386_plan = I386},
		{.cursor = DATA, .stride = STRIDE, .cpus = 1, .plan = PLAN, .i386_plan = I386},
		{.cursor = DATA, .stride = STRIDE, .cpus = 4, .plan = 0, .i386_plan = I386},
		{.cursor = DATA, .stride = STRIDE, .cpus = 4, .plan = PLAN, .i386_plan = UINT64_MAX - 100},
		{.cursor = DATA,
		 .stride = STRIDE,
		 .cpus = 4,
		 .plan = PLAN,
		 .i386_plan = DATA + 2 * PAGE_SIZE - VMM_PLAN_CALLS + 1},
	};

	kernel = bad[_i];
	refused();
}
END_TEST

/* The VMM writes there: it must be memory that ring 0 may write, and ring 3 may not touch. */
START_TEST(bad_pages)
{
	uint64_t *entry = guest_entry(&guest, DATA + (_i < 3 ? 0 : PAGE_SIZE), 3);

	switch (_i % 3) {
	case 0:
		*entry &= ~PTE_W;
		break;
	case 1:
		*entry |= PTE_U;
		for (unsigned depth = 0; depth < 3; depth++)
			*guest_entry(&guest, DATA, depth) |= PTE_U;
		break;
	default:
		*entry = (ram.size + PAGE_SIZE) | PTE_P | PTE_W;
	}
	ck_assert(!rings_open(&rings, &sites, &ram, guest.root, MEMORY, CPUS, &error));
	ck_assert_uint_eq(rings.count, 0);
}
END_TEST

/* A plan across two pages that do not follow each other in memory: the VMM would write into somebody else's. */
START_TEST(torn_plan)
{
	guest_map(&guest, DATA + 2 * PAGE_SIZE, PTE_P | PTE_W);
	guest_map(&guest, DATA + 3 * PAGE_SIZE, PTE_P | PTE_W);
	kernel.plan = DATA + 3 * PAGE_SIZE - 16;
	write_kernel();
	open_rings(CPUS);
	guest_frame(&guest);
	*guest_entry(&guest, DATA + 3 * PAGE_SIZE, 3) = guest_frame(&guest) | PTE_P | PTE_W;
	refused();
}
END_TEST

/* ---- taking ---- */

START_TEST(taken_once)
{
	open_rings(1);
	put(0, 100, 0x11);
	put(0, 200, 0x22);
	takes(UINT64_MAX, 0, 0x11);
	ck_assert_uint_eq(record_tsc(&record), 100);
	ck_assert_uint_eq(slot_at(TRACE_RINGS + VMM_RING_TAIL)->state, 0); /* free again */
	takes(UINT64_MAX, 0, 0x22);
	takes_nothing(UINT64_MAX);
	put(0, 300, 0x33);
	takes(UINT64_MAX, 0, 0x33);
	ck_assert_uint_eq(rings.taken, 3);
}
END_TEST

START_TEST(by_time)
{
	open_rings(3);
	put(0, 100, 0x01);
	put(0, UINT64_C(0x500000000), 0x04);
	put(1, 200, 0x02);
	put(1, UINT64_C(0x500000001), 0x05);
	put(2, 300, 0x03);
	put(2, UINT64_C(0x500000001), 0x06);
	takes(UINT64_MAX, 0, 0x01);
	takes(UINT64_MAX, 1, 0x02);
	takes(UINT64_MAX, 2, 0x03);
	takes(UINT64_MAX, 0, 0x04);
	ck_assert(rings_take(&rings, UINT64_MAX, &record, &cpu)); /* equally old */
	ck_assert(rings_take(&rings, UINT64_MAX, &record, &cpu));
	takes_nothing(UINT64_MAX);
	ck_assert_uint_eq(rings.taken, 6);
}
END_TEST

START_TEST(limit)
{
	open_rings(2);
	put(0, 1000, 0x10);
	put(1, 999, 0x9);
	takes_nothing(998);
	takes(999, 1, 0x9);
	takes_nothing(999);
	takes(1000, 0, 0x10);
	put(0, UINT64_MAX, 0x77); /* a time that will never come: taken at the end, without a limit */
	takes_nothing(UINT64_MAX - 1);
	takes(UINT64_MAX, 0, 0x77);
}
END_TEST

/* A guest may write any state, also at the end of the ring; none of that is taken twice or from behind the end. */
START_TEST(end_of_the_ring)
{
	open_rings(CPUS);
	for (unsigned i = 0; i < rings.slots; i++)
		put(0, i, 1 + i);
	ck_assert_uint_ne(slot_at(cursor_of(0))->state, 0); /* here the recorder stops */
	for (unsigned i = 0; i < rings.slots; i++)
		takes(UINT64_MAX, 0, 1 + i);
	takes_nothing(UINT64_MAX);
	ck_assert_uint_eq(slot_at(cursor_of(0))->state, UINT64_MAX);
	slot_at(cursor_of(0))->state = 0x4711;
	takes_nothing(UINT64_MAX);
	ring_reopen(&rings, 0);
	ck_assert_uint_eq(cursor_of(0), TRACE_RINGS + VMM_RING_TAIL);
	put(0, 5, 0x55);
	takes(UINT64_MAX, 0, 0x55);
}
END_TEST

/* The guest overwrites a slot that was judged: what is returned is one copy, and the ring goes on. */
START_TEST(changed_behind_the_back)
{
	open_rings(1);
	put(0, 100, 0x11);
	slot_at(TRACE_RINGS + VMM_RING_TAIL)->state = UINT64_MAX;
	set_tsc(slot_at(TRACE_RINGS + VMM_RING_TAIL), 50);
	takes(99, 0, UINT64_MAX);
	ck_assert_uint_eq(record_tsc(&record), 50);
	takes_nothing(UINT64_MAX);
	slot_at(TRACE_RINGS + VMM_RING_TAIL)->state = 0x12; /* a slot that lies behind: not looked at again */
	takes_nothing(UINT64_MAX);
}
END_TEST

/* ---- writing, closing ---- */

START_TEST(writing)
{
	struct record *slot;

	open_rings(CPUS);
	ck_assert(!ring_is_writing(&rings, 0));
	slot = begin_record(0);
	ck_assert(ring_is_writing(&rings, 0));
	ck_assert(!ring_is_writing(&rings, 1));
	takes_nothing(UINT64_MAX); /* not finished */
	slot->state = 0x11;
	ck_assert(!ring_is_writing(&rings, 0));
	takes(UINT64_MAX, 0, 0x11);
	ck_assert(!ring_is_writing(&rings, 0));
}
END_TEST

START_TEST(closed)
{
	open_rings(CPUS);
	put(0, 1, 0x11);
	ring_close(&rings, 0);
	ck_assert_uint_ne(slot_at(cursor_of(0))->state, 0);
	ck_assert(!ring_is_writing(&rings, 0));
	ck_assert_uint_eq(cursor_of(1), rings.cpus[1].base + VMM_RING_TAIL);
	takes(UINT64_MAX, 0, 0x11);
	ring_reopen(&rings, 0);
	ck_assert_uint_eq(cursor_of(0), TRACE_RINGS + VMM_RING_SLOT + VMM_RING_TAIL);
	put(0, 2, 0x22);
	takes(UINT64_MAX, 0, 0x22);
	ring_close(&rings, 0);
	ck_assert(!ring_is_writing(&rings, 0)); /* it is the VMM that moved the cursor */
	ring_reopen(&rings, 0);
	begin_record(0);
	ck_assert(ring_is_writing(&rings, 0));
}
END_TEST

/* Reopening a ring that is open changes nothing: its recorder may have written since. */
START_TEST(reopened_for_nothing)
{
	open_rings(1);
	put(0, 1, 0x11);
	ring_reopen(&rings, 0);
	ck_assert_uint_eq(cursor_of(0), TRACE_RINGS + VMM_RING_SLOT + VMM_RING_TAIL);
	takes(UINT64_MAX, 0, 0x11);
}
END_TEST

START_TEST(closed_at_the_end)
{
	open_rings(CPUS);
	for (unsigned i = 0; i < rings.slots; i++) {
		put(1, i, 1 + i);
		takes(UINT64_MAX, 1, 1 + i);
	}
	ring_close(&rings, 1);
	ring_reopen(&rings, 1);
	ck_assert_uint_eq(cursor_of(1), rings.cpus[1].base + VMM_RING_TAIL);
}
END_TEST

/* Behind finished records that nobody has taken, in the first slot and in the last one */
START_TEST(writing_behind_others)
{
	open_rings(CPUS);
	for (unsigned i = 0; i + 1 < rings.slots; i++) {
		if (i == 5)
			ck_assert(!ring_is_writing(&rings, 0));
		put(0, i, 0x11);
	}
	ck_assert(!ring_is_writing(&rings, 0));
	begin_record(0)->unused = 0;
	ck_assert(ring_is_writing(&rings, 0));
	takes(UINT64_MAX, 0, 0x11);
	ck_assert(ring_is_writing(&rings, 0));
	slot_at(cursor_of(0) - VMM_RING_SLOT)->state = 0x22;
	ck_assert(!ring_is_writing(&rings, 0));
}
END_TEST

/* Whatever the guest makes of its cursor: the VMM only compares it. */
START_TEST(cursor_anywhere)
{
	static const uint64_t cursors[] = {0,          1, UINT64_MAX, TRACE_RINGS - 8, TRACE_RINGS + TRACE_RINGS_SIZE,
					   KERNEL_BASE};

	open_rings(1);
	memcpy(data_at(DATA + 0x100), &cursors[_i], 8);
	ck_assert(!ring_is_writing(&rings, 0));
	takes_nothing(UINT64_MAX);
	ring_reopen(&rings, 0); /* it is open: nothing to do */
	ck_assert_uint_eq(cursor_of(0), cursors[_i]);
	ring_close(&rings, 0);
	ring_reopen(&rings, 0);
	ck_assert_uint_eq(cursor_of(0), TRACE_RINGS + VMM_RING_TAIL);
}
END_TEST

/* ---- plans of single calls ---- */

START_TEST(plan_of_calls)
{
	static const struct {
		const char *name;
		bool i386;
		unsigned plan;
	} calls[] = {
		{"getpid", false, 0},
		{"getppid", false, 0},
		{"exit_group", false, 0},
		{"close", false, 0},
		{"mmap", false, 0},
		{"write", false, VMM_PLAN_ENTRY_CAPTURE | VMM_PLAN_RETURN_FLAGGED},
		{"pwrite64", false, VMM_PLAN_ENTRY_CAPTURE | VMM_PLAN_RETURN_FLAGGED},
		{"read", false, VMM_PLAN_RETURN_CAPTURE},
		{"pread64", false, VMM_PLAN_RETURN_CAPTURE},
		{"openat", false, VMM_PLAN_ENTRY_TRAP | VMM_PLAN_RETURN_TRAP},
		{"open", false, VMM_PLAN_ENTRY_TRAP | VMM_PLAN_RETURN_TRAP},
		{"execve", false, VMM_PLAN_ENTRY_TRAP | VMM_PLAN_RETURN_TRAP},
		{"writev", false, VMM_PLAN_ENTRY_TRAP | VMM_PLAN_RETURN_TRAP},
		{"wait4", false, VMM_PLAN_RETURN_TRAP},
		{"pipe", false, VMM_PLAN_RETURN_TRAP},
		{"uname", false, VMM_PLAN_RETURN_TRAP},
		{NULL, false, 0},
		{"no such call", false, 0},
		{"getpid", true, 0},
		{"write", true, VMM_PLAN_ENTRY_TRAP | VMM_PLAN_RETURN_TRAP},
		{"read", true, VMM_PLAN_RETURN_TRAP},
		{NULL, true, 0},
	};

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		ck_assert_msg(system_call_plan(calls[i].name, calls[i].i386) == calls[i].plan, "%s%s: %u, not %u",
			      calls[i].i386 ? "i386 " : "", calls[i].name,
			      system_call_plan(calls[i].name, calls[i].i386), calls[i].plan);
}
END_TEST

/* Of every call: no contradiction. A recorder does one thing about an entry, and one about a return. */
START_TEST(plans_are_consistent)
{
	for (unsigned i = 0; i < 2 * VMM_PLAN_CALLS; i++) {
		bool i386 = i >= VMM_PLAN_CALLS;
		const char *name = (i386 ? system_call_i386(i - VMM_PLAN_CALLS) : system_call_x86_64(i))->name;
		unsigned plan = system_call_plan(name, i386);
		unsigned entry = plan & (VMM_PLAN_ENTRY_TRAP | VMM_PLAN_ENTRY_CAPTURE);
		unsigned leave = plan & (VMM_PLAN_RETURN_TRAP | VMM_PLAN_RETURN_CAPTURE | VMM_PLAN_RETURN_FLAGGED);

		ck_assert_msg((entry & (entry - 1)) == 0 && (leave & (leave - 1)) == 0, "%s: %u", name, plan);
		ck_assert_msg((plan & ~(entry | leave)) == 0, "%s: %u", name, plan);
		ck_assert_msg(!(leave & VMM_PLAN_RETURN_FLAGGED) || entry == VMM_PLAN_ENTRY_CAPTURE, "%s: %u", name,
			      plan);
		ck_assert_msg(!i386 || !(plan & ~(VMM_PLAN_ENTRY_TRAP | VMM_PLAN_RETURN_TRAP)), "i386 %s: %u", name,
			      plan);
	}
}
END_TEST

static void add_opening(Suite *suite)
{
	TCase *opening = tcase_create("opening");

	tcase_add_checked_fixture(opening, setup, teardown);
	tcase_add_test(opening, opened);
	tcase_add_test(opening, any_number_of_cpus);
	tcase_add_test(opening, plans);
	tcase_add_test(opening, no_plans);
	tcase_add_loop_test(opening, bad_structure, 0, 5);
	tcase_add_loop_test(opening, bad_numbers, 0, 12);
	tcase_add_loop_test(opening, bad_pages, 0, 6);
	tcase_add_test(opening, torn_plan);
	suite_add_tcase(suite, opening);
}

Suite *rings_suite(void)
{
	Suite *suite = suite_create("rings");
	TCase *taking = tcase_create("taking"), *closing = tcase_create("closing"), *calls = tcase_create("plans");

	add_opening(suite);
	tcase_add_checked_fixture(taking, setup, teardown);
	tcase_add_checked_fixture(closing, setup, teardown);
	tcase_add_test(taking, taken_once);
	tcase_add_test(taking, by_time);
	tcase_add_test(taking, limit);
	tcase_add_test(taking, end_of_the_ring);
	tcase_add_test(taking, changed_behind_the_back);
	tcase_add_test(closing, writing);
	tcase_add_test(closing, writing_behind_others);
	tcase_add_test(closing, closed);
	tcase_add_test(closing, reopened_for_nothing);
	tcase_add_test(closing, closed_at_the_end);
	tcase_add_loop_test(closing, cursor_anywhere, 0, 6);
	tcase_add_test(calls, plan_of_calls);
	tcase_add_test(calls, plans_are_consistent);
	suite_add_tcase(suite, taking);
	suite_add_tcase(suite, closing);
	suite_add_tcase(suite, calls);
	return suite;
}
