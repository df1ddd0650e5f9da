/* SPDX-License-Identifier: MIT */
/*
 * test_cpus.c: what each CPU has of its own: descriptors and stacks with guards, the state that XSAVE keeps, the calls
 * that concern the CPU, and the events of the host.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "boot/builder.h"
#include "guest_tables.h"
#include "run/cpu_calls.h"
#include "run/walk.h"
#include "suites.h"

#define CPUS         3
#define XSAVE_HEADER 512
#define AVX_BYTES    (576 + 256)

static struct guest guest;
static struct elf_image kernel;
static struct vmm_site records[3];
static struct boot_request request;
static struct boot_result result;
static struct builder builder;
static struct vmm_error error;

static void setup(void)
{
	guest_open(&guest);
	kernel = (struct elf_image){.name = "kernel.elf", .fd = -1, .sites = records, .segment_count = 1};
	kernel.segments[0] = (struct elf_segment){
		.start = KERNEL_BASE, .end = KERNEL_BASE + PAGE_SIZE, .rights = VMM_RIGHT_R | VMM_RIGHT_X};
	memset(records, 0, sizeof(records));
	request = (struct boot_request){.kernel = &kernel, .program = &kernel, .cpus = CPUS};
	builder = (struct builder){
		.request = &request,
		.ram = &guest.ram,
		.frames = {.ram = &guest.ram, .end = GUEST_RAM_SIZE, .next = 0x100000},
		.constant = {.ram = &guest.ram, .end = GUEST_RAM_SIZE, .next = 0x80000},
		.constant_start = 0x80000,
		.constant_end = 0x80000 + CPUS * CONSTANT_TABLES_PER_CPU * PAGE_SIZE,
		.result = &result,
		.error = &error,
	};
	result = (struct boot_result){.boot_stack = KERNEL_STACKS + KERNEL_STACK_SLOT};
	result.user_cr3 = frames_allocate(&builder.frames, 1);
}

static void teardown(void)
{
	guest_close(&guest);
}

static void mapped(gva_t gva, bool writable)
{
	struct walk walk;

	walk_address(&guest.ram, result.user_cr3, gva, &walk);
	ck_assert_msg(walk.present && !walk.user && !walk.executable && walk.writable == writable, "0x%lx", gva);
}

static void unmapped(gva_t gva)
{
	struct walk walk;

	walk_address(&guest.ram, result.user_cr3, gva, &walk);
	ck_assert_msg(!walk.present, "0x%lx", gva);
}

/* shared/layout.h; a stack that overflows must meet a page that is not there */
START_TEST(areas)
{
	gva_t area = CPU_AREA_PER_CPU + (gva_t)_i * CPU_AREA_SIZE;
	static const bool is_mapped[CPU_AREA_SIZE / PAGE_SIZE] = {
		[0] = true, [1] = true, [2] = true, [4] = true, [6] = true, [8] = true, [9] = true, [11] = true};
	struct x86_tss tss;

	ck_assert(cpus_build_areas(&builder));
	for (unsigned page = 0; page < CPU_AREA_SIZE / PAGE_SIZE; page++) {
		if (is_mapped[page])
			mapped(area + page * PAGE_SIZE, page >= 2);
		else
			unmapped(area + page * PAGE_SIZE);
	}
	ck_assert_uint_eq(walk_read(&guest.ram, result.user_cr3, area + CPU_AREA_TSS, &tss, sizeof(tss)), sizeof(tss));
	ck_assert_uint_eq(tss.rsp[0], _i == 0 ? result.boot_stack : area + 0xa000);
	ck_assert_uint_eq(tss.ist[IST_DF - 1], area + 0x5000);
	ck_assert_uint_eq(tss.ist[IST_NMI - 1], area + 0x7000);
	ck_assert_uint_eq(tss.ist[IST_DB - 1], area + 0xc000);
	unmapped(CPU_AREA_PER_CPU + CPUS * CPU_AREA_SIZE);
}
END_TEST

