/* SPDX-License-Identifier: MIT */
/*
 * test_layout.c: are pages merged into the regions that a person would draw, with their rights, names and sharers?
 */
#include <string.h>
#include <unistd.h>

#include "guest_tables.h"
#include "run/layout.h"
#include "run/sharers.h"
#include "suites.h"

#define HEAP  UINT64_C(0x500000)
#define ANON  UINT64_C(0x7fff00000000)
#define USER  (PTE_P | PTE_U | PTE_NX)
#define STACK (USER_STACK_TOP - PAGE_SIZE)

static struct guest guest;
static struct cpu_state state;
static struct symbols symbols;
static struct process_list processes;
static struct layout_request request;
static struct layout layout;

static void setup(void)
{
	guest_open(&guest);
	memset(&processes, 0, sizeof(processes));
	memset(&symbols, 0, sizeof(symbols));
	memset(&layout, 0, sizeof(layout));
	state = (struct cpu_state){.cr0 = CR0_WP, .cr3 = guest.root};
	request = (struct layout_request){.ram = &guest.ram,
					  .state = &state,
					  .symbols = &symbols,
					  .processes = &processes,
					  .user_brk = HEAP,
					  .cr3 = guest.root,
					  .pid = 1,
					  .name = "prog",
					  .when = "start"};
}

static void teardown(void)
{
	layout_free(&layout);
	symbols_free(&symbols);
	guest_close(&guest);
}

static void build(void)
{
	layout_free(&layout);
	ck_assert(layout_build(&layout, &request));
}

static const struct event_region *region_at(gva_t start)
{
	for (size_t i = 0; i < layout.space.region_count; i++)
		if (layout.space.regions[i].start == start)
			return &layout.space.regions[i];
	ck_abort_msg("no region begins at 0x%lx", start);
	return NULL;
}

static gpa_t add_process(uint32_t pid)
{
	gpa_t root = guest_frame(&guest);

	processes.items[processes.count++] = (struct process){.pid = pid, .state = VMM_PROCESS_LIVE, .cr3 = root};
	return root;
}

START_TEST(merged)
{
	gpa_t first = guest_map(&guest, HEAP, USER | PTE_W);

	guest_map(&guest, HEAP + PAGE_SIZE, USER | PTE_W);
	guest_map(&guest, HEAP + 2 * PAGE_SIZE, USER); /* other rights */
	guest_map(&guest, HEAP + 4 * PAGE_SIZE, USER); /* behind a gap */
	build();
	ck_assert_uint_eq(region_at(HEAP)->end, HEAP + 2 * PAGE_SIZE);
	ck_assert(region_at(HEAP)->writable && region_at(HEAP)->readable && !region_at(HEAP)->executable);
	ck_assert_uint_eq(region_at(HEAP)->ring, 3);
	ck_assert_uint_eq(region_at(HEAP)->phys, first);
	ck_assert_str_eq(region_at(HEAP)->name, "[heap]");
	ck_assert_uint_eq(region_at(HEAP + 2 * PAGE_SIZE)->end, HEAP + 3 * PAGE_SIZE);
	ck_assert(!region_at(HEAP + 2 * PAGE_SIZE)->writable);
	ck_assert_uint_eq(region_at(HEAP + 4 * PAGE_SIZE)->end, HEAP + 5 * PAGE_SIZE);
	ck_assert_uint_eq(layout.space.user_pages, 4);
	ck_assert_uint_eq(layout.space.user_bytes, 4 * PAGE_SIZE);
	ck_assert_uint_eq(layout.space.kernel_pages, 0);
}
END_TEST

START_TEST(contiguous)
{
	guest_map(&guest, HEAP, USER);
	guest_map(&guest, HEAP + PAGE_SIZE, USER);
	*guest_entry(&guest, HEAP, 3) = 0x100000 | USER;
	*guest_entry(&guest, HEAP + PAGE_SIZE, 3) = 0x101000 | USER;
	build();
	ck_assert(region_at(HEAP)->contiguous);
	*guest_entry(&guest, HEAP + PAGE_SIZE, 3) = 0x102000 | USER;
	build();
	ck_assert_uint_eq(region_at(HEAP)->end, HEAP + 2 * PAGE_SIZE);
	ck_assert(!region_at(HEAP)->contiguous);
}
END_TEST

