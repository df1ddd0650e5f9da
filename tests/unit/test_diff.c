/* SPDX-License-Identifier: MIT */
/*
 * test_diff.c: what makes two traces different, and what does not: the order of steps, thread by thread, and who is
 * who.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "suites.h"
#include "view/order.h"
#include "view/people.h"
#include "view/plain.h"

/* One letter a step; thread 1 of process 1 */
static void add(struct order *order, unsigned side, const char *letters)
{
	for (uint64_t line = 1; *letters != '\0'; letters++, line++) {
		struct order_step step = {.hash = (uint64_t)*letters, .line = line, .text = {*letters}};

		order_add(order, side, 1, 1, &step);
	}
}

/* The whole of one side, then the other's: both ways, and letter by letter */
static void compare(struct order *order, const char *a, const char *b, int way)
{
	*order = (struct order){0};
	if (way == 0) {
		add(order, 0, a);
		add(order, 1, b);
	} else if (way == 1) {
		add(order, 1, b);
		add(order, 0, a);
	} else {
		for (size_t i = 0; i < strlen(a) || i < strlen(b); i++) {
			const char one[] = {i < strlen(a) ? a[i] : '\0', '\0'};
			const char other[] = {i < strlen(b) ? b[i] : '\0', '\0'};

			add(order, 0, one);
			add(order, 1, other);
		}
	}
	order_finish(order);
}

START_TEST(same_order)
{
	struct order order;

	compare(&order, "abcdefgh", "abcdefgh", _i);
	ck_assert_uint_eq(order.thread_count, 1);
	ck_assert(!order.threads[0].differs);
	ck_assert_uint_eq(order.threads[0].same, 8);
	ck_assert_uint_eq(order.waiting, 0);
	order_close(&order);
}
END_TEST

START_TEST(other_order)
{
	static const struct {
		const char *a, *b;
		unsigned same;
		const char *after_a, *after_b;
	} cases[] = {
		{"abcdefgh", "abcdXfgh", 4, "efg", "Xfg"},
		{"abc", "abcd", 3, "", "d"},
		{"abcdefg", "abc", 3, "def", ""},
		{"a", "b", 0, "a", "b"},
		{"ab", "", 0, "ab", ""},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct order order;
		const struct order_thread *thread;

		compare(&order, cases[i].a, cases[i].b, _i);
		thread = &order.threads[0];
		ck_assert(thread->differs);
		ck_assert(!thread->somewhere);
		ck_assert_uint_eq(thread->same, cases[i].same);
		for (unsigned side = 0; side < 2; side++) {
			const char *after = side ? cases[i].after_b : cases[i].after_a;

			ck_assert_uint_eq(thread->after_count[side], strlen(after));
			for (unsigned k = 0; k < strlen(after); k++)
				ck_assert_int_eq(thread->after[side][k].text[0], after[k]);
		}
		if (thread->same > 0)
			ck_assert_int_eq(thread->before[(thread->same - 1) % ORDER_CONTEXT].text[0],
					 cases[i].a[thread->same - 1]);
		ck_assert_uint_eq(order.waiting, 0);
		order_close(&order);
	}
}
END_TEST

/* Threads do not wait for each other: only the order within each counts. */
START_TEST(threads_apart)
{
	struct order order = {0};
	struct order_step step = {.hash = 1};

	for (unsigned i = 0; i < 100; i++) {
		step.hash = i;
		order_add(&order, 0, 1 + i % 3, 1 + i % 2, &step);
	}
	for (unsigned thread = 6; thread-- > 0;)
		for (unsigned i = 0; i < 100; i++) {
			step.hash = i;
			if (i % 6 == thread)
				order_add(&order, 1, 1 + i % 3, 1 + i % 2, &step);
		}
	order_finish(&order);
	ck_assert_uint_eq(order.thread_count, 6);
	for (unsigned i = 0; i < 6; i++)
		ck_assert(!order.threads[i].differs);
	order_close(&order);
}
END_TEST

/* More than may wait: the place of a difference is lost, but not that there is one. */
START_TEST(too_far_apart)
{
	const unsigned count = ORDER_WAITING + 1000;
	struct order order = {0};
	struct order_step step = {.hash = 1};

	for (unsigned i = 0; i < count; i++) {
		step.hash = i;
		order_add(&order, 0, 1, 1, &step);
	}
	ck_assert_uint_eq(order.waiting, 0);
	for (unsigned i = 0; i < count; i++) {
		step.hash = _i && i == count - 1 ? 0 : i;
		order_add(&order, 1, 1, 1, &step);
	}
	order_finish(&order);
	ck_assert_int_eq(order.threads[0].differs, _i);
	ck_assert_int_eq(order.threads[0].somewhere, _i);
	if (!_i)
		ck_assert_uint_eq(order.threads[0].same, count);
	order_close(&order);
}
END_TEST

