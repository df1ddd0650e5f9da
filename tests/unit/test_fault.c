/* SPDX-License-Identifier: MIT */
/*
 * test_fault.c: is each exception explained by the entry, the bit or the instruction that caused it?
 */
#include <stdio.h>
#include <string.h>

#include "guest_tables.h"
#include "report/event.h"
#include "run/fault.h"
#include "suites.h"

#define PAGE UINT64_C(0x400000)
#define CODE UINT64_C(0x401000)

static struct guest guest;
static struct cpu_state state;
static struct fault fault;
static char text[EVENT_TEXT];

static void setup(void)
{
	guest_open(&guest);
	state = (struct cpu_state){.cr0 = CR0_WP, .cr2 = PAGE + 0x10, .cr3 = guest.root};
	fault = (struct fault){.vector = VECTOR_PF, .ring = 3, .has_error = true, .rip = CODE};
}

static void teardown(void)
{
	guest_close(&guest);
}

static void says(const char *words)
{
	struct walk walk;

	memset(text, 'x', sizeof(text));
	walk_address(&guest.ram, state.cr3, state.cr2, &walk);
	fault_explain(&guest.ram, &state, &fault, &walk, text, sizeof(text));
	ck_assert_ptr_nonnull(memchr(text, '\0', sizeof(text)));
	ck_assert_msg(strstr(text, words) != NULL, "'%s' is not in: %s", words, text);
}

/* Where nothing is mapped on purpose, the words say so; next to it they do not. */
START_TEST(guards)
{
	fault.error = PF_U | PF_W;
	state.cr2 = 8;
	says(", in the null guard");
	state.cr2 = USER_STACK_BASE - 8;
	says(", in the guard below the stack");
	state.cr2 = KERNEL_STACKS + KERNEL_STACK_GUARD - 8;
	says(", in the guard below a kernel stack");
	state.cr2 = USER_MIN;
	says("P=0 at index");
	ck_assert_ptr_null(strstr(text, "guard"));
	state.cr2 = USER_STACK_BASE;
	says("P=0 at index");
	ck_assert_ptr_null(strstr(text, "guard"));
}
END_TEST

/* The entry that is not present, at each level */
START_TEST(not_present)
{
	static const char *const words[] = {"PML4E.P=0 at index 0", "PDPE.P=0 at index 0", "PDE.P=0 at index 2",
					    "PTE.P=0 at index 0"};

	guest_map(&guest, PAGE, GUEST_ALL);
	*guest_entry(&guest, PAGE, (unsigned)_i) = 0;
	fault.error = PF_U;
	says("user read of 0x400010: not present: ");
	says(words[_i]);
	fault.error = PF_W;
	says("kernel write to 0x400010: not present: ");
	fault.error = PF_I | PF_U;
	says("user fetch from 0x400010: not present: ");
}
END_TEST

START_TEST(strange_addresses)
{
	fault.error = PF_U;
	state.cr2 = UINT64_C(0x800000000000);
	says("user read of 0x800000000000: the address is not canonical");
	state.cr2 = PAGE;
	state.cr3 = GUEST_RAM_SIZE;
	says("the tables lead outside");
	state.cr3 = guest.root;
	guest_map(&guest, PAGE, GUEST_ALL);
	says("is present now");
	fault.error = PF_U | PF_P;
	says("allow it now");
	fault.error = PF_P | PF_RSVD;
	says("a reserved bit is set");
}
END_TEST

START_TEST(supervisor_page)
{
	static const char *const words[] = {"PML4E.U=0 at index 0", "PDPE.U=0 at index 0", "PDE.U=0 at index 2",
					    "PTE.U=0 at index 0"};

	guest_map(&guest, PAGE, GUEST_ALL);
	*guest_entry(&guest, PAGE, (unsigned)_i) &= ~PTE_U;
	fault.error = PF_P | PF_U | PF_W;
	says("user write to 0x400010: a supervisor page: ");
	says(words[_i]);
}
END_TEST

