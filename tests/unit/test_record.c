/* SPDX-License-Identifier: MIT */
/*
 * test_record.c: is a record of method `ring` taken apart as shared/ring.h says, and is any garbage in one harmless?
 */
#include <stdlib.h>
#include <string.h>

#include "run/record.h"
#include "suites.h"

#define CODE KERNEL_BASE

enum place {
	PAGE_FAULT = 0x100,
	QUIRK = 0x200, /* the page fault's stand-in */
	SYSCALL = 0x300,
	SYSRET = 0x400,
	IRET = 0x500,
	TIMER = 0x600,
	INT80 = 0x700,
	CHANGED = 0x800,
	SYSCALL_STAND_IN = 0x900,
};

static struct site items[] = {
	{.address = CODE + PAGE_FAULT, .kind = VMM_SITE_ENTRY, .vector = VECTOR_PF},
	{.address = CODE + QUIRK, .kind = VMM_SITE_ENTRY, .vector = VECTOR_PF, .stand_in = true},
	{.address = CODE + SYSCALL, .kind = VMM_SITE_SYSCALL},
	{.address = CODE + SYSRET, .kind = VMM_SITE_SYSRET},
	{.address = CODE + IRET, .kind = VMM_SITE_IRET},
	{.address = CODE + TIMER, .kind = VMM_SITE_ENTRY, .vector = 0x20},
	{.address = CODE + INT80, .kind = VMM_SITE_ENTRY, .vector = 0x80, .dpl = 3},
	{.address = CODE + CHANGED, .kind = VMM_SITE_CHANGED},
	{.address = CODE + SYSCALL_STAND_IN, .kind = VMM_SITE_SYSCALL, .stand_in = true},
};
static const size_t count = sizeof(items) / sizeof(items[0]);

static struct site_table sites;
static struct record record;
static struct cpu_state state;
static struct evidence evidence;

static void set_word(unsigned number, uint64_t value)
{
	memcpy((uint8_t *)&record + VMM_RING_TAIL - 8 * number, &value, sizeof(value));
}

/* Word n is 0x1000 + n; the captured bytes, which are words 18 to 22, too, count from 'a' on. */
static void setup(void)
{
	sites = (struct site_table){.items = items, .count = count};
	for (unsigned number = 1; number <= VMM_WORDS; number++)
		set_word(number, 0x1000 + number);
	for (unsigned i = 0; i < VMM_RING_CAPTURE; i++)
		record.captured[i] = (uint8_t)('a' + i);
	state = (struct cpu_state){.cr0 = 1, .cr4 = 4, .tss_base = 0x7755, .rip = 9, .r15 = 15};
	memset(&evidence, 0xff, sizeof(evidence));
}

static void decode(enum place place, unsigned captured)
{
	const struct site *site;

	record.state = CODE + (unsigned)place + captured;
	site = record_decode(&record, &sites, &state, &evidence);
	ck_assert_ptr_nonnull(site);
	ck_assert_uint_eq(site->address, CODE + (unsigned)place);
	ck_assert_uint_eq(state.cr3, 0x1000 + VMM_WORD_CR3);
	ck_assert(state.cr0 == 1 && state.cr4 == 4 && state.tss_base == 0x7755);
	ck_assert(state.rip == 0 && state.r15 == 0); /* what is not recorded is 0, not what came before */
}

START_TEST(time_stamp)
{
	set_word(VMM_WORD_TSC_LOW, 0xfedcba98);
	set_word(VMM_WORD_TSC_HIGH, 0x12345678);
	ck_assert_uint_eq(record_tsc(&record), UINT64_C(0x12345678fedcba98));
	set_word(VMM_WORD_TSC_LOW, UINT64_MAX); /* rdtsc clears the upper halves; a guest that lies need not */
	set_word(VMM_WORD_TSC_HIGH, UINT64_MAX);
	ck_assert_uint_eq(record_tsc(&record), UINT64_MAX);
	set_word(VMM_WORD_TSC_HIGH, 1);
	ck_assert_uint_eq(record_tsc(&record), UINT64_C(0x1ffffffff));
}
END_TEST

