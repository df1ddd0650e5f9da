/* SPDX-License-Identifier: MIT */
/*
 * test_walk.c: does the walk find what the tables say, and does it stay inside the RAM whatever they say?
 */
#include <string.h>
#include <time.h>

#include "guest_tables.h"
#include "run/walk.h"
#include "suites.h"

#define PAGE UINT64_C(0x400000)

static struct guest guest;
static struct walk walk;
static uint64_t tables; /* budget of a walk over all pages */

static void setup(void)
{
	guest_open(&guest);
	tables = GUEST_RAM_SIZE / PAGE_SIZE;
}

static void teardown(void)
{
	guest_close(&guest);
}

START_TEST(small_page)
{
	gpa_t frame = guest_map(&guest, PAGE, GUEST_ALL);

	walk_address(&guest.ram, guest.root, PAGE + 0x123, &walk);
	ck_assert(walk.canonical && walk.present && !walk.outside);
	ck_assert_uint_eq(walk.levels, 4);
	ck_assert_uint_eq(walk.page, PAGE_SIZE);
	ck_assert_uint_eq(walk.gpa, frame + 0x123);
	ck_assert_uint_eq(walk.entries[3].entry, frame | GUEST_ALL);
	ck_assert_uint_eq(walk.entries[2].index, 2);
	ck_assert(walk.user && walk.writable && walk.executable);
}
END_TEST

/* The low bits of a large page's address are flags (PAT, global), not part of the frame. */
START_TEST(large_page)
{
	*guest_entry(&guest, PAGE, 2) = 0x201000 | GUEST_ALL | PTE_PS;
	walk_address(&guest.ram, guest.root, PAGE + 0x12345, &walk);
	ck_assert(walk.present);
	ck_assert_uint_eq(walk.levels, 3);
	ck_assert_uint_eq(walk.page, LARGE_PAGE_SIZE);
	ck_assert_uint_eq(walk.gpa, 0x212345);
}
END_TEST

START_TEST(huge_page)
{
	*guest_entry(&guest, PAGE, 1) = UINT64_C(0x40000000) | GUEST_ALL | PTE_PS;
	walk_address(&guest.ram, guest.root, 0x1234567, &walk);
	ck_assert(walk.present);
	ck_assert_uint_eq(walk.levels, 2);
	ck_assert_uint_eq(walk.page, HUGE_PAGE_SIZE);
	ck_assert_uint_eq(walk.gpa, 0x41234567);
}
END_TEST

/* PS means nothing in a PTE: there it is the PAT bit. */
START_TEST(pat_bit)
{
	gpa_t frame = guest_map(&guest, PAGE, GUEST_ALL | PTE_PS);

	walk_address(&guest.ram, guest.root, PAGE, &walk);
	ck_assert(walk.present);
	ck_assert_uint_eq(walk.page, PAGE_SIZE);
	ck_assert_uint_eq(walk.gpa, frame);
}
END_TEST

/* A right must be given at every level. */
START_TEST(rights)
{
	unsigned depth = (unsigned)_i;

	guest_map(&guest, PAGE, GUEST_ALL);
	*guest_entry(&guest, PAGE, depth) &= ~PTE_U;
	walk_address(&guest.ram, guest.root, PAGE, &walk);
	ck_assert(!walk.user && walk.writable && walk.executable);
	*guest_entry(&guest, PAGE, depth) ^= PTE_U | PTE_W;
	walk_address(&guest.ram, guest.root, PAGE, &walk);
	ck_assert(walk.user && !walk.writable && walk.executable);
	*guest_entry(&guest, PAGE, depth) ^= PTE_W | PTE_NX;
	walk_address(&guest.ram, guest.root, PAGE, &walk);
	ck_assert(walk.present && walk.user && walk.writable && !walk.executable);
}
END_TEST

START_TEST(not_present)
{
	unsigned depth = (unsigned)_i;

	guest_map(&guest, PAGE, GUEST_ALL);
	*guest_entry(&guest, PAGE, depth) &= ~PTE_P;
	walk_address(&guest.ram, guest.root, PAGE, &walk);
	ck_assert(!walk.present && !walk.outside && walk.canonical);
	ck_assert_uint_eq(walk.levels, depth + 1);
}
END_TEST

