/* SPDX-License-Identifier: MIT */
/*
 * test_verdict.c: each doubt comes for its own reason, and none without one.
 */
#include <stdlib.h>
#include <string.h>

#include "guest_tables.h"
#include "run/verdict.h"
#include "suites.h"
#include "trace.h"

#define KERNEL KERNEL_BASE
#define IDT    (CPU_AREA_PER_CPU + CPU_AREA_IDT)

static struct guest guest;
static struct tracer *tracer;
static struct site sites[2];
static struct cpu_state state;
static struct vcpu vcpu;
static struct verdict_request request;
static struct verdict verdict;

static void put_gate(unsigned vector, gva_t target)
{
	struct x86_gate gate = {
		.offset_15_0 = (uint16_t)target,
		.offset_31_16 = (uint16_t)(target >> 16),
		.offset_63_32 = (uint32_t)(target >> 32),
		.type = 0x8e,
	};

	guest_poke(&guest, IDT + vector * sizeof(gate), &gate, sizeof(gate));
}

static void setup(void)
{
	guest_open(&guest);
	guest_map(&guest, KERNEL, PTE_P);
	guest_map(&guest, IDT, PTE_P);
	sites[0] = (struct site){.address = KERNEL, .kind = VMM_SITE_ENTRY, .vector = 14, .armed = true};
	sites[1] = (struct site){.address = KERNEL + 0x10, .kind = VMM_SITE_IRET, .armed = true};
	guest_poke(&guest, KERNEL, "\xe6\x0e", 2); /* out %al, $14 */
	guest_poke(&guest, KERNEL + 0x10, (char[]){(char)0xe7, VMM_PORT_IRET}, 2);
	put_gate(14, KERNEL);
	tracer = calloc(1, sizeof(*tracer));
	ck_assert_ptr_nonnull(tracer);
	tracer->ram = &guest.ram;
	tracer->traced = tracer->armed = TRACE_ALL;
	tracer->sites = (struct site_table){.items = sites, .count = 2};
	state = (struct cpu_state){.cr3 = guest.root, .idt_base = IDT, .idt_limit = 0xfff};
	vcpu = (struct vcpu){.fd = -1};
	request = (struct verdict_request){
		.tracer = tracer, .cpus = {{&vcpu, &state}}, .cpu_count = 1, .observing = true};
}

static void teardown(void)
{
	free(tracer);
	guest_close(&guest);
}

/* The only doubt; "" for none */
static const char *doubt(void)
{
	verdict_build(&verdict, &request);
	ck_assert_uint_le(verdict.count, 1);
	return verdict.count == 1 ? verdict.doubts[0] : "";
}

static void check_doubt(const char *part)
{
	const char *found = doubt();

	ck_assert_msg(strstr(found, part) != NULL, "no \"%s\" in \"%s\"", part, found);
}

START_TEST(complete)
{
	ck_assert_str_eq(doubt(), "");
}
END_TEST

START_TEST(gates)
{
	put_gate(3, KERNEL + 0x10); /* a site, but of another kind */
	check_doubt("1 gate of the IDT");
	put_gate(80, KERNEL + 0x20);
	check_doubt("2 gates of the IDT lead to code without a trace site (the first: vector 3, 0xffffffff80000010)");
	state.idt_limit = 15 * 16 - 1; /* the CPU does not look further */
	check_doubt("1 gate of the IDT");
}
END_TEST

START_TEST(code)
{
	guest_poke(&guest, KERNEL, "\x66\x90", 2);
	check_doubt("1 trace site is no longer in the kernel's code");
	*guest_entry(&guest, KERNEL, 3) &= ~PTE_P;
	check_doubt("2 trace sites are no longer in the kernel's code");
}
END_TEST

START_TEST(no_sites)
{
	tracer->sites.count = 1;
	check_doubt("no trace site before an iretq or sysretq");
	tracer->sites.count = 0;
	check_doubt("the kernel has no trace sites");
	tracer->armed = 0; /* nobody asked for transitions */
	ck_assert_str_eq(doubt(), "");
	request.observing = false;
	check_doubt("method off");
}
END_TEST

START_TEST(gaps)
{
	tracer->missed = 2;
	tracer->missed_seq = 7;
	check_doubt("2 transitions began in another ring than the one before had left (the first: seq 7)");
	tracer->missed = 0;
	tracer->crossings.unreturned = 1;
	check_doubt("1 nested entry");
	tracer->armed = TRACE_EXCEPTION; /* returns were not asked for */
	tracer->sites.count = 2;
	ck_assert_str_eq(doubt(), "");
}
END_TEST

START_TEST(limits)
{
	tracer->unreadable = 1;
	check_doubt("1 frame on the stack could not be read");
	tracer->unreadable = 0;
	tracer->crossings.dropped = 3;
	check_doubt("3 entries were too many open at once");
	tracer->crossings.dropped = 0;
	tracer->processes.overflow = true;
	check_doubt("more than 256 address spaces");
	tracer->processes.overflow = false;
	request.layout_cut = true;
	check_doubt("the page tables lead in circles");
	request.layout_cut = false;
	request.state_lost = true;
	check_doubt("the triple fault reset the CPU");
}
END_TEST

Suite *verdict_suite(void)
{
	Suite *suite = suite_create("verdict");
	TCase *doubts = tcase_create("doubts");

	tcase_add_checked_fixture(doubts, setup, teardown);
	tcase_add_test(doubts, complete);
	tcase_add_test(doubts, gates);
	tcase_add_test(doubts, code);
	tcase_add_test(doubts, no_sites);
	tcase_add_test(doubts, gaps);
	tcase_add_test(doubts, limits);
	suite_add_tcase(suite, doubts);
	return suite;
}
