/* SPDX-License-Identifier: MIT */
/* boot.c: builds the guest's world, in the order of the steps of boot_guest(). */
#include "boot.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <x86intrin.h>

#include "builder.h"
#include "user_stack.h"

#define FIRST_FRAME PAGE_SIZE /* frame 0 stays empty: a zero in a table is nobody's page */

extern const unsigned char builtin_kernel[];
extern const uint64_t builtin_kernel_size; /* bytes */

bool boot_open_builtin_kernel(struct elf_image *image, struct vmm_error *error)
{
	return elf_image_open_memory(image, "the built-in kernel", builtin_kernel, builtin_kernel_size, error);
}

static bool out_of_memory(struct builder *builder)
{
	return error_set(builder->error,
			 "the image does not fit into %" PRIu64 " MiB of guest memory; use a larger --memory",
			 builder->request->memory >> 20);
}

gpa_t builder_map(struct builder *builder, gva_t gva, uint64_t size, unsigned rights)
{
	bool constant = !(rights & VMM_RIGHT_W);
	gpa_t gpa = frames_allocate(constant ? &builder->constant : &builder->frames, size / PAGE_SIZE);
	uint64_t flags = page_flags(rights, gva < USER_HALF_END);

	assert(!constant || builder->constant.next <= builder->constant_end);
	if (gpa != 0 &&
	    !page_tables_map(&builder->frames, builder->result->user_cr3, gva, gpa, size / PAGE_SIZE, PAGE_SIZE, flags))
		gpa = 0;
	if (gpa == 0)
		out_of_memory(builder);
	return gpa;
}

static uint64_t segment_pages(const struct elf_segment *segment)
{
	return ((segment->end - 1) >> PAGE_SHIFT) - (segment->start >> PAGE_SHIFT) + 1;
}

static uint64_t constant_pages(const struct elf_image *image)
{
	uint64_t pages = 0;

	for (size_t i = 0; i < image->segment_count; i++)
		if (!(image->segments[i].rights & VMM_RIGHT_W))
			pages += segment_pages(&image->segments[i]);
	return pages;
}

/* Sets aside the frames for everything that the guest may not write. */
static bool reserve_constant(struct builder *builder)
{
	const struct boot_request *request = builder->request;
	uint64_t pages = BOOT_INFO_SIZE / PAGE_SIZE + (uint64_t)request->cpus * CONSTANT_TABLES_PER_CPU +
			 constant_pages(request->kernel) +
			 (request->program != request->kernel ? constant_pages(request->program) : 0);

	builder->constant_start = frames_allocate(&builder->frames, pages);
	if (builder->constant_start == 0)
		return out_of_memory(builder);
	builder->constant = (struct frame_allocator){
		.ram = builder->ram, .next = builder->constant_start, .end = builder->request->memory};
	builder->constant_end = builder->constant_start + pages * PAGE_SIZE;
	return true;
}

static bool add_region(struct builder *builder, gva_t start, gva_t end, unsigned rights, unsigned kind)
{
	struct vmm_boot_info *info = builder->info;

	if (info->region_count == VMM_BOOT_REGIONS)
		return error_set(builder->error, "more than %d regions in the user half", VMM_BOOT_REGIONS);
	info->regions[info->region_count++] = (struct vmm_boot_region){start, end, rights, kind};
	return true;
}

/* Does [first, last] touch a part of the address space that layout.h gives to somebody else? */
static const char *reserved_area(gva_t first, gva_t last)
{
	static const struct {
		gva_t start, end;
		const char *name;
	} areas[] = {
		{KERNEL_HALF, KERNEL_HALF + (UINT64_C(1) << 39), "slot 256, unusable on some hosts"},
		{DIRECT_MAP, DIRECT_MAP_END, "the direct map"},
		{KERNEL_STACKS, KERNEL_STACKS + (UINT64_C(1) << 39), "the kernel stacks"},
		{CPU_AREA, CPU_AREA + (UINT64_C(1) << 39), "the CPU area"},
		{USER_STACK_BASE - USER_STACK_GUARD, USER_HALF_END, "the user stack"},
	};

	for (size_t i = 0; i < sizeof(areas) / sizeof(areas[0]); i++)
		if (first < areas[i].end && last >= areas[i].start)
			return areas[i].name;
	return NULL;
}

/* Looks for the kernel's process table in one of its segments, which lies at gpa. If the first entry is not wholly in a
   segment that the kernel may write, nobody fills it in. */