START_TEST(no_entry)
{
	records[0].kind = VMM_SITE_LINUX_ABI;
	kernel.site_count = 1;
	ck_assert_uint_eq(boot_cpus(&kernel, 4), 1);
	ck_assert(cpus_find_entry(&builder));
	ck_assert_uint_eq(result.cpu_entry, 0);
}
END_TEST

START_TEST(entry)
{
	records[1] = (struct vmm_site){.kind = VMM_SITE_CPU_ENTRY, .address = KERNEL_BASE + 0x20};
	kernel.site_count = 2;
	ck_assert_uint_eq(boot_cpus(&kernel, 4), 4);
	ck_assert(cpus_find_entry(&builder));
	ck_assert_uint_eq(result.cpu_entry, KERNEL_BASE + 0x20);
}
END_TEST

START_TEST(wrong_entry)
{
	static const gva_t addresses[] = {0, KERNEL_BASE - 1, KERNEL_BASE + PAGE_SIZE, 0x400000, UINT64_MAX};

	kernel.segments[1] = (struct elf_segment){.start = 0x400000, .end = 0x401000, .rights = VMM_RIGHT_X};
	kernel.segment_count = 2;
	kernel.site_count = 1;
	records[0] = (struct vmm_site){.kind = VMM_SITE_CPU_ENTRY, .address = addresses[_i]};
	ck_assert(!cpus_find_entry(&builder));
	ck_assert_ptr_nonnull(strstr(error.text, "kernel.elf: vmm_cpu_entry at 0x"));
}
END_TEST

START_TEST(two_entries)
{
	records[0] = records[2] = (struct vmm_site){.kind = VMM_SITE_CPU_ENTRY, .address = KERNEL_BASE};
	kernel.site_count = 3;
	ck_assert(!cpus_find_entry(&builder));
	ck_assert_ptr_nonnull(strstr(error.text, "trace site 2: a second vmm_cpu_entry"));
}
END_TEST

/* What KVM offers, and what becomes of it */
#define XSAVE (1u << 26)
#define AVX   (1u << 28)
static const struct {
	uint32_t leaf1_ecx, components; /* offered */
	uint64_t host_xcr0;
	uint64_t xcr0; /* expected */
	uint32_t bytes;
	bool osxsave, avx;
} states[] = {
	{0, 0, 0, 0, 0, false, false},
	{0, 0xe7, 0, 0, 0, false, false}, /* no XSAVE */
	{XSAVE, 0, 0, 0, 0, false, false},
	{XSAVE | AVX, 0x5, 0, 0, 0, false, false}, /* x87 and AVX without SSE: of no CPU */
	{XSAVE, 0x3, 0, 0x3, 576, true, false},
	{XSAVE | AVX, 0x7, 0, 0x7, AVX_BYTES, true, true},
	{XSAVE | AVX, 0x602e7, 0, 0xe7, 2432, true, true},  /* protection keys and AMX are left out */
	{XSAVE | AVX, 0x67, 0, 0x7, AVX_BYTES, true, true}, /* half of AVX-512 */
	{XSAVE | AVX, 0xe3, 0, 0x3, 576, true, false},      /* AVX-512 without AVX */
	{0, 0x2e7, 0x2e7, 0xe7, 2432, false, false},        /* the host's own */
	{0, 0x2e7, 0x7, 0x7, AVX_BYTES, false, false},      /* the host does not use all */
	{XSAVE | AVX, 0x10007, 0, 0x7, AVX_BYTES, true, true},
};