START_TEST(not_canonical)
{
	static const gva_t holes[] = {USER_HALF_END, UINT64_C(0xffff7fffffffffff), UINT64_C(0x1234567812345678)};

	walk_address(&guest.ram, guest.root, holes[_i], &walk);
	ck_assert(!walk.canonical && !walk.present);
	ck_assert_uint_eq(walk.levels, 0);
	walk_address(&guest.ram, guest.root, USER_HALF_END - 1, &walk);
	ck_assert(walk.canonical);
	walk_address(&guest.ram, guest.root, KERNEL_HALF, &walk);
	ck_assert(walk.canonical);
}
END_TEST

START_TEST(outside)
{
	walk_address(&guest.ram, GUEST_RAM_SIZE, PAGE, &walk);
	ck_assert(walk.outside && !walk.present);
	walk_address(&guest.ram, ~UINT64_C(0), PAGE, &walk);
	ck_assert(walk.outside && !walk.present);
	guest_map(&guest, PAGE, GUEST_ALL);
	*guest_entry(&guest, PAGE, _i) = PTE_ADDRESS | GUEST_ALL;
	walk_address(&guest.ram, guest.root, PAGE, &walk);
	ck_assert(walk.outside && !walk.present);
	ck_assert_uint_eq(walk.levels, _i + 1);
}
END_TEST

/* The low bits of CR3 (PCD, PWT, PCID) and the reserved ones are not part of the address. */
START_TEST(cr3_flags)
{
	gpa_t frame = guest_map(&guest, PAGE, GUEST_ALL);

	walk_address(&guest.ram, guest.root | 0x8000000000000fff, PAGE, &walk);
	ck_assert(walk.present);
	ck_assert_uint_eq(walk.gpa, frame);
}
END_TEST

START_TEST(read_across_pages)
{
	char bytes[16] = "";

	guest_map(&guest, PAGE, PTE_P);
	guest_frame(&guest); /* so that the frames do not follow each other */
	guest_map(&guest, PAGE + PAGE_SIZE, PTE_P | PTE_NX);
	guest_poke(&guest, PAGE + PAGE_SIZE - 4, "abcd", 4);
	guest_poke(&guest, PAGE + PAGE_SIZE, "efgh", 4);
	ck_assert_uint_eq(walk_read(&guest.ram, guest.root, PAGE + PAGE_SIZE - 4, bytes, 8), 8);
	ck_assert_str_eq(bytes, "abcdefgh");
	ck_assert_uint_eq(walk_read(&guest.ram, guest.root, PAGE + 2 * PAGE_SIZE - 3, bytes, 8), 3);
	ck_assert_uint_eq(walk_read(&guest.ram, guest.root, PAGE - 1, bytes, 8), 0);
	ck_assert_uint_eq(walk_read(&guest.ram, guest.root, USER_HALF_END, bytes, 8), 0);
}
END_TEST

/* A page that is present but whose frame does not exist cannot be read or written. */
START_TEST(frame_outside)
{
	uint64_t bytes = 0x5a5a;

	*guest_entry(&guest, PAGE, 3) = GUEST_RAM_SIZE | GUEST_ALL;
	ck_assert_uint_eq(walk_read(&guest.ram, guest.root, PAGE, &bytes, 8), 0);
	ck_assert_uint_eq(walk_write(&guest.ram, guest.root, PAGE, &bytes, 8), 0);
	*guest_entry(&guest, PAGE, 2) = (GUEST_RAM_SIZE - LARGE_PAGE_SIZE) | GUEST_ALL | PTE_PS;
	ck_assert_uint_eq(walk_read(&guest.ram, guest.root, PAGE + LARGE_PAGE_SIZE - 8, &bytes, 8), 8);
	ck_assert_uint_eq(walk_read(&guest.ram, guest.root, PAGE + LARGE_PAGE_SIZE - 4, &bytes, 8), 4);
}
END_TEST