static void find_process_table(struct builder *builder, const struct elf_segment *segment, gpa_t gpa)
{
	const struct elf_image *kernel = builder->request->kernel;
	const uint64_t needed = offsetof(struct vmm_process_table, entries) + sizeof(struct vmm_process);

	if (!(segment->rights & VMM_RIGHT_W))
		return;
	for (size_t i = 0; i < kernel->site_count; i++) {
		const struct vmm_site *site = &kernel->sites[i];

		if (site->kind == VMM_SITE_PROCESS_TABLE && site->first && site->address >= segment->start &&
		    site->address <= segment->end - 1 && segment->end - site->address >= needed)
			builder->first_process = gpa + (site->address - segment->start);
	}
}

static bool load_segment(struct builder *builder, const struct elf_image *image, const struct elf_segment *segment)
{
	gva_t start = segment->start & ~(PAGE_SIZE - 1);
	uint64_t size = segment_pages(segment) * PAGE_SIZE;
	const char *reserved = reserved_area(segment->start, segment->end - 1);
	gpa_t gpa;
	void *to;

	if (reserved != NULL)
		return error_set(builder->error,
				 "%s: segment %u: 0x%" PRIx64 "-0x%" PRIx64
				 " overlaps %s; link it elsewhere (docs/guest-abi.md)",
				 image->name, segment->header, segment->start, segment->end, reserved);
	if (size > builder->request->memory)
		return error_set(builder->error,
				 "%s: segment %u needs 0x%" PRIx64 " bytes, the guest has %" PRIu64
				 " MiB; use a larger --memory",
				 image->name, segment->header, size, builder->request->memory >> 20);
	gpa = builder_map(builder, start, size, segment->rights);
	if (gpa == 0)
		return false;
	to = gpa_to_hva(builder->ram, gpa + (segment->start - start), segment->file_size);
	guest_ram_populate(builder->ram, gpa, segment->start - start + segment->file_size);
	if (!elf_image_read(image, segment->offset, to, segment->file_size, builder->error))
		return false;
	if (start >= KERNEL_HALF) {
		find_process_table(builder, segment, gpa + (segment->start - start));
		return true;
	}
	builder->result->has_user = true;
	builder->info->user_brk = start + size;
	return add_region(builder, start, start + size, segment->rights, VMM_REGION_IMAGE);
}

static bool load_image(struct builder *builder, const struct elf_image *image)
{
	for (size_t i = 0; i < image->segment_count; i++)
		if (!load_segment(builder, image, &image->segments[i]))
			return false;
	return true;
}

static bool build_boot_info(struct builder *builder)
{
	gpa_t info = builder_map(builder, BOOT_INFO_ADDRESS, BOOT_INFO_SIZE, VMM_RIGHT_R);

	builder->info = gpa_to_hva(builder->ram, info, BOOT_INFO_SIZE);
	return info != 0;
}

static bool build_boot_stack(struct builder *builder)
{
	gva_t base = KERNEL_STACKS + KERNEL_STACK_GUARD;

	builder->result->boot_stack = base + KERNEL_STACK_SIZE;
	return builder_map(builder, base, KERNEL_STACK_SIZE, VMM_RIGHT_R | VMM_RIGHT_W) != 0;
}

static bool build_user_stack(struct builder *builder)
{
	struct user_stack stack;
	gpa_t gpa;

	if (!builder->result->has_user)
		return true;
	if (!user_stack_build(&stack, builder->request->program, builder->request->argv, builder->request->envp,
			      builder->error))
		return false;
	gpa = builder_map(builder, USER_STACK_TOP - stack.count, stack.count, VMM_RIGHT_R | VMM_RIGHT_W);
	if (gpa != 0)
		guest_ram_write(builder->ram, gpa, stack.bytes, stack.count);
	builder->info->user_rsp = stack.rsp;
	builder->info->hwcap = stack.hwcap;
	free(stack.bytes);
	return gpa != 0 &&
	       add_region(builder, USER_STACK_BASE, USER_STACK_TOP, VMM_RIGHT_R | VMM_RIGHT_W, VMM_REGION_STACK);
}

static struct x86_gate gate(const struct vmm_site *site)
{
	return (struct x86_gate){
		.offset_15_0 = (uint16_t)site->address,
		.selector = SELECTOR_KERNEL_CODE,
		.ist = site->ist,
		.type = (uint8_t)(0x80 | (site->dpl & 3) << 5 | GATE_TYPE_INTERRUPT),
		.offset_31_16 = (uint16_t)(site->address >> 16),
		.offset_63_32 = (uint32_t)(site->address >> 32),
	};
}