static void arguments_as_recorded(void)
{
	ck_assert_uint_eq(state.rax, 0x1001);
	ck_assert_uint_eq(state.rdx, 0x1002);
	ck_assert_uint_eq(state.rcx, 0x1007);
	ck_assert_uint_eq(state.r11, 0x1008);
	ck_assert_uint_eq(state.rdi, 0x100a);
	ck_assert_uint_eq(state.rsi, 0x100b);
	ck_assert_uint_eq(state.r10, 0x100c);
	ck_assert_uint_eq(state.r8, 0x100d);
	ck_assert_uint_eq(state.r9, 0x100e);
	ck_assert_uint_eq(evidence.stack_top, 0x1006);
}

START_TEST(system_call)
{
	decode(SYSCALL, 0);
	arguments_as_recorded();
	ck_assert_uint_eq(state.rsp, 0x1009);
	ck_assert(!evidence.quirk_syscall);
	ck_assert_uint_eq(evidence.captured_count, 0);
	ck_assert_uint_eq(evidence.error, 0);
}
END_TEST

START_TEST(page_fault_for_a_system_call)
{
	decode(QUIRK, 0);
	arguments_as_recorded();
	ck_assert(evidence.quirk_syscall);
	ck_assert_uint_eq(evidence.error, PF_P | PF_U | PF_I);
	ck_assert_uint_eq(state.cr2, CODE + SYSCALL);
	ck_assert_uint_eq(evidence.frame.rip, CODE + SYSCALL);
	ck_assert_uint_eq(evidence.frame.rsp, 0x1009);
	ck_assert_uint_eq(evidence.frame.cs, 0x1010);
	ck_assert_uint_eq(state.rsp, 0x100f);
	ck_assert_uint_eq(evidence.captured_count, 0);
}
END_TEST

/* A kernel with the stand-in, but without a site of `syscall`: its record would stand for nothing. */
START_TEST(page_fault_for_no_system_call)
{
	const struct cpu_state before = state;

	sites.items = items;
	sites.count = 2;
	record.state = CODE + QUIRK;
	ck_assert_ptr_null(record_decode(&record, &sites, &state, &evidence));
	ck_assert_mem_eq(&state, &before, sizeof(state));
}
END_TEST

START_TEST(sysret)
{
	decode(SYSRET, 0);
	ck_assert_uint_eq(state.rax, 0x1001);
	ck_assert_uint_eq(state.rcx, 0x1007);
	ck_assert_uint_eq(state.r11, 0x1008);
	ck_assert_uint_eq(state.rsp, 0x1009);
	ck_assert_uint_eq(state.rdi, 0); /* the words above are those of a record before */
	ck_assert_uint_eq(state.rsi, 0);
	ck_assert_uint_eq(evidence.captured_count, 0);
}
END_TEST

static void frame_as_recorded(void)
{
	ck_assert_uint_eq(evidence.frame.rip, 0x1007);
	ck_assert_uint_eq(evidence.frame.rflags, 0x1009);
	ck_assert_uint_eq(evidence.frame.rsp, 0x100a);
}

/* To and from ring 3 the frame ends at the top of the thread's stack; ring 0's own lies where the record says. */
START_TEST(frames)
{
	static const enum place places[] = {IRET, TIMER};
	enum place place = places[_i];

	set_word(VMM_WORD_FRAME_CS, SELECTOR_USER_CODE);
	decode(place, 0);
	frame_as_recorded();
	ck_assert_uint_eq(evidence.frame.cs, SELECTOR_USER_CODE);
	ck_assert_uint_eq(state.rsp, 0x1006 - 40);
	set_word(VMM_WORD_FRAME_CS, SELECTOR_KERNEL_CODE);
	decode(place, 0);
	frame_as_recorded();
	ck_assert_uint_eq(evidence.frame.cs, SELECTOR_KERNEL_CODE);
	ck_assert_uint_eq(state.rsp, 0x1000 + VMM_WORD_FRAME);
	ck_assert_uint_eq(state.rbx, 0); /* no arguments */
	ck_assert_uint_eq(state.rax, 0x1001);
}
END_TEST