/* A large page and a small one beside it are two regions; the last page of all ends at 2^64. */
START_TEST(page_sizes)
{
	*guest_entry(&guest, DIRECT_MAP, 2) = PTE_P | PTE_W | PTE_PS | PTE_NX;
	*guest_entry(&guest, DIRECT_MAP + LARGE_PAGE_SIZE, 3) = 0x200000 | PTE_P | PTE_W | PTE_NX;
	guest_map(&guest, 0 - PAGE_SIZE, PTE_P | PTE_NX);
	build();
	ck_assert_uint_eq(region_at(DIRECT_MAP)->page, LARGE_PAGE_SIZE);
	ck_assert_uint_eq(region_at(DIRECT_MAP)->end, DIRECT_MAP + LARGE_PAGE_SIZE);
	ck_assert_str_eq(region_at(DIRECT_MAP)->name, "direct map");
	ck_assert_uint_eq(region_at(DIRECT_MAP + LARGE_PAGE_SIZE)->page, PAGE_SIZE);
	ck_assert_uint_eq(region_at(0 - PAGE_SIZE)->end, 0);
	ck_assert_uint_eq(layout.space.kernel_bytes, LARGE_PAGE_SIZE + 2 * PAGE_SIZE);
	ck_assert_uint_eq(layout.space.kernel_pages, 3);
}
END_TEST

START_TEST(names)
{
	static const struct {
		gva_t gva;
		const char *name;
	} cases[] = {
		{ANON, "[anonymous]"},
		{0x20000, "[anonymous]"},
		{STACK, "[stack]"},
		{BOOT_INFO_ADDRESS, "boot information"},
		{CPU_AREA_PER_CPU + CPU_AREA_GDT, "GDT"},
		{CPU_AREA_PER_CPU + CPU_AREA_IDT, "IDT"},
		{CPU_AREA_PER_CPU + CPU_AREA_TSS, "TSS"},
		{CPU_AREA_PER_CPU + CPU_AREA_SIZE + CPU_AREA_TSS, "TSS of CPU 1"},
		{CPU_AREA_PER_CPU + CPU_AREA_IDLE_STACK + PAGE_SIZE, "idle stack"},
		{CPU_AREA_PER_CPU + 15 * CPU_AREA_SIZE + CPU_AREA_IDLE_STACK, "idle stack of CPU 15"},
		{CPU_AREA_PER_CPU + 2 * CPU_AREA_SIZE + CPU_AREA_DB_STACK, "#DB stack of CPU 2"},
		{CPU_AREA_PER_CPU + 16 * CPU_AREA_SIZE + CPU_AREA_TSS, "[kernel]"},
		{CPU_AREA_PER_CPU + CPU_AREA_SIZE - PAGE_SIZE, "[kernel]"},
		{KERNEL_STACKS + KERNEL_STACK_GUARD, "kernel stack"},
		{KERNEL_BASE, "[kernel]"},
	};

	guest_map(&guest, cases[_i].gva, cases[_i].gva < USER_HALF_END ? USER : PTE_P | PTE_NX);
	build();
	ck_assert_str_eq(region_at(cases[_i].gva)->name, cases[_i].name);
}
END_TEST

START_TEST(guards)
{
	gva_t kernel_stack = KERNEL_STACKS + KERNEL_STACK_SLOT + KERNEL_STACK_GUARD;

	guest_map(&guest, STACK, USER | PTE_W);
	guest_map(&guest, kernel_stack, PTE_P | PTE_W | PTE_NX);
	guest_map(&guest, CPU_AREA_PER_CPU + CPU_AREA_DF_STACK, PTE_P | PTE_W | PTE_NX);
	build();
	ck_assert(region_at(0)->guard);
	ck_assert_uint_eq(region_at(0)->end, USER_MIN);
	ck_assert(region_at(USER_STACK_BASE - USER_STACK_GUARD)->guard);
	ck_assert(region_at(kernel_stack - KERNEL_STACK_GUARD)->guard);
	ck_assert_uint_eq(region_at(kernel_stack - KERNEL_STACK_GUARD)->ring, 0);
	ck_assert(region_at(CPU_AREA_PER_CPU + CPU_AREA_DF_STACK - PAGE_SIZE)->guard);
	for (size_t i = 1; i < layout.space.region_count; i++)
		ck_assert_uint_lt(layout.space.regions[i - 1].start, layout.space.regions[i].start);
}
END_TEST

/* Where something is mapped there is no guard, whatever the layout promises. */
START_TEST(broken_guards)
{
	guest_map(&guest, STACK, USER | PTE_W);
	guest_map(&guest, USER_STACK_BASE - PAGE_SIZE, USER | PTE_W);
	guest_map(&guest, PAGE_SIZE, USER);
	build();
	for (size_t i = 0; i < layout.space.region_count; i++)
		ck_assert(!layout.space.regions[i].guard);
}
END_TEST

