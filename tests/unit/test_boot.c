/* SPDX-License-Identifier: MIT */
/*
 * test_boot.c: what the guest finds at its start: tables, descriptors, the initial stack.
 */
#include <stdlib.h>
#include <string.h>

/* After abi.h, whose PF_W (the page-fault error code) has the same value as elf.h's. */
#include "boot/user_stack.h"

#include <elf.h>

#include "boot/page_tables.h"
#include "boot/segments.h"
#include "guest_tables.h"
#include "run/walk.h"
#include "suites.h"

static struct guest guest;
static struct frame_allocator frames;
static gpa_t root;

static void setup(void)
{
	guest_open(&guest);
	frames = (struct frame_allocator){.ram = &guest.ram, .end = GUEST_RAM_SIZE, .next = 0x10000};
	root = frames_allocate(&frames, 1);
}

static void teardown(void)
{
	guest_close(&guest);
}

START_TEST(frames_in_order)
{
	uint64_t left = (GUEST_RAM_SIZE - 0x11000) / PAGE_SIZE;

	ck_assert_uint_eq(root, 0x10000);
	ck_assert_uint_eq(frames_allocate(&frames, 3), 0x11000);
	ck_assert_uint_eq(frames_allocate(&frames, left), 0); /* three too many */
	ck_assert_uint_eq(frames_allocate(&frames, UINT64_MAX), 0);
	ck_assert_uint_eq(frames_allocate(&frames, left - 3), 0x14000);
	ck_assert_uint_eq(frames_allocate(&frames, 1), 0);
}
END_TEST

START_TEST(rights)
{
	struct walk walk;
	bool user = _i & 8;
	gva_t gva = user ? 0x400000 : KERNEL_BASE;

	ck_assert(page_tables_map(&frames, root, gva, 0x200000, 1, PAGE_SIZE, page_flags((unsigned)_i & 7, user)));
	walk_address(&guest.ram, root, gva + 5, &walk);
	ck_assert(walk.present);
	ck_assert_uint_eq(walk.gpa, 0x200005);
	ck_assert_int_eq(walk.user, user);
	ck_assert_int_eq(walk.writable, (_i & VMM_RIGHT_W) != 0);
	ck_assert_int_eq(walk.executable, (_i & VMM_RIGHT_X) != 0);
	walk_address(&guest.ram, root, gva + PAGE_SIZE, &walk);
	ck_assert(!walk.present);
}
END_TEST

START_TEST(large_pages)
{
	struct walk walk;

	ck_assert(page_tables_map(&frames, root, DIRECT_MAP, 0x200000, 1, LARGE_PAGE_SIZE,
				  page_flags(VMM_RIGHT_W, false)));
	walk_address(&guest.ram, root, DIRECT_MAP + 0x12345, &walk);
	ck_assert_uint_eq(walk.page, LARGE_PAGE_SIZE);
	ck_assert_uint_eq(walk.gpa, 0x212345);
}
END_TEST

/* Five pages, the last three of which need another table, in another table of tables. */
START_TEST(range_across_tables)
{
	const gva_t start = UINT64_C(1) << 39, first = start - 2 * PAGE_SIZE;
	struct walk walk;

	ck_assert(page_tables_map(&frames, root, first, 0x200000, 5, PAGE_SIZE, page_flags(VMM_RIGHT_W, true)));
	ck_assert_uint_eq(frames.next, root + 7 * PAGE_SIZE);
	for (unsigned i = 0; i < 5; i++) {
		walk_address(&guest.ram, root, first + i * PAGE_SIZE, &walk);
		ck_assert(walk.present);
		ck_assert_uint_eq(walk.gpa, 0x200000 + i * PAGE_SIZE);
	}
	walk_address(&guest.ram, root, first - 1, &walk);
	ck_assert(!walk.present);
	walk_address(&guest.ram, root, first + 5 * PAGE_SIZE, &walk);
	ck_assert(!walk.present);
	ck_assert(page_tables_map(&frames, root, 0x400000, 0, 0, PAGE_SIZE, 0)); /* nothing at all */
	ck_assert_uint_eq(frames.next, root + 7 * PAGE_SIZE);
}
END_TEST