START_TEST(int_0x80)
{
	set_word(VMM_WORD_FRAME_CS, SELECTOR_USER_CODE);
	decode(INT80, 0);
	frame_as_recorded();
	ck_assert_uint_eq(state.rsp, 0x1006 - 40);
	ck_assert_uint_eq(state.rax, 0x1001);
	ck_assert_uint_eq(state.rdx, 0x1002);
	ck_assert_uint_eq(state.rbx, 0x100b);
	ck_assert_uint_eq(state.rcx, 0x100c);
	ck_assert_uint_eq(state.rsi, 0x100d);
	ck_assert_uint_eq(state.rdi, 0x100e);
	ck_assert_uint_eq(state.rbp, 0x100f);
}
END_TEST

/* The words of the page fault have other places; its rsp points at the error code. */
START_TEST(page_fault)
{
	set_word(VMM_WORD_FAULT_ERROR, UINT64_C(0xabcd00000007));
	set_word(VMM_WORD_FRAME_CS, SELECTOR_USER_CODE);
	decode(PAGE_FAULT, 0);
	frame_as_recorded();
	ck_assert_uint_eq(evidence.error, 7);
	ck_assert_uint_eq(evidence.stack_top, 0x1001);
	ck_assert_uint_eq(state.rsp, 0x1002 + 24);
	ck_assert_uint_eq(state.cr2, 0x100b);
	for (unsigned depth = 0; depth < WALK_LEVELS; depth++)
		ck_assert_uint_eq(evidence.walk[depth], 0x100c + depth);
	ck_assert(state.rax == 0 && state.rdx == 0);
	ck_assert(!evidence.quirk_syscall);
}
END_TEST

/* Of an entry rdx bytes were captured at rsi, of a return rax bytes: at most 32. */
START_TEST(captured)
{
	static const struct {
		uint64_t asked;
		uint32_t given;
	} counts[] = {{0, 0},          {14, 14}, {31, 31}, {32, 32}, {33, 32}, {40, 32}, {UINT64_C(1) << 32, 32},
		      {UINT64_MAX, 32}};

	set_word(VMM_WORD_RDX, counts[_i].asked);
	set_word(VMM_WORD_RSI, 0x601000);
	decode(SYSCALL, VMM_RECORD_CAPTURED);
	ck_assert_uint_eq(evidence.captured, 0x601000);
	ck_assert_uint_eq(evidence.captured_count, counts[_i].given);
	ck_assert_mem_eq(evidence.bytes, "abcdefghijklmnopqrstuvwxyz", 26);
	decode(QUIRK, VMM_RECORD_CAPTURED);
	ck_assert_uint_eq(evidence.captured_count, counts[_i].given);
	set_word(VMM_WORD_RAX, counts[_i].asked);
	set_word(VMM_WORD_RDX, 5);
	set_word(VMM_WORD_RSP + 2, 0x602000); /* of a return rsi lies behind rsp and rdi */
	decode(SYSRET, VMM_RECORD_CAPTURED);
	ck_assert_uint_eq(state.rsi, 0x602000);
	ck_assert_uint_eq(evidence.captured, 0x602000);
	ck_assert_uint_eq(evidence.captured_count, counts[_i].given);
}
END_TEST

/* Ring 0 could read there. What a program could not have shown is no part of a report. */
START_TEST(captured_where_the_program_cannot_read)
{
	static const uint64_t addresses[] = {USER_HALF_END, KERNEL_HALF, CODE, DIRECT_MAP, UINT64_MAX};

	set_word(VMM_WORD_RDX, 14);
	set_word(VMM_WORD_RSI, addresses[_i]);
	decode(SYSCALL, VMM_RECORD_CAPTURED);
	ck_assert_uint_eq(evidence.captured_count, 0);
	ck_assert_uint_eq(evidence.bytes[0], 0);
	set_word(VMM_WORD_RSI, USER_HALF_END - 1);
	decode(SYSCALL, VMM_RECORD_CAPTURED);
	ck_assert_uint_eq(evidence.captured_count, 14);
}
END_TEST