/* What ring 0 may do after WP, SMEP and SMAP */
START_TEST(kernel_rights)
{
	guest_map(&guest, HEAP, PTE_P | PTE_U);
	build();
	ck_assert(region_at(HEAP)->kernel_readable && region_at(HEAP)->kernel_executable);
	ck_assert(!region_at(HEAP)->kernel_writable);
	state.cr0 = 0;
	build();
	ck_assert(region_at(HEAP)->kernel_writable);
	state.cr4 = CR4_SMEP;
	build();
	ck_assert(!region_at(HEAP)->kernel_executable && region_at(HEAP)->kernel_readable);
	state.cr4 = CR4_SMAP;
	build();
	ck_assert(!region_at(HEAP)->kernel_readable && !region_at(HEAP)->kernel_writable);
	ck_assert(region_at(HEAP)->executable); /* for ring 3 nothing has changed */
}
END_TEST

START_TEST(write_and_execute)
{
	guest_map(&guest, HEAP, PTE_P | PTE_U | PTE_W);
	guest_map(&guest, HEAP + PAGE_SIZE, USER | PTE_W);
	guest_map(&guest, KERNEL_BASE, PTE_P | PTE_W);
	build();
	ck_assert_uint_eq(layout.space.wx_pages, 2);
}
END_TEST

START_TEST(copy_on_write)
{
	guest_map(&guest, HEAP, USER | PTE_SW_COW);
	guest_map(&guest, HEAP + PAGE_SIZE, USER);
	build();
	ck_assert_uint_eq(region_at(HEAP)->cow_pages, 0); /* the bit is this kernel's own business */
	request.software_cow = true;
	build();
	ck_assert_uint_eq(region_at(HEAP)->cow_pages, 1);
}
END_TEST

START_TEST(shared_frames)
{
	gpa_t frame = guest_map(&guest, HEAP, USER), second, third;

	guest_map(&guest, HEAP + PAGE_SIZE, USER);
	guest_map(&guest, ANON, USER);
	second = add_process(20);
	third = add_process(30);
	processes.items[processes.count++] = (struct process){.pid = 1, .state = VMM_PROCESS_LIVE, .cr3 = guest.root};
	*guest_entry_of(&guest, second, HEAP, 3) = frame | USER;
	*guest_entry_of(&guest, second, ANON, 3) = frame | USER; /* twice in the same process */
	*guest_entry_of(&guest, third, 0x10000, 3) = frame | USER;
	build();
	ck_assert_uint_eq(region_at(HEAP)->shared_frames, 1);
	ck_assert_uint_eq(region_at(HEAP)->shared_with_count, 2);
	ck_assert_uint_eq(region_at(HEAP)->shared_with[0], 20);
	ck_assert_uint_eq(region_at(HEAP)->shared_with[1], 30);
	ck_assert_uint_eq(region_at(ANON)->shared_frames, 0);
	ck_assert_uint_eq(region_at(ANON)->shared_with_count, 0);
	*guest_entry_of(&guest, second, 0x20000, 3) = *guest_entry(&guest, HEAP + PAGE_SIZE, 3);
	processes.items[1].state = VMM_PROCESS_EXITED;
	build();
	ck_assert_uint_eq(region_at(HEAP)->shared_frames, 2);
	ck_assert_uint_eq(region_at(HEAP)->shared_with_count, 1); /* each process once a region */
}
END_TEST

/* A frame that a process maps at many addresses is noted once. */
START_TEST(sharers_once)
{
	gpa_t frame = guest_map(&guest, HEAP, USER), other = add_process(20);
	struct sharers sharers;
	size_t count;

	for (unsigned i = 0; i < 8; i++)
		*guest_entry_of(&guest, other, ANON + i * PAGE_SIZE, 3) = frame | USER;
	sharers_find(&sharers, &guest.ram, &processes, guest.root, 8, 100);
	ck_assert(!sharers.cut_short);
	ck_assert_uint_eq(sharers.count, 1);
	ck_assert_uint_eq(sharers_of(&sharers, frame, &count)->process, 0);
	ck_assert_uint_eq(count, 1);
	ck_assert_ptr_null(sharers_of(&sharers, frame + PAGE_SIZE, &count));
	sharers_free(&sharers);
	sharers_find(&sharers, &guest.ram, &processes, guest.root, 7, 100);
	ck_assert(sharers.cut_short);
	sharers_free(&sharers);
	sharers_find(&sharers, &guest.ram, &processes, guest.root, 8, 3); /* one table too few */
	ck_assert(sharers.cut_short);
	sharers_free(&sharers);
}
END_TEST