START_TEST(no_frame_left)
{
	frames.next = GUEST_RAM_SIZE - 2 * PAGE_SIZE; /* three tables are needed */
	ck_assert(!page_tables_map(&frames, root, 0x400000, 0x200000, 1, PAGE_SIZE, 0));
	ck_assert(!page_tables_map(&frames, root, DIRECT_MAP, 0, 1, PAGE_SIZE, 0));
}
END_TEST

/* AMD APM vol. 2, "Legacy Segment Descriptors": what Linux and every other 64-bit system has there, too */
START_TEST(descriptors)
{
	uint64_t gdt[GDT_ENTRIES];
	struct kvm_sregs sregs;

	memset(gdt, 0xff, sizeof(gdt));
	memset(&sregs, 0, sizeof(sregs));
	segments_write_gdt(gdt, UINT64_C(0xfffffe0000012000));
	ck_assert_uint_eq(gdt[0], 0);
	ck_assert_uint_eq(gdt[SELECTOR_KERNEL_CODE / 8], UINT64_C(0x00af9b000000ffff));
	ck_assert_uint_eq(gdt[SELECTOR_KERNEL_DATA / 8], UINT64_C(0x00cf93000000ffff));
	ck_assert_uint_eq(gdt[SELECTOR_USER_DATA / 8], UINT64_C(0x00cff3000000ffff));
	ck_assert_uint_eq(gdt[SELECTOR_USER_CODE / 8], UINT64_C(0x00affb000000ffff));
	ck_assert_uint_eq(gdt[SELECTOR_TSS / 8], UINT64_C(0x00008b0120000067));
	ck_assert_uint_eq(gdt[SELECTOR_TSS / 8 + 1], UINT64_C(0xfffffe00));
	segments_load(&sregs, 0x1000, 0x2000, UINT64_C(0xfffffe0000012000));
	ck_assert_uint_eq(sregs.cs.selector, SELECTOR_KERNEL_CODE);
	ck_assert_uint_eq(sregs.cs.l, 1);
	ck_assert_uint_eq(sregs.ss.dpl, 0);
	ck_assert_uint_eq(sregs.tr.base, UINT64_C(0xfffffe0000012000));
	ck_assert_uint_eq(sregs.gdt.limit, sizeof(gdt) - 1);
	ck_assert_uint_eq(sregs.idt.limit, 4095);
}
END_TEST

static const struct elf_image image = {.name = "./prog",
				       .entry = 0x401000,
				       .program_headers = 0x400040,
				       .program_header_count = 3,
				       .program_header_size = 56,
				       .half = ELF_USER_ONLY};
static struct user_stack stack;

static uint64_t word(gva_t at)
{
	uint64_t value;

	ck_assert_uint_ge(at, USER_STACK_TOP - stack.count);
	ck_assert_uint_le(at + 8, USER_STACK_TOP);
	memcpy(&value, stack.bytes + stack.count - (USER_STACK_TOP - at), sizeof(value));
	return value;
}

static const char *string(gva_t at)
{
	ck_assert_uint_ge(at, USER_STACK_TOP - stack.count);
	ck_assert_uint_lt(at, USER_STACK_TOP);
	return (const char *)stack.bytes + stack.count - (USER_STACK_TOP - at);
}

static uint64_t auxiliary(gva_t vector, uint64_t type)
{
	for (; word(vector) != AT_NULL; vector += 16)
		if (word(vector) == type)
			return word(vector + 8);
	ck_abort_msg("no entry %lu in the auxiliary vector", type);
	return 0;
}

