/* SPDX-License-Identifier: MIT */
/* probe_guest.c: builds the probe guest and sets its registers. */
#include "probe_guest.h"

#include <stdlib.h>
#include <string.h>

#include "abi.h"
#include "boot/segments.h"

#define STUB_SIZE        4
#define FIRST_FRAME      PAGE_SIZE
#define LEAF1_ECX_X2APIC (UINT32_C(1) << 21)

#define GDT_ADDRESS      (CPU_AREA_PER_CPU + CPU_AREA_GDT)
#define IDT_ADDRESS      (CPU_AREA_PER_CPU + CPU_AREA_IDT)
#define TSS_ADDRESS      (CPU_AREA_PER_CPU + CPU_AREA_TSS)
#define KERNEL_STACK_TOP (PROBE_KERNEL_STACK + PAGE_SIZE)

static const struct {
	gva_t gva;
	uint64_t flags;
} pages[] = {
	{GDT_ADDRESS, PTE_W | PTE_NX}, /* writable: loading TR or a segment may set a bit in a descriptor */
	{IDT_ADDRESS, PTE_NX},
	{TSS_ADDRESS, PTE_W | PTE_NX},
	{PROBE_KERNEL_CODE, 0},
	{PROBE_KERNEL_DATA, PTE_W | PTE_NX},
	{PROBE_KERNEL_READ_ONLY, PTE_NX},
	{PROBE_KERNEL_STACK, PTE_W | PTE_NX},
	{PROBE_USER_CODE, PTE_U},
	{PROBE_USER_DATA, PTE_U | PTE_W | PTE_NX},
	{PROBE_USER_READ_ONLY, PTE_U | PTE_NX},
	{PROBE_USER_EDITED, PTE_U | PTE_NX},
	{PROBE_SLOT_256, PTE_U | PTE_NX},
};

uint64_t *probe_entry(struct probe_guest *guest, gva_t gva, unsigned level)
{
	gpa_t table = guest->root;

	for (unsigned above = 4;; above--) {
		uint64_t *entries = gpa_to_hva(&guest->ram, table, PAGE_SIZE);
		uint64_t *entry = entries + (gva >> (PAGE_SHIFT + 9 * (above - 1))) % PAGE_TABLE_ENTRIES;

		if (above == level)
			return entry;
		if (!(*entry & PTE_P) || (*entry & PTE_ADDRESS) >= guest->ram.size)
			return NULL;
		table = *entry & PTE_ADDRESS;
	}
}

void *probe_page(struct probe_guest *guest, gva_t gva)
{
	uint64_t *entry = probe_entry(guest, gva, 1);

	return entry == NULL ? NULL : gpa_to_hva(&guest->ram, *entry & PTE_ADDRESS, PAGE_SIZE);
}

static bool build_tables(struct probe_guest *guest)
{
	struct frame_allocator *frames = &guest->frames;
	uint64_t kernel = PTE_W | PTE_NX, user = PTE_U | PTE_W | PTE_NX;

	guest->large_page = guest->ram.size - LARGE_PAGE_SIZE;
	guest->root = frames_allocate(frames, 1);
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		gpa_t gpa = frames_allocate(frames, 1);

		if (gpa == 0 || !page_tables_map(frames, guest->root, pages[i].gva, gpa, 1, PAGE_SIZE, pages[i].flags))
			return false;
	}
	if (!page_tables_map(frames, guest->root, PROBE_USER_LARGE, guest->large_page, 1, LARGE_PAGE_SIZE, user) ||
	    !page_tables_map(frames, guest->root, PROBE_KERNEL_NO_RAM, PROBE_NO_RAM, 1, PAGE_SIZE, kernel) ||
	    !page_tables_map(frames, guest->root, PROBE_KERNEL_TABLE,
			     *probe_entry(guest, PROBE_USER_EDITED, 2) & PTE_ADDRESS, 1, PAGE_SIZE, kernel))
		return false;
	/* page_tables_map() knows neither 1 GiB pages nor ring 3 in the upper half. */
	*probe_entry(guest, PROBE_USER_HUGE, 3) = user | PTE_P | PTE_PS;
	for (unsigned level = 2; level <= 4; level++)
		*probe_entry(guest, PROBE_SLOT_256, level) |= PTE_U;
	return true;
}