static void process_event(struct people *people, enum process_event what, uint32_t pid, uint32_t parent,
			  const char *name)
{
	struct event event = {.type = EVENT_PROCESS, .process = {.event = what, .pid = pid, .parent = parent}};

	strcpy(event.process.name, name);
	people_event(people, &event);
}

/* Numbers by appearance, whatever the pids; a pid in use again is somebody else. */
START_TEST(who_is_who)
{
	struct people people = {0};

	ck_assert_uint_eq(people_process(&people, 0), 0);
	ck_assert_uint_eq(people_process(&people, 700), 1);
	process_event(&people, PROCESS_START, 900, 700, "child");
	ck_assert_uint_eq(people_process(&people, 900), 2);
	ck_assert_uint_eq(people.processes[1].parent, 1);
	ck_assert_uint_eq(people_thread(&people, 2, 900), 1);
	ck_assert_uint_eq(people_thread(&people, 2, 35), 2);
	ck_assert_uint_eq(people_thread(&people, 2, 900), 1);
	process_event(&people, PROCESS_EXIT, 900, 700, "child");
	ck_assert_uint_eq(people_process(&people, 900), 2);
	process_event(&people, PROCESS_START, 900, 700, "other");
	ck_assert_uint_eq(people_process(&people, 900), 3);
	ck_assert_uint_eq(people_thread(&people, 3, 900), 1);
	ck_assert_str_eq(people.processes[1].name, "child");
	ck_assert_str_eq(people.processes[2].name, "other");
	for (uint32_t pid = 1000; pid < 7000; pid++)
		people_process(&people, pid);
	ck_assert_uint_eq(people.count, PEOPLE_PROCESSES);
	ck_assert(people.incomplete);
	people_close(&people);
}
END_TEST

static void check_words(const struct event *event, const char *expected)
{
	char words[100];

	plain_words(&event->transition, words, sizeof(words));
	ck_assert_str_eq(words, expected);
}

/* No times, no addresses; what a program does all the same */
START_TEST(words)
{
	struct event_call call = {.count = 4, .args = {"3", "\"a 0x123456\"", "0x7ffffffde000", "[0xdeadbeef, 0xff]"}};
	struct event entry = make_syscall(0, "read"), fault = make_entry(CAUSE_EXCEPTION, "#PF"), back;

	entry.transition.arg_count = 3;
	entry.transition.args[0] = 3;
	entry.transition.args[1] = 0x402000;
	entry.transition.args[2] = UINT64_MAX;
	check_words(&entry, "3 > 0 syscall read(3, 0x?, -1)");
	entry.transition.call = &call;
	check_words(&entry, "3 > 0 syscall read(3, \"a 0x123456\", 0x?, [0x?, 0xff])");
	back = make_return(CAUSE_SYSRET, &entry, 1);
	back.transition.has_result = true;
	back.transition.result = 14;
	check_words(&back, "3 < 0 from read = 14");
	back.transition.result = -2;
	check_words(&back, "3 < 0 from read = ENOENT");
	back.transition.result = 0x7f0000000000;
	check_words(&back, "3 < 0 from read = 0x?");
	fault.transition.has_vector = fault.transition.has_error = true;
	fault.transition.vector = 14;
	fault.transition.error = 6;
	check_words(&fault, "3 > 0 exception #PF(0x6)");
	fault.transition.name = "\x1b[31m";
	fault.transition.from = 0;
	check_words(&fault, "0 > 0 exception ?[31m(0x6)");
}
END_TEST

/* Words that are cut off are told apart by what is not seen. */
START_TEST(long_words)
{
	static char one[300], other[300];
	struct event_call call = {.count = 1, .args = {one}};
	struct event entry = make_syscall(0, "read");
	char left[50], right[50];
	uint64_t hash;

	memset(one, 'x', 299);
	memset(other, 'x', 299);
	other[298] = 'y';
	entry.transition.call = &call;
	hash = plain_words(&entry.transition, left, sizeof(left));
	call.args[0] = other;
	ck_assert_uint_ne(hash, plain_words(&entry.transition, right, sizeof(right)));
	ck_assert_str_eq(left, right);
}
END_TEST

Suite *diff_suite(void)
{
	Suite *suite = suite_create("diff");
	TCase *order = tcase_create("order"), *people = tcase_create("people"), *plain = tcase_create("words");

	tcase_add_loop_test(order, same_order, 0, 3);
	tcase_add_loop_test(order, other_order, 0, 3);
	tcase_add_test(order, threads_apart);
	tcase_add_loop_test(order, too_far_apart, 0, 2);
	suite_add_tcase(suite, order);
	tcase_add_test(people, who_is_who);
	suite_add_tcase(suite, people);
	tcase_add_test(plain, words);
	tcase_add_test(plain, long_words);
	suite_add_tcase(suite, plain);
	return suite;
}
