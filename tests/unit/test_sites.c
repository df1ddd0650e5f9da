/* SPDX-License-Identifier: MIT */
/*
 * test_sites.c: are trace sites patched only where they are what they claim to be, and found again at their exits?
 */
#include <string.h>

#include "guest_tables.h"
#include "run/sites.h"
#include "suites.h"

#define CODE KERNEL_BASE

static struct guest guest;
static struct vmm_site records[16];
static struct elf_image kernel;
static struct site_table table;
static struct vmm_error error;

/* One record, and its `out` in the code */
static void add_site(gva_t address, unsigned kind, unsigned vector, unsigned dpl)
{
	static const uint8_t ports[] = {0, 0, VMM_PORT_SYSCALL, VMM_PORT_IRET, VMM_PORT_SYSRET};
	uint8_t code[2] = {kind == VMM_SITE_ENTRY ? 0xe6 : 0xe7, kind == VMM_SITE_ENTRY     ? (uint8_t)vector
								 : kind == VMM_SITE_CHANGED ? VMM_PORT_CHANGED
											    : ports[kind]};

	for (unsigned i = 0; i < 2; i++)
		guest_poke(&guest, address + i, &code[i], 1);
	records[kernel.site_count++] = (struct vmm_site){
		.address = address, .kind = (uint8_t)kind, .vector = (uint8_t)vector, .dpl = (uint8_t)dpl};
}

static void setup(void)
{
	guest_open(&guest);
	kernel = (struct elf_image){.name = "kernel.elf", .fd = -1, .sites = records};
	guest_map(&guest, CODE, PTE_P);
	guest_frame(&guest); /* so that the pages are apart in memory */
	guest_map(&guest, CODE + PAGE_SIZE, PTE_P);
	add_site(CODE + 0x40, VMM_SITE_IRET, 0, 0);
	add_site(CODE + 0x10, VMM_SITE_ENTRY, VECTOR_PF, 0);
	add_site(CODE + 0x20, VMM_SITE_SYSCALL, 0, 0);
	add_site(CODE + PAGE_SIZE - 1, VMM_SITE_ENTRY, 0x80, 3); /* across two pages */
	memset(&table, 0, sizeof(table));
}

static void teardown(void)
{
	site_table_close(&table);
	guest_close(&guest);
}

static void open_table(unsigned traced, bool quirks)
{
	const struct site_request request = {.kernel = &kernel, .cr3 = guest.root, .traced = traced, .quirks = quirks};

	site_table_close(&table);
	ck_assert_msg(site_table_open(&table, &request, &guest.ram, &error), "%s", error.text);
}

static void refused(const char *words)
{
	const struct site_request request = {.kernel = &kernel, .cr3 = guest.root, .traced = TRACE_ALL};

	ck_assert(!site_table_open(&table, &request, &guest.ram, &error));
	ck_assert_ptr_eq(strstr(error.text, "kernel.elf: "), error.text);
	ck_assert_msg(strstr(error.text, words) != NULL, "'%s' is not in: %s", words, error.text);
}

static void holds(gva_t address, unsigned first, unsigned second)
{
	const uint8_t *low = guest.ram.bytes + (*guest_entry(&guest, address, 3) & PTE_ADDRESS) + (address & 0xfff);
	const uint8_t *high =
		guest.ram.bytes + (*guest_entry(&guest, address + 1, 3) & PTE_ADDRESS) + ((address + 1) & 0xfff);

	ck_assert_uint_eq(*low, first);
	ck_assert_uint_eq(*high, second);
}

START_TEST(all_armed)
{
	open_table(TRACE_ALL, false);
	ck_assert_uint_eq(table.count, 4);
	ck_assert_uint_eq(table.items[0].address, CODE + 0x10); /* by address */
	ck_assert_uint_eq(table.items[3].address, CODE + PAGE_SIZE - 1);
	for (size_t i = 0; i < table.count; i++)
		ck_assert(table.items[i].armed);
	holds(CODE + 0x10, 0xe6, VECTOR_PF);
	holds(CODE + 0x20, 0xe7, VMM_PORT_SYSCALL);
	holds(CODE + 0x40, 0xe7, VMM_PORT_IRET);
	holds(CODE + PAGE_SIZE - 1, 0xe6, 0x80);
}
END_TEST

