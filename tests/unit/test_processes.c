/* SPDX-License-Identifier: MIT */
/*
 * test_processes.c: what a guest's process table says, seen as changes; and what a hostile one says, survived.
 */
#include <stdio.h>
#include <string.h>

#include "guest_tables.h"
#include "run/processes.h"
#include "suites.h"

#define TABLE       (KERNEL_BASE + 0xf00) /* so that entries lie across pages */
#define TABLE_PAGES 5

static struct guest guest;
static struct process_list list;
static struct vmm_process_table table;
static char seen[4096]; /* one letter a change, and the pid */

static void setup(void)
{
	guest_open(&guest);
	for (unsigned i = 0; i < TABLE_PAGES + 1; i++)
		guest_map(&guest, KERNEL_BASE + i * PAGE_SIZE, PTE_P | PTE_W);
	memset(&list, 0, sizeof(list));
	memset(&table, 0, sizeof(table));
	list.table = TABLE;
}

static void teardown(void)
{
	guest_close(&guest);
}

static void note(void *context, enum process_change change, const struct process *process)
{
	static const char letters[] = "SXER"; /* start, exec, exit, reaped */
	size_t used = strlen(seen);

	ck_assert_ptr_eq(context, &list);
	ck_assert_ptr_nonnull(memchr(process->name, '\0', sizeof(process->name)));
	snprintf(seen + used, sizeof(seen) - used, "%c%u ", letters[change], process->pid);
}

/* Puts the table into the guest, polls, and returns the changes. */
static const char *poll_table(void)
{
	table.generation++;
	for (size_t i = 0; i < sizeof(table); i += 16)
		guest_poke(&guest, TABLE + i, (const char *)&table + i, 16);
	seen[0] = '\0';
	processes_poll(&list, &guest.ram, guest.root, note, &list);
	return seen;
}

static void entry(unsigned index, uint32_t pid, uint32_t state, uint64_t cr3, const char *name)
{
	struct vmm_process *process = &table.entries[index];

	*process = (struct vmm_process){.pid = pid, .parent = 1, .state = state, .cr3 = cr3};
	strncpy(process->name, name, sizeof(process->name) - 1);
	if (table.count <= index)
		table.count = index + 1;
}

START_TEST(life)
{
	entry(0, 1, VMM_PROCESS_LIVE, 0x5000, "init");
	ck_assert_str_eq(poll_table(), "S1 ");
	ck_assert_str_eq(list.items[0].name, "init");
	ck_assert_uint_eq(list.items[0].cr3, 0x5000);
	entry(1, 2, VMM_PROCESS_LIVE, 0x6000, "init");
	ck_assert_str_eq(poll_table(), "S2 ");
	entry(1, 2, VMM_PROCESS_LIVE, 0x7000, "sh");
	ck_assert_str_eq(poll_table(), "X2 ");
	table.entries[1].state = VMM_PROCESS_EXITED;
	table.entries[1].status = 0x100;
	ck_assert_str_eq(poll_table(), "E2 ");
	ck_assert_uint_eq(list.items[1].status, 0x100);
	ck_assert_ptr_null(process_by_cr3(&list, 0x7000));
	table.entries[1].state = VMM_PROCESS_FREE;
	ck_assert_str_eq(poll_table(), "R2 ");
	ck_assert_ptr_eq(process_by_cr3(&list, 0x5000 | 0x18), &list.items[0]);
}
END_TEST

START_TEST(unchanged)
{
	entry(0, 1, VMM_PROCESS_LIVE, 0x5000, "init");
	ck_assert_str_eq(poll_table(), "S1 ");
	ck_assert_str_eq(poll_table(), "");
	entry(0, 1, VMM_PROCESS_LIVE, 0x9000, "other");
	table.generation--; /* nobody was told */
	ck_assert_str_eq(poll_table(), "");
}
END_TEST

/* Between two looks an entry may have been used by several processes. */
START_TEST(missed_ends)
{
	entry(0, 1, VMM_PROCESS_LIVE, 0x5000, "one");
	poll_table();
	entry(0, 2, VMM_PROCESS_LIVE, 0x5000, "two");
	ck_assert_str_eq(poll_table(), "E1 R1 S2 ");
	table.entries[0].state = VMM_PROCESS_EXITED;
	poll_table();
	entry(0, 3, VMM_PROCESS_EXITED, 0x5000, "three");
	ck_assert_str_eq(poll_table(), "R2 S3 E3 ");
	entry(0, 4, VMM_PROCESS_LIVE, 0x5000, "four");
	poll_table();
	table.entries[0].state = VMM_PROCESS_FREE;
	ck_assert_str_eq(poll_table(), "E4 R4 ");
}
END_TEST