/* System V ABI, x86-64 supplement, "Initial Process Stack" */
START_TEST(initial_stack)
{
	char *arguments[8] = {"./prog", "one", "", "two words", "5", "6", "7"};
	char *environment[4] = {"HOME=/", "A=", "X=y"};
	struct vmm_error error;
	gva_t at;

	/* rsp must be aligned whatever the number of words */
	arguments[_i % 8] = NULL;
	environment[_i / 8 % 4] = NULL;
	ck_assert(user_stack_build(&stack, &image, arguments, environment, &error));
	ck_assert_uint_eq(stack.rsp % 16, 0);
	ck_assert_uint_eq(stack.count % PAGE_SIZE, 0);
	ck_assert_uint_ge(stack.rsp, USER_STACK_TOP - stack.count + PAGE_SIZE); /* room below for the first calls */
	ck_assert_uint_eq(word(stack.rsp), (unsigned)_i % 8);
	at = stack.rsp + 8;
	for (int i = 0; i < _i % 8; i++, at += 8)
		ck_assert_str_eq(string(word(at)), arguments[i]);
	ck_assert_uint_eq(word(at), 0);
	at += 8;
	for (int i = 0; i < _i / 8 % 4; i++, at += 8)
		ck_assert_str_eq(string(word(at)), environment[i]);
	ck_assert_uint_eq(word(at), 0);
	at += 8;
	ck_assert_uint_eq(auxiliary(at, AT_PAGESZ), 4096);
	ck_assert_uint_eq(auxiliary(at, AT_ENTRY), 0x401000);
	ck_assert_uint_eq(auxiliary(at, AT_PHDR), 0x400040);
	ck_assert_uint_eq(auxiliary(at, AT_PHNUM), 3);
	ck_assert_uint_eq(auxiliary(at, AT_PHENT), 56);
	ck_assert_uint_eq(auxiliary(at, AT_SECURE), 0);
	ck_assert_str_eq(string(auxiliary(at, AT_EXECFN)), "./prog");
	ck_assert_str_eq(string(auxiliary(at, AT_PLATFORM)), "x86_64");
	ck_assert_uint_le(auxiliary(at, AT_RANDOM) + 16, USER_STACK_TOP);
	free(stack.bytes);
}
END_TEST

START_TEST(random_bytes)
{
	char *none[] = {NULL};
	uint8_t first[16];
	struct vmm_error error;
	gva_t vector;

	for (int i = 0; i < 2; i++) {
		ck_assert(user_stack_build(&stack, &image, none, none, &error));
		vector = stack.rsp + 24;
		if (i == 0)
			memcpy(first, string(auxiliary(vector, AT_RANDOM)), 16);
		else
			ck_assert_mem_ne(first, string(auxiliary(vector, AT_RANDOM)), 16);
		free(stack.bytes);
	}
}
END_TEST

START_TEST(too_many_arguments)
{
	char *text = malloc(USER_STACK_CONTENT_MAX);
	char *arguments[] = {"x", text, NULL}, *none[] = {NULL};
	struct vmm_error error;

	memset(text, 'x', USER_STACK_CONTENT_MAX - 1);
	text[USER_STACK_CONTENT_MAX - 1] = '\0';
	ck_assert(!user_stack_build(&stack, &image, arguments, none, &error));
	ck_assert_ptr_nonnull(strstr(error.text, "at most 1048576"));
	text[USER_STACK_CONTENT_MAX - 2000] = '\0';
	ck_assert(user_stack_build(&stack, &image, arguments, none, &error));
	ck_assert_str_eq(string(word(stack.rsp + 16)), text);
	free(stack.bytes);
	free(text);
}
END_TEST

Suite *boot_suite(void)
{
	Suite *suite = suite_create("boot");
	TCase *tables = tcase_create("tables"), *user = tcase_create("user stack");

	tcase_add_checked_fixture(tables, setup, teardown);
	tcase_add_test(tables, frames_in_order);
	tcase_add_loop_test(tables, rights, 0, 16);
	tcase_add_test(tables, large_pages);
	tcase_add_test(tables, range_across_tables);
	tcase_add_test(tables, no_frame_left);
	tcase_add_test(tables, descriptors);
	tcase_add_loop_test(user, initial_stack, 0, 32);
	tcase_add_test(user, random_bytes);
	tcase_add_test(user, too_many_arguments);
	suite_add_tcase(suite, tables);
	suite_add_tcase(suite, user);
	return suite;
}