START_TEST(write_stops_at_read_only)
{
	char bytes[8] = "";

	guest_map(&guest, PAGE, PTE_P | PTE_W);
	guest_map(&guest, PAGE + PAGE_SIZE, PTE_P);
	ck_assert_uint_eq(walk_write(&guest.ram, guest.root, PAGE + PAGE_SIZE - 4, "abcdefgh", 8), 4);
	ck_assert_uint_eq(walk_read(&guest.ram, guest.root, PAGE + PAGE_SIZE - 4, bytes, 8), 8);
	ck_assert_mem_eq(bytes, "abcd\0\0\0\0", 8);
	ck_assert_uint_eq(walk_write(&guest.ram, guest.root, PAGE + PAGE_SIZE, "abcd", 4), 0);
}
END_TEST

struct found {
	gva_t last;
	uint64_t pages, stop_after;
	struct walk_page page;
};

static bool note_page(void *context, const struct walk_page *page)
{
	struct found *found = context;

	if (found->pages != 0 && page->gva <= found->last)
		ck_abort_msg("0x%lx after 0x%lx", page->gva, found->last);
	found->last = page->gva;
	found->page = *page;
	found->pages++;
	return found->pages != found->stop_after;
}

START_TEST(all_pages)
{
	struct walk_totals totals;
	struct found found = {0};

	guest_map(&guest, PAGE, GUEST_ALL);
	guest_map(&guest, USER_HALF_END - PAGE_SIZE, GUEST_ALL);
	*guest_entry(&guest, DIRECT_MAP, 2) = PTE_P | PTE_W | PTE_PS | PTE_NX;
	guest_map(&guest, 0 - PAGE_SIZE, PTE_P | PTE_SW_COW);
	walk_pages(&guest.ram, guest.root, note_page, &found, &tables, &totals);
	ck_assert_uint_eq(found.pages, 4);
	ck_assert_uint_eq(found.page.gva, 0 - PAGE_SIZE);
	ck_assert(!found.page.user && !found.page.writable && found.page.executable && found.page.cow);
	ck_assert_uint_eq(totals.user_tables, 6);
	ck_assert_uint_eq(totals.kernel_tables, 5);
	ck_assert_uint_eq(totals.problems, 0);
	ck_assert(!totals.cut_short);
	found = (struct found){.stop_after = 2};
	walk_pages(&guest.ram, guest.root, note_page, &found, &tables, &totals);
	ck_assert_uint_eq(found.pages, 2);
	ck_assert_uint_eq(found.last, USER_HALF_END - PAGE_SIZE);
}
END_TEST

START_TEST(all_pages_rights)
{
	struct walk_totals totals;
	struct found found = {0};

	guest_map(&guest, PAGE, GUEST_ALL);
	*guest_entry(&guest, PAGE, _i) ^= PTE_U | PTE_W | PTE_NX;
	walk_pages(&guest.ram, guest.root, note_page, &found, &tables, &totals);
	ck_assert_uint_eq(found.pages, 1);
	ck_assert(!found.page.user && !found.page.writable && !found.page.executable);
	ck_assert_uint_eq(found.page.gpa, *guest_entry(&guest, PAGE, 3) & PTE_ADDRESS);
}
END_TEST

START_TEST(tables_outside)
{
	struct walk_totals totals;
	struct found found = {0};

	guest_map(&guest, PAGE, GUEST_ALL);
	*guest_entry(&guest, PAGE + HUGE_PAGE_SIZE, 1) = GUEST_RAM_SIZE | GUEST_ALL;
	*guest_entry(&guest, UINT64_C(5) << 39, 0) = PTE_ADDRESS | GUEST_ALL;
	walk_pages(&guest.ram, guest.root, note_page, &found, &tables, &totals);
	ck_assert_uint_eq(found.pages, 1);
	ck_assert_uint_eq(totals.problems, 2);
	walk_pages(&guest.ram, GUEST_RAM_SIZE - PAGE_SIZE / 2, note_page, &found, &tables, &totals);
	walk_pages(&guest.ram, PTE_ADDRESS, note_page, &found, &tables, &totals);
	ck_assert_uint_eq(found.pages, 1);
	ck_assert_uint_eq(totals.problems, 1);
}
END_TEST