START_TEST(none_armed)
{
	open_table(0, false);
	holds(CODE + 0x10, 0x66, 0x90);
	holds(CODE + 0x20, 0x66, 0x90);
	holds(CODE + 0x40, 0x66, 0x90);
	holds(CODE + PAGE_SIZE - 1, 0x66, 0x90);
	ck_assert_ptr_null(site_at_exit(&table, CODE + 0x10, VECTOR_PF, 1));
	ck_assert_ptr_nonnull(site_find(&table, VMM_SITE_ENTRY, VECTOR_PF));
}
END_TEST

START_TEST(some_armed)
{
	open_table(TRACE_SYSCALL, false);
	holds(CODE + 0x10, 0x66, 0x90);
	holds(CODE + 0x20, 0xe7, VMM_PORT_SYSCALL);
	holds(CODE + 0x40, 0x66, 0x90);
	holds(CODE + PAGE_SIZE - 1, 0x66, 0x90);
}
END_TEST

/* Where `syscall` arrives as a page fault and `int n` as an invalid opcode, these doors are needed. */
START_TEST(quirks)
{
	add_site(CODE + 0x60, VMM_SITE_ENTRY, VECTOR_UD, 0);
	open_table(0, true);
	ck_assert(table.emulate_syscall && table.emulate_int);
	holds(CODE + 0x10, 0xe6, VECTOR_PF);
	holds(CODE + 0x60, 0xe6, VECTOR_UD);
	holds(CODE + 0x20, 0x66, 0x90);
	ck_assert_uint_eq(site_events(&table, site_find(&table, VMM_SITE_ENTRY, VECTOR_PF)),
			  TRACE_EXCEPTION | TRACE_SYSCALL);
	ck_assert_uint_eq(site_events(&table, site_find(&table, VMM_SITE_ENTRY, VECTOR_UD)),
			  TRACE_EXCEPTION | TRACE_INT);
}
END_TEST

/* A kernel that handles the quirks itself */
START_TEST(quirks_of_the_kernel)
{
	records[1].quirk = VMM_QUIRK_SYSCALL_FAULTS;
	open_table(0, true);
	ck_assert(!table.emulate_syscall && table.emulate_int);
	holds(CODE + 0x10, 0x66, 0x90);
}
END_TEST

START_TEST(events)
{
	struct site site = {.kind = VMM_SITE_ENTRY, .vector = 32};

	ck_assert_uint_eq(site_events(&table, &site), TRACE_INTERRUPT);
	site.dpl = 3;
	ck_assert_uint_eq(site_events(&table, &site), TRACE_INT | TRACE_INTERRUPT);
	site.vector = VECTOR_NMI;
	ck_assert_uint_eq(site_events(&table, &site), TRACE_INTERRUPT);
	site.vector = VECTOR_GP;
	ck_assert_uint_eq(site_events(&table, &site), TRACE_EXCEPTION);
	site.kind = VMM_SITE_SYSRET;
	ck_assert_uint_eq(site_events(&table, &site), TRACE_RETURN);
}
END_TEST

START_TEST(wrong_code)
{
	guest_poke(&guest, CODE + 0x11, "\x0f", 1);
	refused("0xffffffff80000010 holds e6 0f, expected e6 0e");
	site_table_close(&table);
	guest_poke(&guest, CODE + 0x11, "\x0e", 1);
	guest_poke(&guest, CODE + 0x20, "\xe6", 1);
	refused("0xffffffff80000020 holds e6 01, expected e7 01");
}
END_TEST

START_TEST(wrong_place)
{
	static const gva_t places[] = {0x12345000, CODE + 2 * PAGE_SIZE - 1, UINT64_C(0x800000000000), 0 - UINT64_C(1)};

	records[0].address = places[_i];
	refused("is not in the kernel's code");
}
END_TEST