/* Turns the kernel's entry sites into the IDT and LSTAR; a site for a quirk counts where the host has the quirk. */
static bool wire_sites(struct builder *builder)
{
	const struct elf_image *kernel = builder->request->kernel;
	bool quirks = builder->result->flags & VMM_BOOT_QUIRKS;

	for (int quirky = 0; quirky <= (quirks ? 1 : 0); quirky++) {
		for (size_t i = 0; i < kernel->site_count; i++) {
			const struct vmm_site *site = &kernel->sites[i];

			if ((site->quirk != VMM_QUIRK_NONE) != quirky)
				continue;
			if (site->kind == VMM_SITE_ENTRY && site->ist > 7)
				return error_set(builder->error, "%s: trace site %zu of vector %u: IST %u; at most 7",
						 kernel->name, i, site->vector, site->ist);
			if (site->kind == VMM_SITE_ENTRY)
				builder->idt[0][site->vector] = gate(site);
			if (site->kind == VMM_SITE_SYSCALL)
				builder->result->lstar = site->address;
		}
	}
	for (unsigned cpu = 1; cpu < builder->request->cpus; cpu++)
		memcpy(builder->idt[cpu], builder->idt[0], PAGE_SIZE);
	return true;
}

/* [start, end) of the RAM, at DIRECT_MAP: accessed and dirty from the start, so that who looks at a frame leaves no
   trace. */
static bool map_direct(struct builder *builder, gpa_t start, gpa_t end, uint64_t page_size, unsigned rights)
{
	return page_tables_map(&builder->frames, builder->result->user_cr3, DIRECT_MAP + start, start,
			       (end - start) / page_size, page_size, page_flags(rights, false) | PTE_A | PTE_D);
}

/*
 * All RAM at DIRECT_MAP, in 2 MiB pages. The bottom, where the images lie, gets 4 KiB pages: a frame that is read-only
 * or executable elsewhere must not be writable through its alias here.
 */
static bool build_direct_map(struct builder *builder)
{
	const unsigned writable = VMM_RIGHT_R | VMM_RIGHT_W;
	gpa_t end = builder->ram->size, start = builder->constant_start, large;

	/* A block of 4 KiB pages is filled to its end, so that the next one starts on 2 MiB. */
	large = (builder->frames.next + LARGE_PAGE_SIZE - 1) & ~(LARGE_PAGE_SIZE - 1);
	if (!map_direct(builder, 0, start, PAGE_SIZE, writable) ||
	    !map_direct(builder, start, builder->constant_end, PAGE_SIZE, VMM_RIGHT_R) ||
	    !map_direct(builder, builder->constant_end, large, PAGE_SIZE, writable) ||
	    !map_direct(builder, large, end, LARGE_PAGE_SIZE, writable))
		return out_of_memory(builder);
	return true;
}

uint64_t boot_rings(const struct elf_image *kernel)
{
	for (size_t i = 0; i < kernel->site_count; i++)
		if (kernel->sites[i].kind == VMM_SITE_RINGS)
			return TRACE_RINGS_SIZE;
	return 0;
}

/* With every method, so that it changes nothing in the address space. */
static bool build_rings(struct builder *builder)
{
	if (boot_rings(builder->request->kernel) == 0)
		return true;
	builder->result->rings = builder->request->memory;
	return page_tables_map(&builder->frames, builder->result->user_cr3, TRACE_RINGS, builder->result->rings,
			       TRACE_RINGS_SIZE / LARGE_PAGE_SIZE, LARGE_PAGE_SIZE,
			       page_flags(VMM_RIGHT_R | VMM_RIGHT_W, false))
		       ? true
		       : out_of_memory(builder);
}

/* A second root that shares the kernel half's tables and has nothing in the user half. */
static void build_kernel_root(struct builder *builder)
{
	const uint64_t *from = gpa_to_hva(builder->ram, builder->result->user_cr3, PAGE_SIZE);
	uint64_t *to = gpa_to_hva(builder->ram, builder->result->kernel_cr3, PAGE_SIZE);

	memcpy(to + KERNEL_HALF_SLOT, from + KERNEL_HALF_SLOT, PAGE_SIZE / 2);
}

/* What rdtsc gives in the guest now. Where ring 0 is interpreted it is the host's own counter, and asking would be
 * dear. */
static uint64_t guest_tsc(const struct vcpu *vcpu, const struct boot_result *result)
{
	uint64_t tsc = 0;

	if (result->flags & VMM_BOOT_SLOW_RING0)
		return __rdtsc();
	return vcpu_get_msr(vcpu, MSR_TSC, &tsc) ? tsc : 0;
}

