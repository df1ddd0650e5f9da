/* SPDX-License-Identifier: MIT */
/*
 * test_expect.c: is each expectation read as meant, counted by the right events, and judged by the number that it
 * names?
 */
#include <stdio.h>
#include <string.h>

#include "expect/expect.h"
#include "layout.h"
#include "report.h"
#include "run/sites.h"
#include "suites.h"

static struct expectations all;
static struct vmm_error error;
static struct event end;
static int status_after;

static void setup(void)
{
	memset(&all, 0, sizeof(all));
	end = (struct event){.type = EVENT_END, .ns = 2500000, .end = {.verdict = "complete"}};
}

static void add(const char *text)
{
	ck_assert_msg(expect_add(&all, text, &error), "%s: %s", text, error.text);
}

static void refused(const char *text, const char *words)
{
	ck_assert_msg(!expect_add(&all, text, &error), "accepted: %s", text);
	ck_assert_msg(strstr(error.text, words) != NULL, "'%s' is not in: %s", words, error.text);
	ck_assert_uint_eq(all.count, 0);
}

static void see(struct event event)
{
	expect_watch(&all, &event);
}

static void see_fault(unsigned vector)
{
	struct event event = make_entry(CAUSE_EXCEPTION, "#PF");

	event.transition.has_vector = true;
	event.transition.vector = vector;
	see(event);
}

static void see_call(uint64_t number, const char *name, int64_t result)
{
	struct event entry = make_syscall(number, name), back = make_return(CAUSE_SYSRET, &entry, 10);

	back.transition.has_result = true;
	back.transition.result = result;
	see(entry);
	see(back);
}

static bool met(const char *text)
{
	struct event last = end;

	memset(&all, 0, sizeof(all));
	add(text);
	see_call(1, "write", 5);
	see_call(1, "write", -9);
	see_call(60, "exit", 0);
	see_fault(VECTOR_PF);
	see_fault(VECTOR_UD);
	see((struct event){.type = EVENT_PROCESS, .process = {.event = PROCESS_START}});
	see((struct event){.type = EVENT_PROCESS, .process = {.event = PROCESS_THREAD_START}});
	see((struct event){.type = EVENT_SUMMARY,
			   .summary = {.exits_guest = 4, .exits_observed = 8, .exits_total = 12}});
	expect_watch(&all, &last);
	status_after = last.end.status;
	return all.items[0].met;
}

START_TEST(counts)
{
	static const struct {
		const char *name;
		unsigned count;
	} cases[] = {
		{"transitions", 8},
		{"entries", 5},
		{"returns", 3},
		{"syscalls", 3},
		{"ints", 0},
		{"exceptions", 2},
		{"interrupts", 0},
		{"faults", 1},
		{"errors", 1},
		{"processes", 1},
		{"threads", 2},
		{"exits", 4},
		{"exits.observed", 8},
		{"exits.total", 12},
		{"write", 2},
		{"read", 0},
		{"#PF", 1},
		{"#UD", 1},
		{"#GP", 0},
		{"lost", 0},
		{"status", 0},
		{"ns", 2500000},
		{"desc", 2},
		{"signals", 0},
	};
	char text[64];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(text, sizeof(text), "%s==%u", cases[i].name, cases[i].count);
		ck_assert_msg(met(text), "%s: it was %lu", text, (unsigned long)all.items[0].value);
		snprintf(text, sizeof(text), "%s!=%u", cases[i].name, cases[i].count);
		ck_assert_msg(!met(text), "%s", text);
		snprintf(text, sizeof(text), "%s>%u", cases[i].name, cases[i].count);
		ck_assert_msg(!met(text), "%s", text);
	}
}
END_TEST

START_TEST(operators)
{
	ck_assert(met("syscalls<=3") && met("syscalls<4") && met("syscalls>=3") && met("syscalls>2") &&
		  met("syscalls=3") && met(" syscalls  ==  3 ") && met("syscalls!=2"));
	ck_assert(!met("syscalls<=2") && !met("syscalls<3") && !met("syscalls>=4") && !met("syscalls>3") &&
		  !met("syscalls==4") && !met("syscalls!=3"));
	ck_assert(met("ms<=3") && met("ms>2") && !met("ms<=2") && !met("ms==2")); /* 2.5 ms */
	ck_assert_uint_eq(all.results[0].value, 3);
}
END_TEST

START_TEST(layouts)
{
	struct event_region open = {.start = KERNEL_BASE, .end = KERNEL_BASE + 0x3000, .ring = 3, .page = 0x1000};
	struct event space = {.type = EVENT_ADDRESS_SPACE, .address_space = {.kernel_half_shared = true}};

	add("no w+x");
	add("no user-reachable kernel page");
	add("kernel half shared");
	see(space);
	space.address_space = (struct event_address_space){.wx_pages = 2, .regions = &open, .region_count = 1};
	see(space);
	space.address_space = (struct event_address_space){.wx_pages = 1};
	see(space);
	expect_watch(&all, &end);
	ck_assert_uint_eq(all.results[0].value, 2);
	ck_assert_uint_eq(all.results[1].value, 3);
	ck_assert_uint_eq(all.results[2].value, 2);
	ck_assert_uint_eq(all.failed, 3);
	ck_assert_int_eq(end.end.status, 1);
}
END_TEST

/* Nothing seen is no proof. */
START_TEST(not_seen)
{
	char text[EXPECT_TEXT];

	add("no w+x");
	add("exits==0");
	expect_watch(&all, &end);
	ck_assert_uint_eq(all.failed, 2);
	expect_describe(&all.items[0], text, sizeof(text));
	ck_assert_str_eq(text, "expected no w+x: no address space was seen");
	expect_describe(&all.items[1], text, sizeof(text));
	ck_assert_str_eq(text, "expected exits==0: it is not known");
}
END_TEST