START_TEST(hostile_count)
{
	for (unsigned i = 0; i < VMM_PROCESSES; i++)
		entry(i, i, VMM_PROCESS_LIVE, ~UINT64_C(0), "");
	table.count = UINT32_MAX;
	poll_table();
	ck_assert_uint_eq(list.count, VMM_PROCESSES);
	ck_assert_uint_eq(list.items[VMM_PROCESSES - 1].pid, VMM_PROCESSES - 1);
	ck_assert_uint_eq(list.items[0].cr3, CR3_ADDRESS);
}
END_TEST

START_TEST(hostile_entries)
{
	entry(0, UINT32_MAX, 0xdeadbeef, 1, "");
	memset(table.entries[0].name, 'x', sizeof(table.entries[0].name)); /* without an end */
	poll_table();
	ck_assert_uint_eq(strlen(list.items[0].name), VMM_PROCESS_NAME - 1);
	ck_assert_ptr_null(process_by_cr3(&list, 0)); /* of no state that lives */
}
END_TEST

START_TEST(hostile_address)
{
	static const gva_t places[] = {0, 0x1234000, UINT64_C(0x800000000000), 0 - UINT64_C(1), 0 - UINT64_C(8)};

	table.count = 1;
	list.table = places[_i];
	ck_assert_str_eq(poll_table(), "");
	ck_assert_uint_eq(list.count, 0);
}
END_TEST

/* The table's end is not mapped: what can be read counts. */
START_TEST(table_cut)
{
	for (unsigned i = 0; i < 10; i++)
		entry(i, i + 1, VMM_PROCESS_LIVE, 0x1000, "p");
	poll_table();
	memset(&list, 0, sizeof(list));
	list.table = TABLE;
	*guest_entry(&guest, KERNEL_BASE + PAGE_SIZE, 3) &= ~PTE_P;
	seen[0] = '\0';
	processes_poll(&list, &guest.ram, guest.root, note, &list);
	ck_assert_str_eq(seen, "S1 S2 S3 ");
}
END_TEST

/* A layout that was shown is not shown again, unless the entry belongs to somebody else. */
START_TEST(layout_shown)
{
	entry(0, 1, VMM_PROCESS_LIVE, 0x5000, "one");
	poll_table();
	list.items[0].layout_shown = true;
	entry(0, 1, VMM_PROCESS_LIVE, 0x5000, "renamed");
	poll_table();
	ck_assert(list.items[0].layout_shown);
	entry(0, 1, VMM_PROCESS_LIVE, 0x6000, "renamed");
	poll_table();
	ck_assert(!list.items[0].layout_shown);
}
END_TEST

START_TEST(discovered)
{
	struct process *first = process_discover(&list, 0x5000, "guest");

	ck_assert_uint_eq(first->pid, 1);
	ck_assert_str_eq(first->name, "guest");
	ck_assert_ptr_eq(process_discover(&list, 0x5fff, "guest"), first);
	ck_assert_uint_eq(process_discover(&list, 0x6000, "guest")->pid, 2);
	for (uint64_t i = 0; i < VMM_PROCESSES - 2; i++)
		ck_assert_ptr_nonnull(process_discover(&list, 0x100000 + i * PAGE_SIZE, "guest"));
	ck_assert(!list.overflow);
	ck_assert_ptr_null(process_discover(&list, 0x7000, "guest"));
	ck_assert(list.overflow);
	ck_assert_ptr_eq(process_discover(&list, 0x5000, "guest"), first);
}
END_TEST

Suite *processes_suite(void)
{
	Suite *suite = suite_create("processes");
	TCase *polling = tcase_create("polling"), *hostile = tcase_create("hostile");

	tcase_add_checked_fixture(polling, setup, teardown);
	tcase_add_checked_fixture(hostile, setup, teardown);
	tcase_add_test(polling, life);
	tcase_add_test(polling, unchanged);
	tcase_add_test(polling, missed_ends);
	tcase_add_test(polling, layout_shown);
	tcase_add_test(polling, discovered);
	tcase_add_test(hostile, hostile_count);
	tcase_add_test(hostile, hostile_entries);
	tcase_add_loop_test(hostile, hostile_address, 0, 5);
	tcase_add_test(hostile, table_cut);
	suite_add_tcase(suite, polling);
	suite_add_tcase(suite, hostile);
	return suite;
}