static void fill_boot_info(struct builder *builder, const struct cpu_features *features)
{
	const struct boot_request *request = builder->request;
	const struct boot_result *result = builder->result;
	const char *slash = strrchr(request->program->name, '/');
	struct vmm_boot_info *info = builder->info;

	info->magic = VMM_BOOT_MAGIC;
	info->version = VMM_ABI_VERSION;
	info->size = sizeof(*info);
	info->cpus = request->cpus;
	info->flags = result->flags;
	info->memory_size = request->memory;
	info->free_start = builder->frames.next;
	info->kernel_cr3 = result->kernel_cr3;
	info->user_cr3 = result->user_cr3;
	info->user_entry = request->program != request->kernel ? request->program->entry : 0;
	info->xcr0 = features->xcr0;
	info->xsave_bytes = features->xsave_bytes;
	info->program = request->program_handle;
	snprintf(info->user_name, sizeof(info->user_name), "%s", slash != NULL ? slash + 1 : request->program->name);
}

static void fill_clock(struct builder *builder, const struct vcpu *vcpu)
{
	struct vmm_boot_info *info = builder->info;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	info->tsc_khz = vcpu_tsc_khz(vcpu);
	info->start_tsc = guest_tsc(vcpu, builder->result);
	info->start_ns = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* The first entry of the process table, so that the kernel has nothing to write before it enters the program. */
static void fill_process_table(struct builder *builder)
{
	const struct vmm_boot_info *info = builder->info;
	struct {
		uint32_t generation, count;
		uint64_t reserved;
		struct vmm_process entry;
	} table = {
		.generation = 1,
		.count = 1,
		.entry =
			{
				.pid = 1,
				.state = VMM_PROCESS_LIVE,
				.cr3 = info->user_cr3,
				.kernel_stack = builder->result->boot_stack,
			},
	};
	_Static_assert(sizeof(table) == offsetof(struct vmm_process_table, entries) + sizeof(struct vmm_process),
		       "the beginning of a struct vmm_process_table");

	if (builder->first_process == 0 || !builder->result->has_user)
		return;
	memcpy(table.entry.name, info->user_name, sizeof(table.entry.name));
	guest_ram_write(builder->ram, builder->first_process, &table, sizeof(table));
}

static bool build_memory(struct builder *builder)
{
	const struct boot_request *request = builder->request;

	builder->result->user_cr3 = frames_allocate(&builder->frames, 1);
	builder->result->kernel_cr3 = frames_allocate(&builder->frames, 1);
	if (!reserve_constant(builder))
		return false;
	if (!build_boot_stack(builder) || !build_boot_info(builder) || !cpus_build_areas(builder) ||
	    !cpus_find_entry(builder) || !load_image(builder, request->kernel))
		return false;
	if (request->program != request->kernel && !load_image(builder, request->program))
		return false;
	if (!build_user_stack(builder) || !wire_sites(builder) || !build_rings(builder) || !build_direct_map(builder))
		return false;
	build_kernel_root(builder);
	return true;
}

static bool build(struct builder *builder, const struct boot_host *host)
{
	const struct cpu_features *features = &host->features;
	struct boot_result *result = builder->result;

	*result = (struct boot_result){
		.entry = builder->request->kernel->entry,
		.flags = (host->kind == KVM_KIND_PVM ? VMM_BOOT_SLOW_RING0 | VMM_BOOT_QUIRKS : 0) |
			 (features->smap ? VMM_BOOT_SMAP : 0),
		.protections = cpu_features_words(features),
		.xcr0 = features->xcr0,
		.xsave_bytes = features->xsave_bytes,
		.physical_bits = features->physical_bits,
		.huge_pages = features->huge_pages,
	};
	builder->frames =
		(struct frame_allocator){.ram = builder->ram, .next = FIRST_FRAME, .end = builder->request->memory};
	if (!build_memory(builder))
		return false;
	result->user_brk = builder->info->user_brk;
	fill_boot_info(builder, features);
	fill_process_table(builder);
	return true;
}

bool boot_build(const struct boot_request *request, const struct boot_host *host, struct guest_ram *ram,
		struct boot_result *result, struct vmm_error *error)
{
	struct builder builder = {.request = request, .ram = ram, .result = result, .error = error};

	return build(&builder, host);
}

bool boot_guest(const struct boot_request *request, const struct kvm *kvm, struct guest_ram *ram, struct vcpu *vcpus,
		struct boot_result *result, struct vmm_error *error)
{
	struct builder builder = {.request = request, .ram = ram, .result = result, .error = error};
	struct boot_host host = {.kind = kvm->kind};

	if (!cpu_features_set(kvm, vcpus, request->cpus, &host.features, error) || !build(&builder, &host))
		return false;
	fill_clock(&builder, &vcpus[0]);
	return cpus_set_registers(&builder, &host.features, vcpus);
}