/* What was not seen may have been more. */
START_TEST(incomplete)
{
	const char *const doubts[] = {"a door that nobody watched"};
	char text[EXPECT_TEXT];

	end.end.verdict = "incomplete";
	end.end.doubts = doubts;
	end.end.doubt_count = 1;
	ck_assert(!met("syscalls<=20"));
	expect_describe(&all.items[0], text, sizeof(text));
	ck_assert_str_eq(text, "expected syscalls<=20: 3 seen, but the verdict is incomplete: there may be more");
	ck_assert(met("syscalls>=3") && !met("syscalls>=4") && met("exits==4") && !met("verdict complete"));
	expect_describe(&all.items[0], text, sizeof(text));
	ck_assert_str_eq(text, "expected verdict complete: it is incomplete; doubts: 1");
}
END_TEST

/* A layout that could not be listed to its end is no proof either; one that could is, whatever else was not seen. */
START_TEST(cut_short)
{
	struct event space = {.type = EVENT_ADDRESS_SPACE};

	end.end.verdict = "incomplete";
	add("no w+x");
	see(space);
	expect_watch(&all, &end);
	ck_assert(all.items[0].met);
	memset(&all, 0, sizeof(all));
	add("no w+x");
	space.address_space.cut_short = true;
	see(space);
	expect_watch(&all, &end);
	ck_assert(!all.items[0].met);
}
END_TEST

START_TEST(status)
{
	end.end.status = 7;
	ck_assert(met("status==7"));
	ck_assert_int_eq(status_after, 7);
	ck_assert(!met("status==8"));
	ck_assert_int_eq(status_after, 1);
	end.end.status = 125;
	ck_assert(!met("status==8"));
	ck_assert_int_eq(status_after, 125);
}
END_TEST

START_TEST(wrong)
{
	refused("sycalls<=20", "unknown name 'sycalls' (did you mean 'syscalls'?)");
	refused("", "unknown name ''");
	refused("<=3", "unknown name ''");
	refused("syscalls", "compare it with a number, as in 'syscalls<=20'");
	refused("write", "compare it with a number");
	refused("syscalls<=", "'' is not a whole number");
	refused("syscalls<=-1", "'-1' is not a whole number");
	refused("syscalls<=3x", "'3x' is not a whole number");
	refused("syscalls<=99999999999999999999", "is not a whole number");
	refused("ms<=18446744073709551615", "is not a whole number");
	refused("syscalls=<3", "'<3' is not a whole number");
	refused("syscalls!3", "unknown name 'syscalls!3'");
	refused("no w+x==0", "stands alone");
	refused("no w+y", "did you mean 'no w+x'?");
	refused("#PG==0", "unknown name '#PG'");
	refused("NMI==0", "unknown name 'NMI'");
}
END_TEST

START_TEST(too_many)
{
	for (unsigned i = 0; i < EXPECTATIONS_MAX; i++)
		add("syscalls<=3");
	ck_assert(!expect_add(&all, "syscalls<=3", &error));
	ck_assert_ptr_nonnull(strstr(error.text, "too many; at most 64"));
}
END_TEST

static bool observed(const char *text, unsigned causes, const char *calls, enum filter_mode mode)
{
	struct call_filter filter = {.mode = mode};

	if (calls != NULL)
		ck_assert(call_filter_add(&filter, calls, strlen(calls)));
	memset(&all, 0, sizeof(all));
	add(text);
	return expect_unobserved(&all, causes, &filter) == NULL;
}

START_TEST(unobserved)
{
	const unsigned calls = TRACE_SYSCALL | TRACE_INT;

	ck_assert(observed("syscalls<=1", calls, NULL, FILTER_NONE));
	ck_assert(!observed("syscalls<=1", TRACE_SYSCALL, NULL, FILTER_NONE));
	ck_assert(!observed("syscalls<=1", TRACE_ALL, "file", FILTER_EXCEPT));
	ck_assert(observed("write<=1", 0, "write", FILTER_ONLY));
	ck_assert(observed("write<=1", 0, "desc", FILTER_ONLY));
	ck_assert(!observed("desc<=1", 0, "write", FILTER_ONLY));
	ck_assert(!observed("#PF<=1", calls, NULL, FILTER_NONE));
	ck_assert(observed("#PF<=1", TRACE_EXCEPTION, NULL, FILTER_NONE));
	ck_assert(!observed("errors<=1", calls, NULL, FILTER_NONE));
	ck_assert(!observed("transitions<=1", TRACE_ENTRIES, NULL, FILTER_NONE));
	ck_assert(observed("exits<=1", 0, NULL, FILTER_NONE));
	ck_assert(observed("no w+x", 0, NULL, FILTER_NONE));
}
END_TEST

Suite *expect_suite(void)
{
	Suite *suite = suite_create("expect");
	TCase *tests = tcase_create("expectations");

	tcase_add_checked_fixture(tests, setup, NULL);
	tcase_add_test(tests, counts);
	tcase_add_test(tests, operators);
	tcase_add_test(tests, layouts);
	tcase_add_test(tests, not_seen);
	tcase_add_test(tests, incomplete);
	tcase_add_test(tests, cut_short);
	tcase_add_test(tests, status);
	tcase_add_test(tests, wrong);
	tcase_add_test(tests, too_many);
	tcase_add_test(tests, unobserved);
	suite_add_tcase(suite, tests);
	return suite;
}