START_TEST(states_of_no_site)
{
	static const uint64_t states[] = {
		0,
		1,
		UINT64_MAX,
		CODE,
		CODE + PAGE_FAULT - 1,
		CODE + PAGE_FAULT + 2,
		CODE + CHANGED,
		CODE + CHANGED + VMM_RECORD_CAPTURED,
		UINT64_C(0x800000000000),
		CODE + SYSCALL + (UINT64_C(1) << 63),
		(CODE + SYSCALL) & UINT32_MAX,
	};
	const struct cpu_state before = state;
	const struct evidence nothing = evidence;

	record.state = states[_i];
	ck_assert_ptr_null(record_decode(&record, &sites, &state, &evidence));
	ck_assert_mem_eq(&state, &before, sizeof(state));
	ck_assert_mem_eq(&evidence, &nothing, sizeof(evidence));
}
END_TEST

START_TEST(no_sites)
{
	sites.count = 0;
	record.state = CODE + SYSCALL;
	ck_assert_ptr_null(record_decode(&record, &sites, &state, &evidence));
}
END_TEST

/* A record of a site that writes none (it belongs to another kind's stub) is taken at its word, not more. */
START_TEST(stand_in_of_a_system_call)
{
	decode(SYSCALL_STAND_IN, 0);
	arguments_as_recorded();
	ck_assert(!evidence.quirk_syscall);
}
END_TEST

/* Any slot: nothing outside of the record is read, and what comes out is within its limits. A record that ends where a
   page of nothing begins would be noticed by a sanitizer; so the record has been put at the end of an allocation. */
START_TEST(garbage)
{
	struct record *slot = malloc(sizeof(*slot));
	uint64_t random = UINT64_C(0x9e3779b97f4a7c15) * (unsigned)(_i + 1);
	unsigned known = 0;

	ck_assert_ptr_nonnull(slot);
	for (unsigned round = 0; round < 20000; round++) {
		const struct site *site;
		uint8_t *bytes = (uint8_t *)slot;

		for (unsigned i = 0; i < sizeof(*slot); i++) {
			random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
			bytes[i] = (uint8_t)(random >> 56);
		}
		if (round % 2 == 0)
			slot->state = items[random >> 33 & 7].address + (random >> 40 & 1);
		site = record_decode(slot, &sites, &state, &evidence);
		(void)record_tsc(slot);
		if (site == NULL)
			continue;
		known++;
		ck_assert(site >= items && site < items + count);
		ck_assert_uint_le(evidence.captured_count, VMM_CAPTURE_BYTES);
		ck_assert(evidence.captured_count == 0 || evidence.captured < USER_HALF_END);
		ck_assert(state.cr0 == 1 && state.cr4 == 4 && state.tss_base == 0x7755);
	}
	ck_assert_uint_ge(known, 8000);
	free(slot);
}
END_TEST

Suite *record_suite(void)
{
	Suite *suite = suite_create("record");
	TCase *words = tcase_create("words"), *bytes = tcase_create("captured"), *wrong = tcase_create("wrong");

	tcase_add_checked_fixture(words, setup, NULL);
	tcase_add_checked_fixture(bytes, setup, NULL);
	tcase_add_checked_fixture(wrong, setup, NULL);
	tcase_add_test(words, time_stamp);
	tcase_add_test(words, system_call);
	tcase_add_test(words, stand_in_of_a_system_call);
	tcase_add_test(words, page_fault_for_a_system_call);
	tcase_add_test(words, sysret);
	tcase_add_loop_test(words, frames, 0, 2);
	tcase_add_test(words, int_0x80);
	tcase_add_test(words, page_fault);
	tcase_add_loop_test(bytes, captured, 0, 8);
	tcase_add_loop_test(bytes, captured_where_the_program_cannot_read, 0, 5);
	tcase_add_test(wrong, page_fault_for_no_system_call);
	tcase_add_loop_test(wrong, states_of_no_site, 0, 11);
	tcase_add_test(wrong, no_sites);
	tcase_add_loop_test(wrong, garbage, 0, 3);
	suite_add_tcase(suite, words);
	suite_add_tcase(suite, bytes);
	suite_add_tcase(suite, wrong);
	return suite;
}