/* In a page of ring 3, or one that may not be executed */
START_TEST(wrong_page)
{
	uint64_t *entry = guest_entry(&guest, CODE, 3);

	*entry |= PTE_U;
	for (unsigned depth = 0; depth < 3; depth++)
		*guest_entry(&guest, CODE, depth) |= PTE_U;
	refused("is not in the kernel's code");
	site_table_close(&table);
	*entry ^= PTE_U | PTE_NX;
	refused("is not in the kernel's code");
}
END_TEST

START_TEST(wrong_kind)
{
	records[2].kind = 99;
	refused("trace site 2 is of unknown kind 99");
}
END_TEST

START_TEST(other_records)
{
	records[kernel.site_count++] = (struct vmm_site){.address = 0x1234, .kind = VMM_SITE_PROCESS_TABLE};
	records[kernel.site_count++] = (struct vmm_site){.kind = VMM_SITE_LINUX_ABI};
	open_table(TRACE_ALL, false);
	ck_assert_uint_eq(table.count, 4);
	ck_assert_uint_eq(table.process_table, 0x1234);
	ck_assert(table.linux_abi);
}
END_TEST

/* The first exit tells whether rip stands at the instruction (0) or behind it (2). */
START_TEST(calibration)
{
	unsigned behind = (unsigned)_i;

	open_table(TRACE_ALL, false);
	ck_assert_ptr_null(site_at_exit(&table, CODE + 0x30, VECTOR_PF, 1)); /* the guest's own `out` */
	ck_assert(!table.calibrated);
	ck_assert_uint_eq(site_at_exit(&table, CODE + 0x10 + behind, VECTOR_PF, 1)->vector, VECTOR_PF);
	ck_assert(table.calibrated);
	ck_assert_uint_eq(table.rip_behind, behind);
	ck_assert_uint_eq(site_at_exit(&table, CODE + 0x20 + behind, VMM_PORT_SYSCALL, 4)->kind, VMM_SITE_SYSCALL);
	ck_assert_ptr_null(site_at_exit(&table, CODE + 0x20 + 2 - behind, VMM_PORT_SYSCALL, 4));
}
END_TEST

/* At a site, but another port or width: not its `out` */
START_TEST(other_port)
{
	open_table(TRACE_ALL, false);
	ck_assert_ptr_null(site_at_exit(&table, CODE + 0x10, VECTOR_PF + 1, 1));
	ck_assert_ptr_null(site_at_exit(&table, CODE + 0x10, VECTOR_PF, 4));
	ck_assert_ptr_null(site_at_exit(&table, CODE + 0x20, VMM_PORT_SYSCALL, 1));
	ck_assert_ptr_null(site_at_exit(&table, CODE + 0x11, VECTOR_PF, 1));
	ck_assert(!table.calibrated);
}
END_TEST

/* A kernel that overwrites its own sites is found out. */
START_TEST(damaged)
{
	open_table(TRACE_SYSCALL | TRACE_EXCEPTION, false);
	ck_assert_uint_eq(site_table_damaged(&table, &guest.ram, guest.root), 0);
	guest_poke(&guest, CODE + 0x20, "\x90", 1);
	guest_poke(&guest, CODE + 0x40, "\xcc", 1); /* not armed */
	ck_assert_uint_eq(site_table_damaged(&table, &guest.ram, guest.root), 1);
	ck_assert_uint_eq(site_table_damaged(&table, &guest.ram, GUEST_RAM_SIZE), 2);
}
END_TEST

/* On a host with quirks, a kernel without the doors that they need is told so. */
START_TEST(gaps)
{
	open_table(TRACE_ALL, true);
	ck_assert_ptr_nonnull(strstr(site_table_gap(&table), "vmm_entry 6"));
	add_site(CODE + 0x60, VMM_SITE_ENTRY, VECTOR_UD, 0);
	open_table(TRACE_ALL, true);
	ck_assert_ptr_null(site_table_gap(&table));
	guest_poke(&guest, CODE + 0x11, "\x0d", 1);
	records[1].vector = VECTOR_GP;
	open_table(TRACE_ALL, true);
	ck_assert_ptr_nonnull(strstr(site_table_gap(&table), "vmm_entry 14"));
	open_table(TRACE_ALL, false);
	ck_assert_ptr_null(site_table_gap(&table));
}
END_TEST