static struct x86_gate gate(unsigned vector)
{
	gva_t stub = PROBE_KERNEL_CODE + STUB_SIZE * vector;
	unsigned dpl = vector == VECTOR_BP || vector == PROBE_INT_OPEN ? 3 : 0;

	return (struct x86_gate){
		.offset_15_0 = (uint16_t)stub,
		.selector = SELECTOR_KERNEL_CODE,
		.type = (uint8_t)(0x80 | dpl << 5 | GATE_TYPE_INTERRUPT),
		.offset_31_16 = (uint16_t)(stub >> 16),
		.offset_63_32 = (uint32_t)(stub >> 32),
	};
}

static void fill_pages(struct probe_guest *guest)
{
	struct x86_gate *idt = probe_page(guest, IDT_ADDRESS);
	struct x86_tss *tss = probe_page(guest, TSS_ADDRESS);

	segments_write_gdt(probe_page(guest, GDT_ADDRESS), TSS_ADDRESS);
	for (unsigned vector = 0; vector < VECTORS; vector++)
		idt[vector] = gate(vector);
	tss->rsp[0] = KERNEL_STACK_TOP;
	tss->iomap_base = sizeof(*tss); /* beyond the limit: no port is open to ring 3 */
	memcpy(probe_page(guest, PROBE_KERNEL_CODE), probe_kernel_code,
	       (size_t)(probe_kernel_code_end - probe_kernel_code));
	memcpy(probe_page(guest, PROBE_USER_CODE), probe_user_code, (size_t)(probe_user_code_end - probe_user_code));
}

static bool set_cpu(struct probe_guest *guest, struct vmm_error *error)
{
	const struct kvm_msr_entry msrs[] = {
		{.index = MSR_STAR, .data = STAR_VALUE},
		{.index = MSR_LSTAR, .data = probe_address(probe_lstar)},
		{.index = MSR_FMASK, .data = FMASK_VALUE},
	};
	struct kvm_cpuid2 *table = calloc(1, sizeof(*table) + PROBE_CPUID_ENTRIES * sizeof(table->entries[0]));

	guest->cpuid = table;
	if (table == NULL)
		return error_set(error, "no memory for the CPUID table");
	table->nent = PROBE_CPUID_ENTRIES;
	if (!kvm_get_supported_cpuid(&guest->kvm, table, error))
		return false;
	for (uint32_t i = 0; i < table->nent; i++)
		if (table->entries[i].function == 1)
			table->entries[i].ecx |= LEAF1_ECX_X2APIC; /* the in-kernel APIC has it */
	return vcpu_set_cpuid(&guest->vcpu, table, error) &&
	       vcpu_set_msrs(&guest->vcpu, msrs, sizeof(msrs) / sizeof(msrs[0]), error);
}

bool probe_guest_open(struct probe_guest *guest, const struct kvm *device, struct vmm_error *error)
{
	*guest = (struct probe_guest){.kvm = *device, .limit_ns = PROBE_LIMIT_NS, .vcpu.fd = -1};
	guest->kvm.vm = -1;
	if (!guest_ram_open(&guest->ram, GUEST_RAM_MIN, error))
		return false;
	guest->frames = (struct frame_allocator){.ram = &guest->ram, .end = guest->ram.size, .next = FIRST_FRAME};
	if (!build_tables(guest))
		return error_set(error, "the probe guest's tables do not fit into its memory");
	fill_pages(guest);
	return kvm_create_vm(&guest->kvm, &guest->ram, error) && vcpu_open(&guest->vcpu, &guest->kvm, 0, error) &&
	       set_cpu(guest, error);
}