/* The root leads to itself in each entry: 2^36 pages by the tables, but no more tables than frames are visited. */
START_TEST(circles)
{
	uint64_t *root = (uint64_t *)(guest.ram.bytes + guest.root);
	struct walk_totals totals;
	struct found found = {0};
	clock_t start = clock();

	for (unsigned i = 0; i < PAGE_TABLE_ENTRIES; i++)
		root[i] = guest.root | GUEST_ALL;
	walk_pages(&guest.ram, guest.root, note_page, &found, &tables, &totals);
	ck_assert(totals.cut_short);
	ck_assert_uint_eq(tables, 0);
	ck_assert_uint_gt(found.pages, 0);
	ck_assert_uint_le(found.pages, GUEST_RAM_SIZE / PAGE_SIZE * PAGE_TABLE_ENTRIES);
	ck_assert_int_lt(clock() - start, 5 * CLOCKS_PER_SEC);
	walk_address(&guest.ram, guest.root, PAGE, &walk);
	ck_assert(walk.present);
	ck_assert_uint_eq(walk.gpa, guest.root);
}
END_TEST

START_TEST(entry_names)
{
	ck_assert_str_eq(walk_entry_name(0), "PML4E");
	ck_assert_str_eq(walk_entry_name(1), "PDPE");
	ck_assert_str_eq(walk_entry_name(2), "PDE");
	ck_assert_str_eq(walk_entry_name(3), "PTE");
	ck_assert_str_eq(walk_entry_name(4), "?");
}
END_TEST

/* ---- walks that a recorder has written down ---- */

static uint64_t recorded[WALK_LEVELS];

/* The entries as the recorder takes them: it goes on behind one that leads nowhere, and what it reads there is noise.
 */
static void record_walk(gva_t gva)
{
	struct walk live;

	walk_address(&guest.ram, guest.root, gva, &live);
	for (unsigned depth = 0; depth < WALK_LEVELS; depth++)
		recorded[depth] = depth < live.levels ? live.entries[depth].entry : UINT64_MAX;
	memset(&walk, 0xff, sizeof(walk));
	walk_recorded(&guest.ram, recorded, gva, &walk);
	ck_assert_uint_eq(walk.levels, live.levels);
	ck_assert(walk.canonical == live.canonical && walk.present == live.present && walk.outside == live.outside);
	ck_assert(walk.user == live.user && walk.writable == live.writable && walk.executable == live.executable);
	ck_assert_uint_eq(walk.page, live.page);
	ck_assert_uint_eq(walk.gpa, live.gpa);
	ck_assert_mem_eq(walk.entries, live.entries, sizeof(walk.entries));
}

START_TEST(recorded_page)
{
	gpa_t frame = guest_map(&guest, PAGE, GUEST_ALL | PTE_NX);

	record_walk(PAGE + 0x123);
	ck_assert(walk.present && walk.user && walk.writable && !walk.executable);
	ck_assert_uint_eq(walk.gpa, frame + 0x123);
	*guest_entry(&guest, PAGE, 1) &= ~PTE_W; /* a right that is missing on the way */
	record_walk(PAGE + 0x123);
	ck_assert(walk.present && !walk.writable);
}
END_TEST

/* Not present at the given depth: what the recorder read behind it does not count. */
START_TEST(recorded_missing)
{
	guest_map(&guest, PAGE, GUEST_ALL);
	*guest_entry(&guest, PAGE, (unsigned)_i) &= ~PTE_P;
	record_walk(PAGE);
	ck_assert(!walk.present && !walk.outside);
	ck_assert_uint_eq(walk.levels, (unsigned)_i + 1);
}
END_TEST