START_TEST(no_sites)
{
	kernel.site_count = 0;
	open_table(TRACE_ALL, false);
	ck_assert_ptr_null(site_at(&table, CODE));
	ck_assert_ptr_null(site_at_exit(&table, CODE, 3, 4));
	ck_assert_ptr_null(site_find(&table, VMM_SITE_SYSCALL, 0));
}
END_TEST

/* ---- method `ring` ---- */

#define RINGS UINT64_C(0x5678)

/* A stand-in for the site at `address + to`, of a vector's port */
static void add_stand_in(gva_t address, int to, unsigned vector)
{
	add_site(address, VMM_SITE_ENTRY, vector, 0);
	records[kernel.site_count - 1].kind = VMM_SITE_STAND_IN;
	records[kernel.site_count - 1].vector = 0;
	records[kernel.site_count - 1].recorder = (int16_t)to;
}

static void setup_ring(void)
{
	setup();
	records[0].recorder = -0x30;                         /* iretq, CODE + 0x40 */
	records[1].recorder = INT8_MAX + 2;                  /* page fault, CODE + 0x10 */
	records[2].recorder = INT8_MIN + 2;                  /* syscall, CODE + 0x20 */
	add_site(CODE + 0x60, VMM_SITE_ENTRY, VECTOR_UD, 0); /* has no recorder */
	add_stand_in(CODE + 0x80, -0x70, VECTOR_PF);         /* of CODE + 0x10 */
	add_site(CODE + 0x90, VMM_SITE_CHANGED, VMM_CHANGED_PROCESSES, 0);
	add_site(CODE + 0xa0, VMM_SITE_CHANGED, VMM_CHANGED_SPACE, 0);
	records[kernel.site_count++] = (struct vmm_site){.address = RINGS, .kind = VMM_SITE_RINGS};
}

static void open_ring(unsigned traced, bool ring, bool switches, bool quirky)
{
	const struct site_request request = {
		.kernel = &kernel,
		.cr3 = guest.root,
		.traced = traced,
		.ring = ring,
		.switches = switches,
		.quirks = quirky,
	};

	site_table_close(&table);
	ck_assert_msg(site_table_open(&table, &request, &guest.ram, &error), "%s", error.text);
}

static void stays(gva_t address, unsigned first, unsigned second)
{
	ck_assert(site_at(&table, address)->armed && !site_at(&table, address)->recorded);
	holds(address, first, second);
}

static void jumps(gva_t address, int displacement)
{
	ck_assert(site_at(&table, address)->recorded && !site_at(&table, address)->armed);
	holds(address, 0xeb, (uint8_t)displacement);
}

static void is_nop(gva_t address)
{
	ck_assert(!site_at(&table, address)->recorded && !site_at(&table, address)->armed);
	holds(address, 0x66, 0x90);
}

START_TEST(jumps_to_recorders)
{
	open_ring(TRACE_ALL, true, false, false);
	ck_assert_uint_eq(table.rings, RINGS);
	jumps(CODE + 0x40, -0x32);
	jumps(CODE + 0x10, INT8_MAX);
	jumps(CODE + 0x20, INT8_MIN);
	stays(CODE + 0x60, 0xe6, VECTOR_UD);
	stays(CODE + 0x80, 0xe6, VECTOR_PF);
	/* a site that jumps has no exit of its own; its stand-in has */
	ck_assert_ptr_null(site_at_exit(&table, CODE + 0x10, VECTOR_PF, 1));
	ck_assert_ptr_nonnull(site_at_exit(&table, CODE + 0x80, VECTOR_PF, 1));
}
END_TEST

