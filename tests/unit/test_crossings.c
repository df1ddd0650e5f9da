/* SPDX-License-Identifier: MIT */
/*
 * test_crossings.c: does each return find its entry, whatever the kernel does in between?
 */
#include "run/crossings.h"
#include "suites.h"

static struct crossings crossings;
static struct crossing found;

static void setup(void)
{
	crossings.count = 0;
	crossings.dropped = 0;
}

static void enter(uint64_t context, unsigned from, gva_t frame, uint64_t seq)
{
	crossings_enter(&crossings, &(struct crossing){.context = context, .from = from, .frame = frame, .seq = seq});
}

static uint64_t leave(uint64_t context, unsigned to, gva_t frame)
{
	found.seq = UINT64_MAX;
	return crossings_leave(&crossings, context, to, frame, &found) ? found.seq : 0;
}

START_TEST(one)
{
	enter(1, 3, 0x1000, 7);
	ck_assert_uint_eq(crossings_depth(&crossings, 1), 1);
	ck_assert_uint_eq(leave(1, 3, 0x1000), 7);
	ck_assert_uint_eq(crossings_depth(&crossings, 1), 0);
	ck_assert_uint_eq(leave(1, 3, 0x1000), 0);
}
END_TEST

/* A page fault inside a system call, and an interrupt inside the page fault */
START_TEST(nested)
{
	enter(1, 3, 0, 1); /* `syscall` pushes no frame */
	enter(1, 0, 0x2f00, 2);
	enter(1, 0, 0x2e00, 3);
	ck_assert_uint_eq(crossings_depth(&crossings, 1), 3);
	ck_assert_uint_eq(leave(1, 0, 0x2e00), 3);
	ck_assert_uint_eq(leave(1, 0, 0x2f00), 2);
	ck_assert_uint_eq(leave(1, 3, 0), 1);
	ck_assert_uint_eq(crossings.count, 0);
}
END_TEST

/* A process that is switched away inside its system call; another runs to its end meanwhile. */
START_TEST(switched)
{
	enter(1, 3, 0, 1);
	enter(2, 3, 0x5000, 2);
	enter(1, 0, 0x2000, 3);
	ck_assert_uint_eq(crossings_depth(&crossings, 1), 2);
	ck_assert_uint_eq(crossings_depth(&crossings, 2), 1);
	ck_assert_uint_eq(leave(2, 3, 0x5000), 2);
	ck_assert_uint_eq(crossings_depth(&crossings, 1), 2);
	ck_assert_uint_eq(leave(1, 0, 0x2000), 3);
	ck_assert_uint_eq(leave(1, 3, 0), 1);
}
END_TEST

/* The first return of a new process has no entry. */
START_TEST(first_return)
{
	enter(1, 3, 0, 1);
	ck_assert_uint_eq(leave(2, 3, 0x3000), 0);
	ck_assert_uint_eq(leave(1, 3, 0), 1);
}
END_TEST

/* A fault handler that never returns to the fault, but straight to ring 3: what was open inside is closed, too. */
START_TEST(abandoned)
{
	enter(1, 3, 0, 1);
	enter(2, 3, 0x9000, 9);
	enter(1, 0, 0x2000, 2);
	enter(1, 0, 0x1f00, 3);
	ck_assert_uint_eq(leave(1, 3, 0), 1);
	ck_assert_uint_eq(crossings_depth(&crossings, 1), 0);
	ck_assert_uint_eq(crossings_depth(&crossings, 2), 1);
}
END_TEST

/* The frame decides between two entries of the same ring, the order only where it must. */
START_TEST(by_frame)
{
	enter(1, 0, 0x2000, 1);
	enter(1, 0, 0x1000, 2);
	ck_assert_uint_eq(leave(1, 0, 0x2000), 1);
	ck_assert_uint_eq(crossings.count, 0);
	enter(1, 0, 0x2000, 3);
	enter(1, 0, 0x1000, 4);
	ck_assert_uint_eq(leave(1, 0, 0x7777), 4); /* the kernel moved the frame */
	ck_assert_uint_eq(leave(1, 3, 0x2000), 0); /* to another ring than it came from */
	ck_assert_uint_eq(leave(1, 0, 0), 3);
}
END_TEST

START_TEST(exits_are_counted_in_all_around)
{
	enter(1, 3, 0, 1);
	enter(2, 3, 0x9000, 2);
	crossings_count_exit(&crossings, 1);
	enter(1, 0, 0x2000, 3);
	crossings_count_exit(&crossings, 1);
	ck_assert_uint_eq(leave(1, 0, 0x2000), 3);
	ck_assert_uint_eq(found.exits, 1);
	ck_assert_uint_eq(leave(1, 3, 0), 1);
	ck_assert_uint_eq(found.exits, 2);
	ck_assert_uint_eq(leave(2, 3, 0x9000), 2);
	ck_assert_uint_eq(found.exits, 0);
}
END_TEST

START_TEST(forgotten)
{
	enter(1, 3, 0, 1);
	enter(2, 3, 0, 2);
	enter(1, 0, 0x2000, 3);
	crossings_forget(&crossings, 1);
	ck_assert_uint_eq(crossings.count, 1);
	ck_assert_uint_eq(leave(1, 3, 0), 0);
	ck_assert_uint_eq(leave(2, 3, 0), 2);
	crossings_forget(&crossings, 5);
	ck_assert_uint_eq(crossings.dropped, 0);
}
END_TEST

/* More than fit: the oldest go, and it is said how many. */
START_TEST(overflow)
{
	for (uint64_t i = 0; i < CROSSINGS_OPEN_MAX + 10; i++)
		enter(1, 0, 0x100000 + i * 8, i);
	ck_assert_uint_eq(crossings.count, CROSSINGS_OPEN_MAX);
	ck_assert_uint_eq(crossings.dropped, 10);
	ck_assert_uint_eq(crossings.open[0].seq, 10);
	ck_assert_uint_eq(leave(1, 0, 0x100000 + (CROSSINGS_OPEN_MAX + 9) * 8), CROSSINGS_OPEN_MAX + 9);
	ck_assert_uint_eq(leave(1, 0, 0x100000 + 10 * 8), 10);
	ck_assert_uint_eq(crossings.count, 0);
}
END_TEST

Suite *crossings_suite(void)
{
	Suite *suite = suite_create("crossings");
	TCase *pairs = tcase_create("pairs");

	tcase_add_checked_fixture(pairs, setup, NULL);
	tcase_add_test(pairs, one);
	tcase_add_test(pairs, nested);
	tcase_add_test(pairs, switched);
	tcase_add_test(pairs, first_return);
	tcase_add_test(pairs, abandoned);
	tcase_add_test(pairs, by_frame);
	tcase_add_test(pairs, exits_are_counted_in_all_around);
	tcase_add_test(pairs, forgotten);
	tcase_add_test(pairs, overflow);
	suite_add_tcase(suite, pairs);
	return suite;
}
