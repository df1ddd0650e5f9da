/* SPDX-License-Identifier: MIT */
/*
 * test_quirks.c: is a fault taken for a `syscall` or an `int n` only when every sign says so?
 */
#include <stddef.h>

#include "guest_tables.h"
#include "run/quirks.h"
#include "suites.h"

#define USER_CODE UINT64_C(0x401000)
#define ENTRY     (KERNEL_BASE + 0x20)
#define GATE      (KERNEL_BASE + 0x80)
#define STACK     (KERNEL_STACKS + KERNEL_STACK_GUARD)
#define USER_RSP  UINT64_C(0x7ffffffde000)

static struct guest guest;
static struct site items[2];
static struct site_table sites;
static struct cpu_state state;
static struct pushed_frame pushed;

static void setup(void)
{
	guest_open(&guest);
	items[0] = (struct site){.address = ENTRY, .kind = VMM_SITE_SYSCALL};
	items[1] = (struct site){.address = GATE, .kind = VMM_SITE_ENTRY, .vector = 0x80, .dpl = 3};
	sites = (struct site_table){.items = items, .count = 2, .quirks = true};
	guest_map(&guest, USER_CODE, PTE_P | PTE_U);
	guest_map(&guest, STACK, PTE_P | PTE_W | PTE_NX);
	guest_poke(&guest, USER_CODE + 0x10, "\x0f\x05", 2);
	guest_poke(&guest, USER_CODE + 0x20, "\xcd\x80", 2);
	/* `syscall` at USER_CODE + 0x10, as the quirk delivers it */
	state = (struct cpu_state){.cr3 = guest.root,
				   .cr2 = ENTRY,
				   .rcx = USER_CODE + 0x12,
				   .r11 = RFLAGS_RESERVED1 | RFLAGS_IF | RFLAGS_AC | 0x41,
				   .rsp = STACK + 0xfd0};
	pushed = (struct pushed_frame){.address = STACK + 0xfd8,
				       .error = PF_P | PF_U | PF_I,
				       .frame = {.rip = ENTRY, .cs = SELECTOR_USER_CODE, .rsp = USER_RSP}};
}

static void teardown(void)
{
	guest_close(&guest);
}

static bool is_syscall(void)
{
	return quirk_is_syscall(&sites, &guest.ram, &state, &pushed);
}

START_TEST(syscall_fault)
{
	ck_assert(is_syscall());
}
END_TEST

/* One sign is missing: an ordinary page fault. */
START_TEST(not_syscall)
{
	switch (_i) {
	case 0:
		sites.quirks = false;
		break;
	case 1:
		pushed.error = PF_P | PF_U;
		break;
	case 2:
		pushed.error = PF_U | PF_I;
		break;
	case 3:
		state.cr2 = ENTRY + 1;
		break;
	case 4:
		pushed.frame.rip = ENTRY - 1;
		break;
	case 5:
		pushed.frame.cs = SELECTOR_KERNEL_CODE;
		break;
	case 6:
		state.rcx++; /* a jump to LSTAR: no `syscall` in front of rcx */
		break;
	case 7:
		state.rcx = 0;
		break;
	case 8:
		state.rcx = USER_CODE + 0x32; /* 0f 0b: ud2 */
		guest_poke(&guest, USER_CODE + 0x30, "\x0f\x0b", 2);
		break;
	case 9:
		state.rcx = UINT64_C(0x800000000001);
		break;
	default:
		items[0].kind = VMM_SITE_SYSRET; /* a kernel without a system-call entry */
	}
	ck_assert(!is_syscall());
}
END_TEST

START_TEST(complete_syscall)
{
	struct completion completion;

	quirk_complete_syscall(&sites, &state, &pushed, &completion);
	ck_assert(completion.needed);
	ck_assert_uint_eq(completion.rip, ENTRY + 2);
	ck_assert_uint_eq(completion.rsp, USER_RSP);
	ck_assert_uint_eq(completion.rflags, RFLAGS_RESERVED1 | 0x41); /* without what FMASK clears */
}
END_TEST

START_TEST(int_as_invalid_opcode)
{
	unsigned vector = 0;

	pushed.frame.rip = USER_CODE + 0x20;
	ck_assert(quirk_is_int(&sites, &guest.ram, &state, &pushed, &vector));
	ck_assert_uint_eq(vector, 0x80);
	pushed.frame.rip = USER_CODE + 0x10;
	ck_assert(!quirk_is_int(&sites, &guest.ram, &state, &pushed, &vector));
	pushed.frame.rip = USER_CODE + PAGE_SIZE - 1; /* the second byte is not there */
	guest_poke(&guest, USER_CODE + PAGE_SIZE - 1, "\xcd", 1);
	ck_assert(!quirk_is_int(&sites, &guest.ram, &state, &pushed, &vector));
	pushed.frame.rip = USER_CODE + 0x20;
	pushed.frame.cs = SELECTOR_KERNEL_CODE;
	ck_assert(!quirk_is_int(&sites, &guest.ram, &state, &pushed, &vector));
	pushed.frame.cs = SELECTOR_USER_CODE;
	sites.quirks = false;
	ck_assert(!quirk_is_int(&sites, &guest.ram, &state, &pushed, &vector));
}
END_TEST

START_TEST(complete_int)
{
	struct completion completion = {0};
	uint64_t next;

	pushed.frame.rip = USER_CODE + 0x20;
	ck_assert(quirk_complete_int(&sites, &guest.ram, &state, &pushed, 0x80, &completion));
	ck_assert(completion.needed);
	ck_assert_uint_eq(completion.rip, GATE + 2);
	ck_assert_uint_eq(completion.rsp, state.rsp);
	ck_assert(guest_ram_read_u64(&guest.ram, (*guest_entry(&guest, STACK, 3) & PTE_ADDRESS) + 0xfd8, &next));
	ck_assert_uint_eq(next, USER_CODE + 0x22); /* the frame returns behind the instruction */
}
END_TEST

/* No gate, a gate that ring 3 may not use, a frame that cannot be written: nothing is completed. */
START_TEST(no_completion)
{
	struct completion completion = {0};

	pushed.frame.rip = USER_CODE + 0x20;
	ck_assert(!quirk_complete_int(&sites, &guest.ram, &state, &pushed, 0x81, &completion));
	items[1].dpl = 0;
	ck_assert(!quirk_complete_int(&sites, &guest.ram, &state, &pushed, 0x80, &completion));
	items[1].dpl = 3;
	pushed.address = USER_CODE; /* read-only */
	ck_assert(!quirk_complete_int(&sites, &guest.ram, &state, &pushed, 0x80, &completion));
	pushed.address = UINT64_C(0x900000000000);
	ck_assert(!quirk_complete_int(&sites, &guest.ram, &state, &pushed, 0x80, &completion));
	ck_assert(!completion.needed);
}
END_TEST

Suite *quirks_suite(void)
{
	Suite *suite = suite_create("quirks");
	TCase *signs = tcase_create("signs"), *completing = tcase_create("completing");

	tcase_add_checked_fixture(signs, setup, teardown);
	tcase_add_checked_fixture(completing, setup, teardown);
	tcase_add_test(signs, syscall_fault);
	tcase_add_loop_test(signs, not_syscall, 0, 11);
	tcase_add_test(signs, int_as_invalid_opcode);
	tcase_add_test(completing, complete_syscall);
	tcase_add_test(completing, complete_int);
	tcase_add_test(completing, no_completion);
	suite_add_tcase(suite, signs);
	suite_add_tcase(suite, completing);
	return suite;
}
