/* SPDX-License-Identifier: MIT */
/*
 * test_syscalls.c: the tables of system calls against the C library's own numbers, and against slips of the pen.
 */
#include <string.h>
#include <sys/syscall.h>

#include "suites.h"
#include "syscalls.h"

struct call {
	long number;
	const char *name;
	int arguments;
};

#define CALL(number, name, arguments) {number, #name, arguments},
static const struct call calls[] = {LINUX_SYSCALLS(CALL)};
static const struct call i386_calls[] = {LINUX_I386_SYSCALLS(CALL)};

static void check_table(const struct call *table, size_t count, long end)
{
	for (size_t i = 0; i < count; i++) {
		ck_assert_msg(table[i].arguments >= 0 && table[i].arguments <= 6, "%s", table[i].name);
		ck_assert_msg(i == 0 || table[i].number > table[i - 1].number, "%s", table[i].name);
		for (size_t j = 0; j < i; j++)
			ck_assert_str_ne(table[i].name, table[j].name);
	}
	ck_assert_int_eq(table[count - 1].number + 1, end);
}

START_TEST(tables)
{
	check_table(calls, sizeof(calls) / sizeof(calls[0]), LINUX_SYSCALLS_END);
	check_table(i386_calls, sizeof(i386_calls) / sizeof(i386_calls[0]), LINUX_I386_SYSCALLS_END);
}
END_TEST

static const struct call *find(const struct call *table, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(table[i].name, name))
			return &table[i];
	ck_abort_msg("no %s", name);
}

/* A few from each part of the table; <sys/syscall.h> of an old distribution lacks the newest. */
START_TEST(numbers_of_the_c_library)
{
#define SAME(name, count)                                                                       \
	do {                                                                                    \
		const struct call *call = find(calls, sizeof(calls) / sizeof(calls[0]), #name); \
		ck_assert_int_eq(call->number, SYS_##name);                                     \
		ck_assert_int_eq(call->arguments, count);                                       \
	} while (0)
	SAME(read, 3);
	SAME(mmap, 6);
	SAME(rt_sigreturn, 0);
	SAME(clone, 5);
	SAME(wait4, 4);
	SAME(_sysctl, 1);
	SAME(arch_prctl, 2);
	SAME(gettid, 0);
	SAME(futex, 6);
	SAME(exit_group, 1);
	SAME(openat, 4);
	SAME(newfstatat, 4);
	SAME(prlimit64, 4);
	SAME(getrandom, 3);
	SAME(statx, 5);
	SAME(rseq, 4);
	SAME(clone3, 2);
	SAME(openat2, 4);
#undef SAME
}
END_TEST

/* i386, "Linux kernel, arch/x86/entry/syscalls/syscall_32.tbl" */
START_TEST(numbers_of_i386)
{
	ck_assert_int_eq(I386_SYS_exit, 1);
	ck_assert_int_eq(I386_SYS_write, 4);
	ck_assert_int_eq(I386_SYS_getpid, 20);
	ck_assert_int_eq(I386_SYS_mmap2, 192);
	ck_assert_int_eq(I386_SYS_exit_group, 252);
	ck_assert_int_eq(I386_SYS_clock_gettime64, 403);
	ck_assert_int_eq(find(i386_calls, sizeof(i386_calls) / sizeof(i386_calls[0]), "write")->arguments, 3);
}
END_TEST

Suite *syscalls_suite(void)
{
	Suite *suite = suite_create("syscalls");
	TCase *tests = tcase_create("tables");

	tcase_add_test(tests, tables);
	tcase_add_test(tests, numbers_of_the_c_library);
	tcase_add_test(tests, numbers_of_i386);
	suite_add_tcase(suite, tests);
	return suite;
}