START_TEST(xsave)
{
	struct kvm_cpuid2 *table = calloc(1, sizeof(*table) + 8 * sizeof(table->entries[0]));
	const struct kvm_cpuid_entry2 entries[] = {
		{.function = 1, .ecx = states[_i].leaf1_ecx},
		{.function = 0xd, .index = 0, .eax = states[_i].components, .ebx = 0x988, .ecx = 0x988, .edx = 7},
		{.function = 0xd, .index = 2, .eax = 256, .ebx = 576},
		{.function = 0xd, .index = 5, .eax = 64, .ebx = 832},
		{.function = 0xd, .index = 6, .eax = 512, .ebx = 896},
		{.function = 0xd, .index = 7, .eax = 1024, .ebx = 1408},
		{.function = 0xd, .index = 9, .eax = 8, .ebx = 2432},
		{.function = 7, .edx = UINT32_MAX},
	};
	struct cpu_features features;

	ck_assert_ptr_nonnull(table);
	table->nent = sizeof(entries) / sizeof(entries[0]);
	memcpy(table->entries, entries, sizeof(entries));
	cpu_features_note(table, states[_i].host_xcr0, &features);
	ck_assert_uint_eq(features.xcr0, states[_i].xcr0);
	ck_assert_uint_eq(features.xsave_bytes, states[_i].bytes);
	ck_assert_int_eq(features.osxsave, states[_i].osxsave);
	ck_assert_int_eq((table->entries[0].ecx & AVX) != 0, states[_i].avx);
	ck_assert_uint_eq(table->entries[1].eax, states[_i].xcr0);
	ck_assert_uint_eq(table->entries[1].edx, 0);
	ck_assert_uint_eq(table->entries[7].edx >> 22 & 0xd, 0); /* AMX */
	free(table);
}
END_TEST

/* A component that would lie outside of KVM's image */
START_TEST(xsave_outside)
{
	struct kvm_cpuid2 *table = calloc(1, sizeof(*table) + 3 * sizeof(table->entries[0]));
	struct cpu_features features;

	ck_assert_ptr_nonnull(table);
	table->nent = 3;
	table->entries[0] = (struct kvm_cpuid_entry2){.function = 1, .ecx = XSAVE | AVX};
	table->entries[1] = (struct kvm_cpuid_entry2){.function = 0xd, .eax = 7};
	table->entries[2] = (struct kvm_cpuid_entry2){.function = 0xd, .index = 2, .eax = 256, .ebx = 0xffffff80};
	cpu_features_note(table, 0, &features);
	ck_assert_uint_eq(features.xcr0, 0);
	ck_assert(!features.osxsave);
	free(table);
}
END_TEST

START_TEST(images)
{
	uint8_t image[AVX_BYTES] = {0};

	ck_assert(fpu_image_valid(image, sizeof(image), 7));
	ck_assert(!fpu_image_valid(image, XSAVE_HEADER, 7));
	image[XSAVE_HEADER] = 7;
	ck_assert(fpu_image_valid(image, sizeof(image), 7));
	ck_assert(!fpu_image_valid(image, sizeof(image), 3));
	for (unsigned i = 1; i < 64; i++) {
		image[XSAVE_HEADER + i] = 0x80;
		ck_assert_msg(!fpu_image_valid(image, sizeof(image), 7), "byte %u", i);
		image[XSAVE_HEADER + i] = 0;
	}
}
END_TEST

/* The calls of one CPU whose vCPU does not exist: KVM refuses what gets as far as there. */
static struct boot_result boot;
static struct vcpu vcpu;
static struct kvm kvm;
static struct run run;

static int64_t call(uint64_t number, uint64_t save_to, uint64_t load_from)
{
	struct event_exit event = {0};
	struct run_cpu *cpu = &run.cpus[0];

	cpu->state = (struct cpu_state){.rax = number, .rdi = save_to, .rsi = load_from, .cr3 = guest.root};
	ck_assert(cpu_hypercall(cpu, &event));
	ck_assert_uint_eq(event.args[0], save_to);
	return event.result;
}

static void setup_calls(void)
{
	guest_open(&guest);
	boot = (struct boot_result){.xcr0 = 7, .xsave_bytes = AVX_BYTES};
	vcpu.fd = -1;
	kvm.vm = -1;
	memset(&run, 0, sizeof(run));
	run.ram = &guest.ram;
	run.boot = &boot;
	run.vcpus = &vcpu;
	run.kvm = &kvm;
	run.cpu_count = 1;
	run_init(&run);
}