START_TEST(read_only_page)
{
	guest_map(&guest, PAGE, PTE_P | PTE_U);
	fault.error = PF_P | PF_U | PF_W;
	says("user write to 0x400010: a read-only page: PTE.W=0 at index 0");
	fault.error = PF_P | PF_W;
	says("kernel write to 0x400010: a read-only page");
	state.cr0 = 0; /* ring 0 may write read-only pages: something else it was */
	says("allow it now");
}
END_TEST

/* Only of a kernel that is known to use the bit for that */
START_TEST(copy_on_write)
{
	guest_map(&guest, PAGE, PTE_P | PTE_U | PTE_SW_COW);
	fault.error = PF_P | PF_U | PF_W;
	says("a read-only page");
	fault.software_cow = true;
	says("a copy-on-write page: PTE.W=0");
	fault.error = PF_P | PF_W; /* the kernel, on a user's behalf */
	says("kernel write to 0x400010: a copy-on-write page");
}
END_TEST

START_TEST(no_execute)
{
	guest_map(&guest, PAGE, GUEST_ALL | PTE_NX);
	fault.error = PF_P | PF_U | PF_I;
	says("user fetch from 0x400010: a no-execute page: PTE.NX=1 at index 0");
}
END_TEST

START_TEST(smep_and_smap)
{
	guest_map(&guest, PAGE, GUEST_ALL);
	state.cr4 = CR4_SMEP | CR4_SMAP;
	fault.error = PF_P | PF_I;
	says("CR4.SMEP=1");
	fault.error = PF_P;
	says("CR4.SMAP=1 with RFLAGS.AC=0");
	fault.error = PF_P | PF_W;
	says("kernel write to 0x400010: a user page, and CR4.SMAP=1");
	fault.rflags = RFLAGS_AC;
	says("allow it now");
}
END_TEST

static void put_code(const void *bytes, size_t count)
{
	guest_map(&guest, CODE, PTE_P | PTE_U);
	guest_poke(&guest, CODE, bytes, count);
}

START_TEST(privileged)
{
	static const struct {
		uint8_t code[5];
		const char *words;
	} cases[] = {
		{{0xfa}, "cli in ring 3: it needs IOPL 3"},
		{{0xfb}, "sti in ring 3"},
		{{0xf4}, "hlt in ring 3: it needs ring 0"},
		{{0xe6, 0x80}, "out in ring 3: it needs IOPL 3 or the I/O bitmap"},
		{{0x66, 0xef}, "out in ring 3"},
		{{0xf3, 0x6e}, "outs in ring 3"},
		{{0xec}, "in in ring 3"},
		{{0x0f, 0x22, 0xd8}, "mov to a control register in ring 3"},
		{{0x44, 0x0f, 0x20, 0xc0}, "mov from a control register in ring 3"}, /* REX.R: cr8 */
		{{0x0f, 0x30}, "wrmsr in ring 3"},
		{{0x0f, 0x32}, "rdmsr in ring 3"},
		{{0x0f, 0x01, 0x18}, "lidt in ring 3"},
		{{0x0f, 0x01, 0x10}, "lgdt in ring 3"},
		{{0x0f, 0x01, 0x00}, "sgdt in ring 3: it needs ring 0 (CR4.UMIP)"},
		{{0x0f, 0x00, 0xd8}, "ltr in ring 3"},
		{{0x48, 0x0f, 0x07}, "sysret in ring 3"},
		{{0xcd, 0x21}, "int 0x21 in ring 3: its gate"},
		{{0x90}, "a rule of protection"},
	};

	put_code(cases[_i].code, sizeof(cases[_i].code));
	fault.vector = VECTOR_GP;
	says(cases[_i].words);
	fault.ring = 0; /* there the same instruction is allowed */
	says("a rule of protection");
}
END_TEST

