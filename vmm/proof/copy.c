/* SPDX-License-Identifier: MIT */
/* copy.c: builds the copy's own pages and sets its CPU. */
#include "copy.h"

#include <string.h>

#include "abi.h"
#include "boot/cpu_features.h"
#include "boot/segments.h"
#include "proof_code.h"

#define SLOT_OWN   1                        /* KVM's memory slot; 0 is the guest's */
#define LAST_SLOT  (PAGE_TABLE_ENTRIES - 2) /* downwards: the last one belongs to kernels */
#define SLOT_SHIFT 39                       /* of an address: its index in the root */

/* Above GUEST_RAM_MAX, below the local APIC; the second where the page asked about claims to be at the first. */
static const gpa_t bases[] = {UINT64_C(0xd0000000), UINT64_C(0xe0000000)};

void *copy_page(struct copy *copy, enum copy_page page)
{
	return copy->own.bytes + page * PAGE_SIZE;
}

static gpa_t page_gpa(const struct copy *copy, enum copy_page page)
{
	return copy->base + page * PAGE_SIZE;
}

static unsigned root_index(gva_t gva)
{
	return (gva >> SLOT_SHIFT) % PAGE_TABLE_ENTRIES;
}

/* An entry of the root that the guest does not use, from `first` on downwards to `last`; 0: none. */
static unsigned free_slot(const uint64_t *root, gva_t asked, unsigned first, unsigned last)
{
	for (unsigned i = first; i >= last && i > 0; i--)
		if (root[i] == 0 && i != root_index(asked))
			return i;
	return 0;
}

static void link_tables(struct copy *copy, unsigned slot, enum copy_page top, uint64_t user)
{
	((uint64_t *)copy_page(copy, COPY_ROOT))[slot] = page_gpa(copy, top) | PTE_P | PTE_W | user;
	*(uint64_t *)copy_page(copy, top) = page_gpa(copy, top + 1) | PTE_P | PTE_W | user;
	*(uint64_t *)copy_page(copy, top + 1) = page_gpa(copy, top + 2) | PTE_P | PTE_W | user;
}

/* Page n of the copy's own memory is page n of the address range, if it is mapped at all. */
static void map(struct copy *copy, enum copy_page page, uint64_t flags)
{
	uint64_t *table = copy_page(copy, flags & PTE_U ? COPY_USER_PT : COPY_KERNEL_PT);

	table[page] = page_gpa(copy, page) | PTE_P | flags;
}

static bool build_tables(struct copy *copy, const struct proof_request *request, struct vmm_error *error)
{
	uint64_t *root = copy_page(copy, COPY_ROOT);
	gva_t asked = request->access->gva;
	unsigned kernel, user;

	if (!guest_ram_read(request->ram, request->state->cr3 & CR3_ADDRESS, root, PAGE_SIZE))
		return error_set(error, "CR3 leads outside the guest's memory");
	kernel = free_slot(root, asked, LAST_SLOT, KERNEL_HALF_SLOT + 1);
	user = free_slot(root, asked, KERNEL_HALF_SLOT - 1, 1);
	if (kernel == 0 || user == 0)
		return error_set(error, "the guest uses every entry of its top-level table; none is left for the code "
					"that would make the access");
	copy->kernel = KERNEL_HALF | (gva_t)kernel << SLOT_SHIFT;
	copy->user = (gva_t)user << SLOT_SHIFT;
	link_tables(copy, kernel, COPY_KERNEL_PDP, 0);
	link_tables(copy, user, COPY_USER_PDP, PTE_U);
	map(copy, COPY_KERNEL_CODE, 0);
	/* The GDT is writable: loading TR or a segment may set a bit in a descriptor. */
	for (enum copy_page page = COPY_STACK; page <= COPY_TSS; page++)
		map(copy, page, PTE_W);
	map(copy, COPY_USER_CODE, PTE_U);
	return true;
}

static void fill_pages(struct copy *copy)
{
	struct x86_gate *idt = copy_page(copy, COPY_IDT);
	struct x86_tss *tss = copy_page(copy, COPY_TSS);
	gva_t stubs = copy_address(copy, proof_kernel_code);

	memcpy(copy_page(copy, COPY_KERNEL_CODE), proof_kernel_code,
	       (size_t)(proof_kernel_code_end - proof_kernel_code));
	memcpy(copy_page(copy, COPY_USER_CODE), proof_user_code, (size_t)(proof_user_code_end - proof_user_code));
	segments_write_gdt(copy_page(copy, COPY_GDT), copy->kernel + COPY_TSS * PAGE_SIZE);
	tss->rsp[0] = copy->kernel + (COPY_STACK + 1) * PAGE_SIZE;
	tss->iomap_base = sizeof(*tss); /* beyond the limit: no port is open to ring 3 */
	for (unsigned vector = 0; vector < VECTORS; vector++) {
		gva_t stub = stubs + PROOF_STUB_SIZE * vector;

		idt[vector] = (struct x86_gate){
			.offset_15_0 = (uint16_t)stub,
			.selector = SELECTOR_KERNEL_CODE,
			.type = 0x80 | GATE_TYPE_INTERRUPT,
			.offset_31_16 = (uint16_t)(stub >> 16),
			.offset_63_32 = (uint32_t)(stub >> 32),
		};
	}
}

