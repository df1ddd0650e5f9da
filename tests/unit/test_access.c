/* SPDX-License-Identifier: MIT */
/*
 * test_access.c: for each access by each ring to each kind of page: does it go through, or which error code comes, and
 * which bit decides?
 */
#include <string.h>

#include "guest_tables.h"
#include "run/access.h"
#include "suites.h"

#define PAGE UINT64_C(0x400000)

static struct guest guest;
static struct cpu_state state;
static struct access_rules rules;
static struct access access;
static struct prediction prediction;

static void setup(void)
{
	guest_open(&guest);
	state = (struct cpu_state){
		.cr0 = CR0_PG | CR0_WP, .cr3 = guest.root, .cr4 = CR4_SMEP | CR4_SMAP, .efer = EFER_NXE | EFER_LMA};
	rules = (struct access_rules){.format = {.physical_bits = 46, .huge_pages = true, .no_execute = true}};
	access = (struct access){.gva = PAGE + 5};
}

static void teardown(void)
{
	guest_close(&guest);
}

static void predict(unsigned ring, enum access_operation operation)
{
	access.ring = ring;
	access.operation = operation;
	access_predict(&guest.ram, &state, &rules, &access, &prediction);
	ck_assert(prediction.known);
}

static void allowed(unsigned ring, enum access_operation operation)
{
	predict(ring, operation);
	ck_assert_msg(!prediction.faults, "ring %u, operation %d: %s", ring, operation, prediction.why);
	ck_assert_ptr_nonnull(strstr(prediction.why, ": allowed: P=1"));
}

/* A page fault, decided at that depth (-1: by a rule), explained in these words */
static void denied(unsigned ring, enum access_operation operation, uint32_t error, int depth, const char *words)
{
	predict(ring, operation);
	ck_assert(prediction.faults);
	ck_assert_uint_eq(prediction.vector, VECTOR_PF);
	ck_assert_msg(prediction.error == error, "ring %u, operation %d: error 0x%x, not 0x%x", ring, operation,
		      prediction.error, error);
	ck_assert_int_eq(prediction.denial.depth, depth);
	ck_assert_msg(strstr(prediction.why, words) != NULL, "'%s' is not in: %s", words, prediction.why);
}

START_TEST(user_page)
{
	guest_map(&guest, PAGE, PTE_P | PTE_U | PTE_W | PTE_NX);
	allowed(3, ACCESS_READ);
	allowed(3, ACCESS_WRITE);
	denied(3, ACCESS_EXECUTE, PF_P | PF_U | PF_I, 3, "user fetch from 0x400005: a no-execute page: PTE.NX=1");
	denied(0, ACCESS_READ, PF_P, -1, "CR4.SMAP=1");
	denied(0, ACCESS_WRITE, PF_P | PF_W, -1, "CR4.SMAP=1");
	denied(0, ACCESS_EXECUTE, PF_P | PF_I, 3, "NX=1");
	state.cr4 = 0;
	allowed(0, ACCESS_READ);
	ck_assert_ptr_nonnull(strstr(prediction.why, "a user page, but CR4.SMAP=0"));
	allowed(0, ACCESS_WRITE);
}
END_TEST

START_TEST(user_text)
{
	guest_map(&guest, PAGE, PTE_P | PTE_U);
	allowed(3, ACCESS_READ);
	allowed(3, ACCESS_EXECUTE);
	denied(3, ACCESS_WRITE, PF_P | PF_U | PF_W, 3, "user write to 0x400005: a read-only page: PTE.W=0 at index 0");
	denied(0, ACCESS_EXECUTE, PF_P | PF_I, -1, "CR4.SMEP=1");
	state.cr4 = 0;
	allowed(0, ACCESS_EXECUTE);
	denied(0, ACCESS_WRITE, PF_P | PF_W, 3, "W=0");
	state.cr0 &= ~CR0_WP;
	allowed(0, ACCESS_WRITE);
	ck_assert_ptr_nonnull(strstr(prediction.why, "CR0.WP=0"));
	denied(3, ACCESS_WRITE, PF_P | PF_U | PF_W, 3, "W=0");
}
END_TEST

