/* SPDX-License-Identifier: MIT */
/*
 * test_guest_ram.c: the one door to guest memory is shut for every address that is not inside it.
 */
#include <string.h>

#include "guest_tables.h"
#include "suites.h"

static struct guest_ram ram;

static void setup(void)
{
	struct vmm_error error;

	ck_assert(guest_ram_open(&ram, GUEST_RAM_MIN, &error));
}

static void teardown(void)
{
	guest_ram_close(&ram);
}

START_TEST(bounds)
{
	static const struct {
		gpa_t gpa;
		uint64_t count;
		bool inside;
	} cases[] = {
		{0, 0, true},
		{0, 1, true},
		{0, GUEST_RAM_MIN, true},
		{0, GUEST_RAM_MIN + 1, false},
		{GUEST_RAM_MIN - 1, 1, true},
		{GUEST_RAM_MIN - 1, 2, false},
		{GUEST_RAM_MIN, 0, true},
		{GUEST_RAM_MIN, 1, false},
		{GUEST_RAM_MIN + 1, 0, false},
		{1, UINT64_MAX, false}, /* the sum is 0 */
		{UINT64_MAX, 1, false},
		{UINT64_MAX, UINT64_MAX, false},
		{UINT64_MAX - 7, 8, false},
	};
	const void *hva = gpa_to_hva(&ram, cases[_i].gpa, cases[_i].count);

	ck_assert_msg((hva != NULL) == cases[_i].inside, "case %d", _i);
	if (hva != NULL)
		ck_assert_ptr_eq(hva, ram.bytes + cases[_i].gpa);
}
END_TEST

START_TEST(copies)
{
	uint64_t value = UINT64_C(0x1122334455667788), back = 0;

	ck_assert(guest_ram_write(&ram, GUEST_RAM_MIN - 8, &value, 8));
	ck_assert(guest_ram_read_u64(&ram, GUEST_RAM_MIN - 8, &back));
	ck_assert_uint_eq(back, value);
	back = 7;
	ck_assert(!guest_ram_read_u64(&ram, GUEST_RAM_MIN - 7, &back));
	ck_assert_uint_eq(back, 7);
	ck_assert(!guest_ram_read(&ram, UINT64_MAX, &back, 1));
	value = 0;
	ck_assert(!guest_ram_write(&ram, GUEST_RAM_MIN - 7, &value, 8));
	ck_assert_uint_eq(ram.bytes[GUEST_RAM_MIN - 1], 0x11); /* nothing was written */
}
END_TEST

/* More than any host has: a line that says what to do */
START_TEST(too_much)
{
	struct guest_ram other;
	struct vmm_error error;

	ck_assert(!guest_ram_open(&other, UINT64_C(1) << 60, &error));
	ck_assert_ptr_nonnull(strstr(error.text, "MiB of guest memory"));
	ck_assert_ptr_nonnull(strstr(error.text, "--memory"));
}
END_TEST

START_TEST(closed)
{
	guest_ram_close(&ram);
	ck_assert_ptr_null(gpa_to_hva(&ram, 0, 1));
	guest_ram_close(&ram);
}
END_TEST

Suite *guest_ram_suite(void)
{
	Suite *suite = suite_create("guest_ram");
	TCase *door = tcase_create("the door");

	tcase_add_checked_fixture(door, setup, teardown);
	tcase_add_loop_test(door, bounds, 0, 13);
	tcase_add_test(door, copies);
	tcase_add_test(door, too_much);
	tcase_add_test(door, closed);
	suite_add_tcase(suite, door);
	return suite;
}