static bool open_machine(struct copy *copy, const struct proof_request *request, struct vmm_error *error)
{
	struct cpu_features features;

	return kvm_create_vm(&copy->kvm, request->ram, error) &&
	       kvm_add_memory(&copy->kvm, SLOT_OWN, copy->base, &copy->own, error) &&
	       vcpu_open(&copy->vcpu, &copy->kvm, 0, error) &&
	       cpu_features_set(&copy->kvm, &copy->vcpu, 1, &features, error);
}

bool copy_open(struct copy *copy, const struct proof_request *request, struct vmm_error *error)
{
	const struct walk *walk = request->walk;

	*copy = (struct copy){.kvm = *request->kvm, .vcpu.fd = -1, .base = bases[0]};
	copy->kvm.vm = -1;
	if (walk->present && (walk->gpa & ~(LARGE_PAGE_SIZE - 1)) == bases[0])
		copy->base = bases[1];
	if (!guest_ram_open(&copy->own, GUEST_RAM_MIN, error))
		return false;
	copy->own.size = COPY_PAGES * PAGE_SIZE;
	if (!build_tables(copy, request, error))
		return false;
	fill_pages(copy);
	return open_machine(copy, request, error);
}

gva_t copy_address(const struct copy *copy, const uint8_t *label)
{
	uintptr_t at = (uintptr_t)label, user = (uintptr_t)proof_user_code;

	if (at >= user && at < (uintptr_t)proof_user_code_end)
		return copy->user + COPY_USER_CODE * PAGE_SIZE + (at - user);
	return copy->kernel + COPY_KERNEL_CODE * PAGE_SIZE + (at - (uintptr_t)proof_kernel_code);
}

/* The frame for `iretq` into ring 3; returns its address. */
static gva_t push_frame(struct copy *copy, const uint8_t *code)
{
	struct x86_interrupt_frame frame = {
		.rip = copy_address(copy, code),
		.cs = SELECTOR_USER_CODE,
		.rflags = RFLAGS_RESERVED1,
		.rsp = copy->user + COPY_USER_CODE * PAGE_SIZE, /* nobody pushes */
		.ss = SELECTOR_USER_DATA,
	};
	uint8_t *stack = copy_page(copy, COPY_STACK);

	memcpy(stack + PAGE_SIZE - sizeof(frame), &frame, sizeof(frame));
	return copy->kernel + (COPY_STACK + 1) * PAGE_SIZE - sizeof(frame);
}

void copy_start(struct copy *copy, const struct proof_request *request, const uint8_t *code, uint8_t byte,
		uint16_t port)
{
	const struct cpu_state *state = request->state;
	bool user = request->access->ring == 3;
	struct kvm_regs regs = {
		.rax = byte,
		.rdx = port,
		.rdi = request->access->gva,
		.rbp = request->access->gva,
		.rip = copy_address(copy, user ? proof_enter_ring3 : code),
		.rsp = user ? push_frame(copy, code) : copy->kernel + (COPY_STACK + 1) * PAGE_SIZE,
		.rflags = RFLAGS_RESERVED1,
	};
	struct kvm_sregs sregs = {
		.cr0 = CR0_PE | CR0_MP | CR0_ET | CR0_NE | CR0_AM | CR0_PG | (state->cr0 & CR0_WP),
		.cr3 = page_gpa(copy, COPY_ROOT),
		.cr4 = CR4_PAE | CR4_OSFXSR | CR4_OSXMMEXCPT |
		       (state->cr4 & (CR4_SMEP | CR4_SMAP | CR4_UMIP | CR4_PGE)),
		.efer = EFER_SCE | EFER_LME | EFER_LMA | (state->efer & EFER_NXE),
		.apic_base = APIC_BASE_ADDRESS | APIC_BASE_ENABLE | APIC_BASE_X2APIC | APIC_BASE_BSP,
	};

	segments_load(&sregs, copy->kernel + COPY_GDT * PAGE_SIZE, copy->kernel + COPY_IDT * PAGE_SIZE,
		      copy->kernel + COPY_TSS * PAGE_SIZE);
	vcpu_set_state(&copy->vcpu, &regs, &sregs);
}