START_TEST(copy_on_write)
{
	guest_map(&guest, PAGE, PTE_P | PTE_U | PTE_NX | PTE_SW_COW);
	denied(3, ACCESS_WRITE, PF_P | PF_U | PF_W, 3, "a read-only page");
	rules.software_cow = true;
	denied(3, ACCESS_WRITE, PF_P | PF_U | PF_W, 3, "a copy-on-write page: PTE.W=0");
}
END_TEST

START_TEST(kernel_page)
{
	access.gva = KERNEL_BASE + 7;
	guest_map(&guest, KERNEL_BASE, PTE_P | PTE_W);
	denied(3, ACCESS_READ, PF_P | PF_U, 3, "a supervisor page: PTE.U=0");
	denied(3, ACCESS_WRITE, PF_P | PF_U | PF_W, 3, "a supervisor page");
	denied(3, ACCESS_EXECUTE, PF_P | PF_U | PF_I, 3, "a supervisor page");
	allowed(0, ACCESS_READ);
	allowed(0, ACCESS_WRITE);
	allowed(0, ACCESS_EXECUTE);
	*guest_entry(&guest, KERNEL_BASE, 1) &= ~PTE_U; /* an upper level is enough, and is named */
	denied(3, ACCESS_READ, PF_P | PF_U, 1, "PDPE.U=0 at index 510");
}
END_TEST

START_TEST(missing)
{
	denied(3, ACCESS_READ, PF_U, 0, "user read of 0x400005: not present: PML4E.P=0 at index 0");
	guest_map(&guest, PAGE, 0);
	denied(3, ACCESS_WRITE, PF_U | PF_W, 3, "PTE.P=0");
	denied(0, ACCESS_EXECUTE, PF_I, 3, "kernel fetch from");
	denied(0, ACCESS_READ, 0, 3, "not present");
}
END_TEST

/* The fetch bit is there only if the CPU could forbid fetches. */
START_TEST(fetch_bit)
{
	state.efer &= ~EFER_NXE;
	rules.format.no_execute = false;
	denied(3, ACCESS_EXECUTE, PF_U | PF_I, 0, "P=0");
	state.cr4 &= ~CR4_SMEP;
	denied(3, ACCESS_EXECUTE, PF_U, 0, "P=0");
}
END_TEST

START_TEST(not_canonical)
{
	access.gva = USER_HALF_END;
	predict(3, ACCESS_READ);
	ck_assert(prediction.faults);
	ck_assert_uint_eq(prediction.vector, VECTOR_GP);
	ck_assert_uint_eq(prediction.error, 0);
	ck_assert_ptr_nonnull(strstr(prediction.why, "not canonical"));
	access.stack = true;
	predict(0, ACCESS_WRITE);
	ck_assert_uint_eq(prediction.vector, VECTOR_SS);
	predict(0, ACCESS_EXECUTE); /* rip knows no stack */
	ck_assert_uint_eq(prediction.vector, VECTOR_GP);
	access.gva = KERNEL_HALF - 1;
	predict(3, ACCESS_READ);
	ck_assert_uint_eq(prediction.vector, VECTOR_SS);
	access.gva = KERNEL_HALF;
	denied(3, ACCESS_READ, PF_U, 0, "P=0 at index 256");
}
END_TEST