void probe_guest_close(struct probe_guest *guest)
{
	guest->kvm.device = -1;
	vcpu_close(&guest->vcpu);
	kvm_close(&guest->kvm);
	guest_ram_close(&guest->ram);
	free(guest->cpuid);
	guest->cpuid = NULL;
}

static bool is_within(const uint8_t *label, const uint8_t *start, const uint8_t *end)
{
	return (uintptr_t)label >= (uintptr_t)start && (uintptr_t)label < (uintptr_t)end;
}

gva_t probe_address(const uint8_t *label)
{
	if (is_within(label, probe_user_code, probe_user_code_end))
		return PROBE_USER_CODE + (gva_t)(label - probe_user_code);
	return PROBE_KERNEL_CODE + (gva_t)(label - probe_kernel_code);
}

/* The frame for probe_enter_ring3; returns its address. */
static gva_t push_frame(struct probe_guest *guest, const struct probe_start *start)
{
	struct x86_interrupt_frame frame = {
		.rip = probe_address(start->code),
		.cs = SELECTOR_USER_CODE,
		.rflags = start->rflags | RFLAGS_RESERVED1,
		.rsp = PROBE_USER_DATA + PAGE_SIZE,
		.ss = SELECTOR_USER_DATA,
	};
	uint8_t *stack = probe_page(guest, PROBE_KERNEL_STACK);

	memcpy(stack + PAGE_SIZE - sizeof(frame), &frame, sizeof(frame));
	return KERNEL_STACK_TOP - sizeof(frame);
}

void probe_set(struct probe_guest *guest, const struct probe_start *start)
{
	bool ring3 = is_within(start->code, probe_user_code, probe_user_code_end);
	const uint8_t *first = start->prelude != NULL ? start->prelude : ring3 ? probe_enter_ring3 : start->code;
	struct kvm_regs regs = {
		.rax = start->rax,
		.rcx = start->prelude == probe_sysret ? probe_address(start->code) : start->rcx,
		.rsi = start->rsi,
		.rdi = start->prelude == probe_timer ? probe_address(ring3 ? probe_enter_ring3 : start->code)
						     : start->rdi,
		.r11 = start->rflags | RFLAGS_RESERVED1,
		.rip = probe_address(first),
		.rsp = ring3 ? push_frame(guest, start) : KERNEL_STACK_TOP,
		.rflags = RFLAGS_RESERVED1 | (ring3 ? 0 : start->rflags),
	};
	struct kvm_sregs sregs = {
		.cr0 = CR0_PE | CR0_MP | CR0_ET | CR0_NE | CR0_WP | CR0_AM | CR0_PG,
		.cr3 = guest->root,
		.cr4 = CR4_PAE | CR4_OSFXSR | CR4_OSXMMEXCPT | start->cr4,
		.efer = EFER_SCE | EFER_LME | EFER_LMA | EFER_NXE,
		.apic_base = APIC_BASE_ADDRESS | APIC_BASE_ENABLE | APIC_BASE_X2APIC | APIC_BASE_BSP,
	};

	segments_load(&sregs, GDT_ADDRESS, IDT_ADDRESS, TSS_ADDRESS);
	if (start->no_idt)
		sregs.idt.limit = 0;
	vcpu_set_state(&guest->vcpu, &regs, &sregs);
}

bool probe_offers(const struct probe_guest *guest, const struct cpuid_bit *bit)
{
	for (uint32_t i = 0; i < guest->cpuid->nent; i++) {
		const struct kvm_cpuid_entry2 *entry = &guest->cpuid->entries[i];
		const uint32_t values[] = {entry->eax, entry->ebx, entry->ecx, entry->edx};

		if (entry->function == bit->leaf && entry->index == 0)
			return values[bit->where] >> bit->bit & 1;
	}
	return false;
}