START_TEST(kernel_half)
{
	gpa_t other;

	guest_map(&guest, KERNEL_BASE, PTE_P);
	build();
	ck_assert_uint_eq(layout.space.compared_with, 0);
	ck_assert_uint_eq(layout.space.kernel_tables, 1);
	other = add_process(2);
	build();
	ck_assert_uint_eq(layout.space.compared_with, 1);
	ck_assert(!layout.space.kernel_half_shared);
	*guest_entry_of(&guest, other, KERNEL_BASE, 0) = *guest_entry(&guest, KERNEL_BASE, 0) | PTE_A;
	build();
	ck_assert(layout.space.kernel_half_shared); /* the CPU's accessed bits do not count */
	*guest_entry(&guest, KERNEL_BASE, 0) |= PTE_A;
	*guest_entry_of(&guest, other, KERNEL_BASE, 0) &= ~PTE_A;
	build();
	ck_assert(layout.space.kernel_half_shared);
	*guest_entry_of(&guest, other, KERNEL_HALF, 0) = 0x5000 | PTE_P;
	build();
	ck_assert(!layout.space.kernel_half_shared);
}
END_TEST

/* 2^36 pages by the tables, and 256 processes like that: it ends soon, and says that it is not all. */
START_TEST(hostile_tables)
{
	uint64_t *root = (uint64_t *)(guest.ram.bytes + guest.root);

	for (unsigned i = 0; i < PAGE_TABLE_ENTRIES; i++)
		root[i] = guest.root | USER | (i & 1 ? PTE_W : 0);
	for (unsigned i = 0; i < VMM_PROCESSES; i++)
		processes.items[processes.count++] = (struct process){
			.pid = i, .state = VMM_PROCESS_LIVE, .cr3 = i % 2 ? guest.root + i * PAGE_SIZE : ~UINT64_C(0)};
	for (unsigned i = 1; i < 64; i++)
		memcpy(guest.ram.bytes + guest.root + i * PAGE_SIZE, root, PAGE_SIZE);
	alarm(20);
	build();
	alarm(0);
	ck_assert(layout.cut_short);
	ck_assert_uint_le(layout.space.region_count, 20000);
}
END_TEST

/* Few tables, all alike, so that all their pages are one region: the number of pages is limited, too. */
START_TEST(endless_region)
{
	uint64_t *root = (uint64_t *)(guest.ram.bytes + guest.root);

	for (unsigned i = 0; i < PAGE_TABLE_ENTRIES; i++)
		root[i] = guest.root | USER;
	build();
	ck_assert(layout.cut_short);
	ck_assert_uint_gt(layout.space.user_pages, GUEST_RAM_SIZE / PAGE_SIZE);
	ck_assert_uint_le(layout.space.user_pages, 100000);
}
END_TEST

START_TEST(nothing_there)
{
	request.cr3 = ~UINT64_C(0);
	build();
	ck_assert_uint_eq(layout.space.user_pages + layout.space.kernel_pages, 0);
	ck_assert_uint_eq(layout.space.problems, 1);
	ck_assert_uint_eq(layout.space.kernel_tables, 0);
}
END_TEST

Suite *layout_suite(void)
{
	Suite *suite = suite_create("layout");
	TCase *regions = tcase_create("regions"), *others = tcase_create("other address spaces");

	tcase_add_checked_fixture(regions, setup, teardown);
	tcase_add_checked_fixture(others, setup, teardown);
	tcase_set_timeout(others, 30);
	tcase_add_test(regions, merged);
	tcase_add_test(regions, contiguous);
	tcase_add_test(regions, page_sizes);
	tcase_add_loop_test(regions, names, 0, 15);
	tcase_add_test(regions, guards);
	tcase_add_test(regions, broken_guards);
	tcase_add_test(regions, kernel_rights);
	tcase_add_test(regions, write_and_execute);
	tcase_add_test(regions, copy_on_write);
	tcase_add_test(regions, nothing_there);
	tcase_add_test(others, shared_frames);
	tcase_add_test(others, kernel_half);
	tcase_add_test(others, sharers_once);
	tcase_add_test(others, hostile_tables);
	tcase_add_test(others, endless_region);
	suite_add_tcase(suite, regions);
	suite_add_tcase(suite, others);
	return suite;
}