START_TEST(fpu_errors)
{
	const gva_t page = 0x400000, read_only = 0x500000, last = page + PAGE_SIZE - AVX_BYTES;
	uint8_t wrong = 8;

	guest_map(&guest, page, PTE_P | PTE_W | PTE_U);
	guest_map(&guest, read_only, PTE_P);
	ck_assert_int_eq(call(VMM_HYPERCALL_FPU, 0, 0), 0);
	ck_assert_int_eq(call(VMM_HYPERCALL_FPU, page, 0), -EIO);
	ck_assert_int_eq(call(VMM_HYPERCALL_FPU, 0, page), -EIO);
	ck_assert_int_eq(call(VMM_HYPERCALL_FPU, 0, last), -EIO);
	ck_assert_int_eq(call(VMM_HYPERCALL_FPU, 0, last + 1), -EFAULT);
	ck_assert_int_eq(call(VMM_HYPERCALL_FPU, last + 1, 0), -EFAULT);
	ck_assert_int_eq(call(VMM_HYPERCALL_FPU, read_only, page), -EFAULT);
	ck_assert_int_eq(call(VMM_HYPERCALL_FPU, 0, read_only), -EIO);
	ck_assert_int_eq(call(VMM_HYPERCALL_FPU, UINT64_MAX, 0), -EFAULT);
	ck_assert_int_eq(call(VMM_HYPERCALL_FPU, 0, UINT64_MAX - 8), -EFAULT);
	ck_assert_int_eq(call(VMM_HYPERCALL_FPU, UINT64_C(1) << 63, 0), -EFAULT);
	guest_poke(&guest, page + XSAVE_HEADER, &wrong, 1);
	ck_assert_int_eq(call(VMM_HYPERCALL_FPU, 0, page), -EINVAL);
	boot.xcr0 = 0;
	ck_assert_int_eq(call(VMM_HYPERCALL_FPU, page, 0), -ENOSYS);
}
END_TEST

START_TEST(not_of_the_cpu)
{
	struct event_exit event = {0};

	run.cpus[0].state.rax = VMM_HYPERCALL_EXIT;
	ck_assert(!cpu_hypercall(&run.cpus[0], &event));
	ck_assert_ptr_null(event.call);
}
END_TEST

/* Each bit is told once, however often it happened; a kernel without the vector is told nothing. */
START_TEST(host_events)
{
	host_event(&run, VMM_HOST_INPUT);
	ck_assert_int_eq(call(VMM_HYPERCALL_HOST_EVENTS, 0, 0), 0);
	run.host_wanted = true;
	host_event(&run, VMM_HOST_INPUT);
	host_event(&run, VMM_HOST_INPUT);
	host_event(&run, VMM_HOST_RESIZED);
	ck_assert_int_eq(call(VMM_HYPERCALL_HOST_EVENTS, 0, 0), VMM_HOST_INPUT | VMM_HOST_RESIZED);
	ck_assert_int_eq(call(VMM_HYPERCALL_HOST_EVENTS, 0, 0), 0);
}
END_TEST

Suite *cpus_suite(void)
{
	Suite *suite = suite_create("cpus");
	TCase *built = tcase_create("built"), *xsaves = tcase_create("xsave"), *calls = tcase_create("calls");

	tcase_add_checked_fixture(built, setup, teardown);
	tcase_add_loop_test(built, areas, 0, CPUS);
	tcase_add_test(built, no_entry);
	tcase_add_test(built, entry);
	tcase_add_loop_test(built, wrong_entry, 0, 5);
	tcase_add_test(built, two_entries);
	suite_add_tcase(suite, built);
	tcase_add_loop_test(xsaves, xsave, 0, sizeof(states) / sizeof(states[0]));
	tcase_add_test(xsaves, xsave_outside);
	tcase_add_test(xsaves, images);
	suite_add_tcase(suite, xsaves);
	tcase_add_checked_fixture(calls, setup_calls, teardown);
	tcase_add_test(calls, fpu_errors);
	tcase_add_test(calls, not_of_the_cpu);
	tcase_add_test(calls, host_events);
	suite_add_tcase(suite, calls);
	return suite;
}