/* One byte too far for a short jump: by exits, as without a recorder */
START_TEST(too_far)
{
	records[1].recorder = INT8_MAX + 3;
	records[2].recorder = INT8_MIN + 1;
	records[4].recorder = INT16_MIN;
	records[5].recorder = -0x70;
	open_ring(TRACE_ALL, true, false, false);
	stays(CODE + 0x10, 0xe6, VECTOR_PF);
	stays(CODE + 0x20, 0xe7, VMM_PORT_SYSCALL);
	stays(CODE + 0x60, 0xe6, VECTOR_UD);
}
END_TEST

START_TEST(other_methods)
{
	open_ring(TRACE_ALL, false, true, false);
	stays(CODE + 0x40, 0xe7, VMM_PORT_IRET);
	stays(CODE + 0x10, 0xe6, VECTOR_PF);
	stays(CODE + 0x20, 0xe7, VMM_PORT_SYSCALL);
	is_nop(CODE + 0x90);
	is_nop(CODE + 0xa0);
}
END_TEST

/* A kernel with recorders, but no rings */
START_TEST(no_rings)
{
	kernel.site_count--;
	open_ring(TRACE_ALL, true, false, false);
	ck_assert_uint_eq(table.rings, 0);
	stays(CODE + 0x10, 0xe6, VECTOR_PF);
	stays(CODE + 0x20, 0xe7, VMM_PORT_SYSCALL);
}
END_TEST

/* What is not traced is neither recorded nor observed, its stand-in included. */
START_TEST(only_what_is_traced)
{
	open_ring(TRACE_SYSCALL, true, false, false);
	jumps(CODE + 0x20, INT8_MIN);
	is_nop(CODE + 0x10);
	is_nop(CODE + 0x80);
	is_nop(CODE + 0x40);
}
END_TEST

/* Changes of the process table matter with the method, those of CR3 only if somebody wants to see them. */
START_TEST(changes)
{
	open_ring(TRACE_ALL, true, false, false);
	stays(CODE + 0x90, 0xe7, VMM_PORT_CHANGED);
	is_nop(CODE + 0xa0);
	ck_assert_ptr_nonnull(site_at_exit(&table, CODE + 0x90, VMM_PORT_CHANGED, 4));
	ck_assert_uint_eq(site_events(&table, site_at(&table, CODE + 0x90)), 0);
	teardown();
	setup_ring();
	open_ring(TRACE_ALL, true, true, false);
	stays(CODE + 0xa0, 0xe7, VMM_PORT_CHANGED);
}
END_TEST

/* What the VMM completes needs an exit. */
START_TEST(quirks_are_not_recorded)
{
	open_ring(TRACE_ALL, true, false, true);
	ck_assert(table.emulate_syscall && table.emulate_int);
	stays(CODE + 0x10, 0xe6, VECTOR_PF);
	stays(CODE + 0x60, 0xe6, VECTOR_UD);
	jumps(CODE + 0x20, INT8_MIN);
}
END_TEST

START_TEST(stand_ins)
{
	const struct site *site;

	add_stand_in(CODE, 0x60, VECTOR_UD);
	open_ring(TRACE_ALL, true, false, false);
	site = site_at(&table, CODE + 0x80);
	ck_assert(site->stand_in && site->kind == VMM_SITE_ENTRY && site->vector == VECTOR_PF);
	ck_assert_uint_eq(site->shown, CODE + 0x10);
	ck_assert_uint_eq(site_at(&table, CODE + 0x10)->shown, CODE + 0x10);
	ck_assert(!site_at(&table, CODE + 0x10)->stand_in);
	ck_assert_uint_eq(site_find(&table, VMM_SITE_ENTRY, VECTOR_PF)->address, CODE + 0x10);
	ck_assert_uint_eq(site_find(&table, VMM_SITE_ENTRY, VECTOR_UD)->address, CODE + 0x60);
}
END_TEST

/* Of nothing, of itself, of another stand-in before and behind it, of a site that tells of no transition */
START_TEST(stand_in_of_nothing)
{
	static const int bad[] = {-0x71, 0, INT16_MIN, INT16_MAX, 0x30, 0x40, 0x10};

	add_stand_in(CODE + 0xb0, -0x30, VECTOR_PF);
	add_stand_in(CODE + 0xc0, -0xb0, VECTOR_PF);
	records[5].recorder = (int16_t)bad[_i];
	refused("the stand-in at 0xffffffff80000080 (trace.h) stands for no trace site");
}
END_TEST

