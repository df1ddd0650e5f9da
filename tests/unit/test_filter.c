/* SPDX-License-Identifier: MIT */
/*
 * test_filter.c: classes and names of system calls, as -e takes them.
 */
#include <string.h>

#include "decode/filter.h"
#include "suites.h"
#include "syscalls.h"

static struct call_filter filter;

static bool add(const char *word)
{
	return call_filter_add(&filter, word, strlen(word));
}

static bool lists(uint64_t number)
{
	return call_filter_lists(&filter, false, number);
}

static void setup(void)
{
	filter = (struct call_filter){0};
}

START_TEST(names)
{
	ck_assert(add("openat"));
	ck_assert(lists(SYS_openat));
	ck_assert(!lists(SYS_open) && !lists(SYS_read));
	ck_assert(call_filter_lists(&filter, true, I386_SYS_openat));
	ck_assert(!call_filter_lists(&filter, true, SYS_openat)); /* other numbers there */
	ck_assert(add("waitpid"));                                /* of i386 only */
	ck_assert(call_filter_lists(&filter, true, I386_SYS_waitpid));
}
END_TEST

START_TEST(unknown)
{
	static const char *const words[] = {"", "opena", "openatt", "%openat", "Openat", "%", "fil", "%%file"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		ck_assert_msg(!add(words[i]), "%s", words[i]);
	ck_assert(!lists(SYS_openat));
	ck_assert(!lists(UINT64_MAX));
}
END_TEST

START_TEST(classes)
{
	ck_assert(add("file"));
	ck_assert(lists(SYS_openat) && lists(SYS_execve) && lists(SYS_getcwd) && lists(SYS_mount));
	ck_assert(!lists(SYS_read) && !lists(SYS_mmap) && !lists(SYS_getpid));
	ck_assert(call_filter_lists(&filter, true, I386_SYS_unlink));
	setup();
	ck_assert(add("%memory"));
	ck_assert(lists(SYS_mmap) && lists(SYS_brk) && !lists(SYS_openat));
	setup();
	ck_assert(add("desc") && add("signal"));
	ck_assert(lists(SYS_read) && lists(SYS_mmap) && lists(SYS_kill) && !lists(SYS_stat));
	setup();
	ck_assert(add("process") && add("network"));
	ck_assert(lists(SYS_clone3) && lists(SYS_exit_group) && lists(SYS_kill) && lists(SYS_connect));
	ck_assert(!lists(SYS_getpid));
}
END_TEST

static const char *nearest(const char *word)
{
	static const char *const causes[] = {"syscall", "exception", NULL};
	const char *name = call_filter_nearest(word, strlen(word), causes);

	return name != NULL ? name : "";
}

START_TEST(nearest_name)
{
	ck_assert_str_eq(nearest("opennat"), "openat");
	ck_assert_str_eq(nearest("memroy"), "memory");
	ck_assert_str_eq(nearest("exeption"), "exception");
	ck_assert_str_eq(nearest("syscal"), "syscall");
	ck_assert_str_eq(nearest("qqqqqqqqqqqqqqqq"), "");
	ck_assert_str_eq(nearest(""), "");
	ck_assert_str_eq(nearest("a-word-that-is-far-longer-than-any-name-of-a-system-call-can-be"), "");
}
END_TEST

Suite *filter_suite(void)
{
	Suite *suite = suite_create("filter");
	TCase *words = tcase_create("words");

	tcase_add_checked_fixture(words, setup, NULL);
	tcase_add_test(words, names);
	tcase_add_test(words, unknown);
	tcase_add_test(words, classes);
	tcase_add_test(words, nearest_name);
	suite_add_tcase(suite, words);
	return suite;
}