START_TEST(protection_error_code)
{
	fault.vector = VECTOR_GP;
	fault.error = 0x28;
	says("selector 0x28");
	fault.error = (0x80 << 3) | 2;
	says("gate of vector 0x80");
}
END_TEST

/* Instruction bytes that lie against the end of a page, and a rip that is not mapped at all */
START_TEST(code_at_the_edge)
{
	put_code("", 1);
	guest_poke(&guest, CODE + PAGE_SIZE - 1, "\x0f", 1);
	fault.vector = VECTOR_GP;
	fault.rip = CODE + PAGE_SIZE - 1;
	says("a rule of protection");
	fault.vector = VECTOR_UD;
	says("does not know the instruction 0f");
	fault.rip = 0x12345000;
	says("does not know the instruction");
	fault.vector = VECTOR_GP;
	fault.rip = USER_HALF_END;
	says("a rule of protection");
	memset(text, 0, sizeof(text));
	guest_poke(&guest, CODE, "\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66", 16);
	fault.rip = CODE;
	says("a rule of protection");
}
END_TEST

START_TEST(invalid_opcode)
{
	fault.vector = VECTOR_UD;
	put_code("\x0f\x0b", 2);
	says("ud2");
	guest_poke(&guest, CODE, "\x06\x11\x22\x33\x44\x55\x66", 7);
	says("does not know the instruction 06 11 22 33 44 55");
}
END_TEST

START_TEST(other_vectors)
{
	static const struct {
		unsigned vector;
		const char *words;
	} cases[] = {{VECTOR_DE, "division by zero"},
		     {VECTOR_BP, "int3"},
		     {VECTOR_DB, "debug"},
		     {VECTOR_DF, "another"},
		     {VECTOR_SS, "stack"},
		     {VECTOR_AC, "RFLAGS.AC=1"},
		     {VECTOR_MC, ""},
		     {VECTOR_EXCEPTIONS + 5, ""}};

	fault.vector = cases[_i].vector;
	says(cases[_i].words);
	ck_assert_int_eq(text[0] == '\0', cases[_i].words[0] == '\0');
}
END_TEST

START_TEST(names)
{
	ck_assert_str_eq(exception_name(VECTOR_PF), "#PF");
	ck_assert_str_eq(exception_name(VECTOR_NMI), "NMI");
	ck_assert_str_eq(exception_name(VECTOR_DE), "#DE");
	ck_assert_str_eq(exception_name(VECTOR_SX), "#SX");
	ck_assert_ptr_null(exception_name(9)); /* reserved */
	ck_assert_ptr_null(exception_name(31));
	ck_assert_ptr_null(exception_name(VECTOR_EXCEPTIONS));
	ck_assert_ptr_null(exception_name(255));
}
END_TEST

Suite *fault_suite(void)
{
	Suite *suite = suite_create("fault");
	TCase *pages = tcase_create("page faults"), *others = tcase_create("others");

	tcase_add_checked_fixture(pages, setup, teardown);
	tcase_add_checked_fixture(others, setup, teardown);
	tcase_add_loop_test(pages, not_present, 0, 4);
	tcase_add_test(pages, guards);
	tcase_add_test(pages, strange_addresses);
	tcase_add_loop_test(pages, supervisor_page, 0, 4);
	tcase_add_test(pages, read_only_page);
	tcase_add_test(pages, copy_on_write);
	tcase_add_test(pages, no_execute);
	tcase_add_test(pages, smep_and_smap);
	tcase_add_loop_test(others, privileged, 0, 18);
	tcase_add_test(others, protection_error_code);
	tcase_add_test(others, code_at_the_edge);
	tcase_add_test(others, invalid_opcode);
	tcase_add_loop_test(others, other_vectors, 0, 8);
	tcase_add_test(others, names);
	suite_add_tcase(suite, pages);
	suite_add_tcase(suite, others);
	return suite;
}