/* The lower one has been resolved when its turn comes. */
START_TEST(stand_in_of_a_stand_in)
{
	add_stand_in(CODE + 0xb0, -0x30, VECTOR_PF);
	refused("the stand-in at 0xffffffff800000b0 (trace.h) stands for no trace site");
}
END_TEST

/* A stand-in whose `out` is another one than that of the site */
START_TEST(stand_in_with_another_port)
{
	guest_poke(&guest, CODE + 0x81, "\x0d", 1);
	refused("0xffffffff80000080 holds e6 0d, expected e6 0e");
}
END_TEST

START_TEST(damaged_jump)
{
	open_ring(TRACE_ALL, true, false, false);
	ck_assert_uint_eq(site_table_damaged(&table, &guest.ram, guest.root), 0);
	guest_poke(&guest, CODE + 0x11, "\x7e", 1); /* another displacement */
	ck_assert_uint_eq(site_table_damaged(&table, &guest.ram, guest.root), 1);
	guest_poke(&guest, CODE + 0x20, "\xe7\x01", 2); /* the `out` that stood there before */
	ck_assert_uint_eq(site_table_damaged(&table, &guest.ram, guest.root), 2);
	guest_poke(&guest, CODE + 0x80, "\x66\x90", 2); /* a stand-in */
	guest_poke(&guest, CODE + 0xa0, "\xcc", 1);     /* a no-op: nothing is lost */
	ck_assert_uint_eq(site_table_damaged(&table, &guest.ram, guest.root), 3);
}
END_TEST

static void add_ring(Suite *suite)
{
	TCase *ring = tcase_create("ring");

	tcase_add_checked_fixture(ring, setup_ring, teardown);
	tcase_add_test(ring, jumps_to_recorders);
	tcase_add_test(ring, too_far);
	tcase_add_test(ring, other_methods);
	tcase_add_test(ring, no_rings);
	tcase_add_test(ring, only_what_is_traced);
	tcase_add_test(ring, changes);
	tcase_add_test(ring, quirks_are_not_recorded);
	tcase_add_test(ring, stand_ins);
	tcase_add_loop_test(ring, stand_in_of_nothing, 0, 7);
	tcase_add_test(ring, stand_in_of_a_stand_in);
	tcase_add_test(ring, stand_in_with_another_port);
	tcase_add_test(ring, damaged_jump);
	suite_add_tcase(suite, ring);
}

Suite *sites_suite(void)
{
	Suite *suite = suite_create("sites");
	TCase *patching = tcase_create("patching"), *refusing = tcase_create("refusing"),
	      *exits = tcase_create("exits");

	tcase_add_checked_fixture(patching, setup, teardown);
	tcase_add_checked_fixture(refusing, setup, teardown);
	tcase_add_checked_fixture(exits, setup, teardown);
	tcase_add_test(patching, all_armed);
	tcase_add_test(patching, none_armed);
	tcase_add_test(patching, some_armed);
	tcase_add_test(patching, quirks);
	tcase_add_test(patching, quirks_of_the_kernel);
	tcase_add_test(patching, events);
	tcase_add_test(patching, other_records);
	tcase_add_test(patching, no_sites);
	tcase_add_test(refusing, wrong_code);
	tcase_add_loop_test(refusing, wrong_place, 0, 4);
	tcase_add_test(refusing, wrong_page);
	tcase_add_test(refusing, wrong_kind);
	tcase_add_loop_test(exits, calibration, 0, 1);
	tcase_add_loop_test(exits, calibration, 2, 3);
	tcase_add_test(exits, other_port);
	tcase_add_test(exits, damaged);
	tcase_add_test(exits, gaps);
	suite_add_tcase(suite, patching);
	suite_add_tcase(suite, refusing);
	suite_add_tcase(suite, exits);
	add_ring(suite);
	return suite;
}