START_TEST(recorded_large_pages)
{
	*guest_entry(&guest, PAGE, 2) = 0x201000 | GUEST_ALL | PTE_PS;
	record_walk(PAGE + 0x12345);
	ck_assert_uint_eq(walk.page, LARGE_PAGE_SIZE);
	ck_assert_uint_eq(walk.gpa, 0x212345);
	*guest_entry(&guest, PAGE, 1) = UINT64_C(0x40000000) | GUEST_ALL | PTE_PS; /* the page may lie anywhere */
	record_walk(0x1234567);
	ck_assert_uint_eq(walk.page, HUGE_PAGE_SIZE);
	ck_assert_uint_eq(walk.gpa, 0x41234567);
}
END_TEST

/* A table outside of the RAM */
START_TEST(recorded_outside)
{
	guest_map(&guest, PAGE, GUEST_ALL);
	*guest_entry(&guest, PAGE, (unsigned)_i) = GUEST_RAM_SIZE | GUEST_ALL;
	record_walk(PAGE);
	ck_assert(walk.outside && !walk.present);
	ck_assert_uint_eq(walk.levels, (unsigned)_i + 1);
}
END_TEST

START_TEST(recorded_not_canonical)
{
	memset(recorded, 0xff, sizeof(recorded));
	walk_recorded(&guest.ram, recorded, UINT64_C(0x800000000000), &walk);
	ck_assert(!walk.canonical && !walk.present);
	ck_assert_uint_eq(walk.levels, 0);
}
END_TEST

/* Any entries and addresses */
START_TEST(recorded_garbage)
{
	uint64_t random = 1;

	for (unsigned round = 0; round < 100000; round++) {
		for (unsigned depth = 0; depth < WALK_LEVELS; depth++) {
			random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
			recorded[depth] = (random >> 20) | (round & PTE_P);
		}
		walk_recorded(&guest.ram, recorded, random << (random & 63), &walk);
		ck_assert_uint_le(walk.levels, WALK_LEVELS);
		ck_assert(!(walk.present && walk.outside));
	}
}
END_TEST

static void add_recorded(Suite *suite)
{
	TCase *walks = tcase_create("recorded");

	tcase_add_checked_fixture(walks, setup, teardown);
	tcase_add_test(walks, recorded_page);
	tcase_add_loop_test(walks, recorded_missing, 0, WALK_LEVELS);
	tcase_add_test(walks, recorded_large_pages);
	tcase_add_loop_test(walks, recorded_outside, 0, WALK_LEVELS - 1);
	tcase_add_test(walks, recorded_not_canonical);
	tcase_add_test(walks, recorded_garbage);
	suite_add_tcase(suite, walks);
}

Suite *walk_suite(void)
{
	Suite *suite = suite_create("walk");
	TCase *one = tcase_create("one address"), *bytes = tcase_create("bytes"), *all = tcase_create("all pages");

	tcase_add_checked_fixture(one, setup, teardown);
	tcase_add_checked_fixture(bytes, setup, teardown);
	tcase_add_checked_fixture(all, setup, teardown);
	tcase_add_test(one, small_page);
	tcase_add_test(one, large_page);
	tcase_add_test(one, huge_page);
	tcase_add_test(one, pat_bit);
	tcase_add_loop_test(one, rights, 0, 4);
	tcase_add_loop_test(one, not_present, 0, 4);
	tcase_add_loop_test(one, not_canonical, 0, 3);
	tcase_add_loop_test(one, outside, 0, 3);
	tcase_add_test(one, cr3_flags);
	tcase_add_test(one, entry_names);
	tcase_add_test(bytes, read_across_pages);
	tcase_add_test(bytes, frame_outside);
	tcase_add_test(bytes, write_stops_at_read_only);
	tcase_add_test(all, all_pages);
	tcase_add_loop_test(all, all_pages_rights, 0, 4);
	tcase_add_test(all, tables_outside);
	tcase_add_test(all, circles);
	suite_add_tcase(suite, one);
	suite_add_tcase(suite, bytes);
	suite_add_tcase(suite, all);
	add_recorded(suite);
	return suite;
}