/* A reserved bit is found before any right is looked at, but not below an entry that is not present. */
START_TEST(reserved)
{
	static const struct {
		unsigned depth;
		uint64_t bits;
		const char *words;
	} cases[] = {
		{0, PTE_PS, "PML4E.bit 7"},
		{0, UINT64_C(1) << 51, "PML4E.bit 51"},
		{1, UINT64_C(1) << 46, "PDPE.bit 46"},
		{1, PTE_PS | UINT64_C(1) << 29, "PDPE.bit 29"},
		{2, PTE_PS | UINT64_C(1) << 13, "PDE.bit 13"},
		{3, UINT64_C(1) << 47, "PTE.bit 47"},
	};
	uint64_t *entry;

	guest_map(&guest, PAGE, PTE_P);
	entry = guest_entry(&guest, PAGE, cases[_i].depth);
	*entry = (*entry & ~PTE_ADDRESS) | cases[_i].bits | PTE_P;
	denied(3, ACCESS_WRITE, PF_P | PF_RSVD | PF_U | PF_W, (int)cases[_i].depth, cases[_i].words);
	ck_assert_ptr_nonnull(strstr(prediction.why, "a reserved bit is set"));
	*entry &= ~PTE_P;
	denied(3, ACCESS_WRITE, PF_U | PF_W, (int)cases[_i].depth, "P=0");
}
END_TEST

START_TEST(not_reserved)
{
	uint64_t *entry;

	guest_map(&guest, PAGE, PTE_P);
	entry = guest_entry(&guest, PAGE, 3);
	*entry |= UINT64_C(0x7ff) << 52 | 0xe00 | PTE_PS | PTE_G; /* ignored, software's, memory type, global */
	allowed(0, ACCESS_READ);
	rules.format.no_execute = false;
	*entry |= PTE_NX;
	denied(0, ACCESS_READ, PF_P | PF_RSVD, 3, "PTE.bit 63");
	rules.format.no_execute = rules.format.huge_pages = true;
	entry = guest_entry(&guest, PAGE, 1);
	*entry = PTE_P | PTE_PS | 1 << 12;
	allowed(0, ACCESS_READ);
	rules.format.huge_pages = false;
	denied(0, ACCESS_READ, PF_P | PF_RSVD, 1, "PDPE.bit 7");
}
END_TEST

START_TEST(outside)
{
	guest_map(&guest, PAGE, PTE_P);
	*guest_entry(&guest, PAGE, 2) = UINT64_C(0x3000000000) | PTE_P;
	access.ring = 3;
	access_predict(&guest.ram, &state, &rules, &access, &prediction);
	ck_assert(!prediction.known);
	ck_assert_ptr_nonnull(strstr(prediction.why, "outside the guest's memory"));
}
END_TEST

START_TEST(no_memory)
{
	guest_map(&guest, PAGE, PTE_P | PTE_U);
	*guest_entry(&guest, PAGE, 3) = UINT64_C(0xd0000000) | PTE_P | PTE_U;
	allowed(3, ACCESS_READ);
	access.operation = ACCESS_EXECUTE;
	access_predict(&guest.ram, &state, &rules, &access, &prediction);
	ck_assert(!prediction.known);
	ck_assert_ptr_nonnull(strstr(prediction.why, "no memory at 0xd0000005"));
}
END_TEST

START_TEST(unknown_paging)
{
	ck_assert_ptr_null(access_unknown_paging(&state));
	state.cr4 |= CR4_LA57;
	ck_assert_ptr_nonnull(strstr(access_unknown_paging(&state), "LA57"));
	state.cr4 = 1 << 22;
	ck_assert_ptr_nonnull(strstr(access_unknown_paging(&state), "protection keys"));
	state.cr4 = 0;
	state.efer = 0;
	ck_assert_ptr_nonnull(access_unknown_paging(&state));
}
END_TEST

Suite *access_suite(void)
{
	Suite *suite = suite_create("access");
	TCase *tests = tcase_create("prediction");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, user_page);
	tcase_add_test(tests, user_text);
	tcase_add_test(tests, copy_on_write);
	tcase_add_test(tests, kernel_page);
	tcase_add_test(tests, missing);
	tcase_add_test(tests, fetch_bit);
	tcase_add_test(tests, not_canonical);
	tcase_add_loop_test(tests, reserved, 0, 6);
	tcase_add_test(tests, not_reserved);
	tcase_add_test(tests, outside);
	tcase_add_test(tests, no_memory);
	tcase_add_test(tests, unknown_paging);
	suite_add_tcase(suite, tests);
	return suite;
}
