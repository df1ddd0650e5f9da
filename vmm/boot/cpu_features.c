/* SPDX-License-Identifier: MIT */
/* cpu_features.c: CPUID for the guest. Bits: Intel SDM vol. 2, "CPUID"; AMD APM vol. 3, appendix E. */
#include "cpu_features.h"

#include <cpuid.h>
#include <stdlib.h>

#define CPUID_ENTRIES          128
#define LEAF1_EBX_APIC_ID      24 /* bits 31:24 */
#define LEAF1_ECX_X2APIC       (1u << 21)
#define LEAF1_ECX_TSC_DEADLINE (1u << 24)
#define LEAF1_ECX_XSAVE        (1u << 26)
#define LEAF1_ECX_AVX          (1u << 28)
#define LEAF7_EBX_SMEP         (1u << 7)
#define LEAF7_EBX_SMAP         (1u << 20)
#define LEAF7_ECX_UMIP         (1u << 2)
#define LEAF7_EDX_AMX          (1u << 22 | 1u << 24 | 1u << 25)
#define LEAF_TOPOLOGY          0xb
#define LEAF_TOPOLOGY2         0x1f
#define LEAF_XSAVE             0xd
#define EXTENDED1_EDX_NX       (1u << 20)
#define EXTENDED1_EDX_1GB      (1u << 26)
#define LEAF_ADDRESS_SIZES     0x80000008 /* EAX[7:0]: physical address bits */
#define PHYSICAL_BITS_OLD      36         /* of CPUs without that leaf */

/* Intel SDM vol. 1, "XSAVE-Supported Features and State-Component Bitmaps" */
#define XCR0_X87           UINT64_C(0x01)
#define XCR0_SSE           UINT64_C(0x02)
#define XCR0_AVX           UINT64_C(0x04)
#define XCR0_AVX512        UINT64_C(0xe0)
#define XSAVE_LEGACY_BYTES 576 /* x87 and SSE, and the header */
#define XSAVE_MAX_BYTES    sizeof(struct kvm_xsave)

static struct kvm_cpuid_entry2 *find_leaf(struct kvm_cpuid2 *table, uint32_t function, uint32_t index)
{
	for (uint32_t i = 0; i < table->nent; i++)
		if (table->entries[i].function == function && table->entries[i].index == index)
			return &table->entries[i];
	return NULL;
}

/* The components of a set that XCR0 may hold together: SSE is never left out, AVX-512 is all or nothing on top of AVX.
 */
static uint64_t consistent(uint64_t xcr0)
{
	xcr0 &= XCR0_KEPT;
	if ((xcr0 & (XCR0_X87 | XCR0_SSE)) != (XCR0_X87 | XCR0_SSE))
		return 0;
	if (!(xcr0 & XCR0_AVX) || (xcr0 & XCR0_AVX512) != XCR0_AVX512)
		xcr0 &= ~XCR0_AVX512;
	return xcr0;
}

/* Bytes of an image of these components; 0: the table does not say where they lie. */
static uint32_t image_bytes(struct kvm_cpuid2 *table, uint64_t xcr0)
{
	uint32_t bytes = XSAVE_LEGACY_BYTES;

	for (uint32_t component = 2; component < 64; component++) {
		const struct kvm_cpuid_entry2 *entry = find_leaf(table, LEAF_XSAVE, component);

		if (!(xcr0 >> component & 1))
			continue;
		if (entry == NULL || entry->eax > XSAVE_MAX_BYTES || entry->ebx > XSAVE_MAX_BYTES - entry->eax)
			return 0;
		bytes = entry->ebx + entry->eax > bytes ? entry->ebx + entry->eax : bytes;
	}
	return bytes;
}

static void note_xsave(struct kvm_cpuid2 *table, uint64_t host_xcr0, struct cpu_features *features)
{
	struct kvm_cpuid_entry2 *leaf1 = find_leaf(table, 1, 0), *leaf7 = find_leaf(table, 7, 0);
	struct kvm_cpuid_entry2 *state = find_leaf(table, LEAF_XSAVE, 0);
	uint64_t xcr0 = 0;

	/* A KVM under which ring 3 uses the host's XCR0 need not offer XSAVE to ring 0. */
	if (state != NULL && (host_xcr0 != 0 || (leaf1 != NULL && (leaf1->ecx & LEAF1_ECX_XSAVE))))
		xcr0 = consistent(state->eax & (host_xcr0 != 0 ? host_xcr0 : UINT64_MAX));
	features->xsave_bytes = xcr0 != 0 ? image_bytes(table, xcr0) : 0;
	features->xcr0 = features->xsave_bytes != 0 ? xcr0 : 0;
	features->osxsave = features->xcr0 != 0 && host_xcr0 == 0;
	if (leaf1 != NULL && features->xcr0 == 0)
		leaf1->ecx &= ~LEAF1_ECX_XSAVE;
	if (leaf1 != NULL && !(features->xcr0 & XCR0_AVX))
		leaf1->ecx &= ~LEAF1_ECX_AVX;
	if (leaf7 != NULL)
		leaf7->edx &= ~LEAF7_EDX_AMX;
	if (state != NULL) {
		state->eax = (uint32_t)features->xcr0;
		state->edx = 0;
	}
}

void cpu_features_note(struct kvm_cpuid2 *table, uint64_t host_xcr0, struct cpu_features *features)
{
	*features = (struct cpu_features){.physical_bits = PHYSICAL_BITS_OLD};
	for (uint32_t i = 0; i < table->nent; i++) {
		struct kvm_cpuid_entry2 *entry = &table->entries[i];

		if (entry->function == 1)
			entry->ecx |= LEAF1_ECX_X2APIC | LEAF1_ECX_TSC_DEADLINE; /* the in-kernel APIC has both */
		if (entry->function == 7 && entry->index == 0) {
			features->smep = entry->ebx & LEAF7_EBX_SMEP;
			features->smap = entry->ebx & LEAF7_EBX_SMAP;
			features->umip = entry->ecx & LEAF7_ECX_UMIP;
		}
		if (entry->function == 0x80000001) {
			features->nx = entry->edx & EXTENDED1_EDX_NX;
			features->huge_pages = entry->edx & EXTENDED1_EDX_1GB;
		}
		if (entry->function == LEAF_ADDRESS_SIZES && (entry->eax & 0xff) != 0)
			features->physical_bits = entry->eax & 0xff;
	}
	note_xsave(table, host_xcr0, features);
}

/* The CPU's number, where CPUID tells it. */
static void set_apic_id(struct kvm_cpuid2 *table, unsigned id)
{
	for (uint32_t i = 0; i < table->nent; i++) {
		struct kvm_cpuid_entry2 *entry = &table->entries[i];

		if (entry->function == 1)
			entry->ebx = (entry->ebx & ((1u << LEAF1_EBX_APIC_ID) - 1)) | id << LEAF1_EBX_APIC_ID;
		if (entry->function == LEAF_TOPOLOGY || entry->function == LEAF_TOPOLOGY2)
			entry->edx = id;
	}
}

/* Where ring 3 runs with the host's XCR0. Only if KVM names state components, which says that the host uses XSAVE:
   `xgetbv` is invalid otherwise, and asking the CPU by `cpuid` is an exit in a virtual machine. */
static uint64_t host_xcr0(struct kvm_cpuid2 *table)
{
	const struct kvm_cpuid_entry2 *state = find_leaf(table, LEAF_XSAVE, 0);
	uint32_t low, high;

	if (state == NULL || state->eax == 0)
		return 0;
	__asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return low | (uint64_t)high << 32;
}

void cpu_features_offered(const struct kvm *kvm, struct kvm_cpuid2 *table, struct cpu_features *features)
{
	cpu_features_note(table, kvm->kind == KVM_KIND_PVM ? host_xcr0(table) : 0, features);
	if (features->osxsave && kvm_capability(kvm, KVM_CAP_XCRS) == 0) {
		features->osxsave = false;
		features->xcr0 = 0;
		features->xsave_bytes = 0;
	}
}

void cpu_features_expected(enum kvm_kind kind, struct cpu_features *features)
{
	static const struct {
		uint32_t function, index;
	} leaves[] = {{1, 0},          {7, 0},          {LEAF_XSAVE, 0}, {LEAF_XSAVE, 2},
		      {LEAF_XSAVE, 5}, {LEAF_XSAVE, 6}, {LEAF_XSAVE, 7}, {0x80000001, 0}};
	_Alignas(struct kvm_cpuid2) uint8_t
		space[sizeof(struct kvm_cpuid2) + sizeof(leaves) / sizeof(leaves[0]) * sizeof(struct kvm_cpuid_entry2)];
	struct kvm_cpuid2 *table = (struct kvm_cpuid2 *)space;

	table->nent = 0;
	for (size_t i = 0; i < sizeof(leaves) / sizeof(leaves[0]); i++) {
		struct kvm_cpuid_entry2 entry = {.function = leaves[i].function, .index = leaves[i].index};

		if (__get_cpuid_count(entry.function, entry.index, &entry.eax, &entry.ebx, &entry.ecx, &entry.edx))
			table->entries[table->nent++] = entry;
	}
	cpu_features_note(table, 0, features);
	if (kind == KVM_KIND_PVM) /* it interprets ring 0, without them */
		features->smep = features->smap = false;
}

/* KVM's table, without what the guest shall not see; free() it. NULL: the error line is set. */
static struct kvm_cpuid2 *read_table(const struct kvm *kvm, struct cpu_features *features, struct vmm_error *error)
{
	struct kvm_cpuid2 *table = calloc(1, sizeof(*table) + CPUID_ENTRIES * sizeof(table->entries[0]));

	*features = (struct cpu_features){0};
	if (table == NULL) {
		error_set(error, "no memory for the CPUID table");
		return NULL;
	}
	table->nent = CPUID_ENTRIES;
	if (kvm_get_supported_cpuid(kvm, table, error)) {
		cpu_features_offered(kvm, table, features);
		return table;
	}
	free(table);
	return NULL;
}

bool cpu_features_find(const struct kvm *kvm, struct cpu_features *features, struct vmm_error *error)
{
	struct kvm_cpuid2 *table = read_table(kvm, features, error);

	free(table);
	return table != NULL;
}

bool cpu_features_set(const struct kvm *kvm, struct vcpu *vcpus, unsigned count, struct cpu_features *features,
		      struct vmm_error *error)
{
	struct kvm_cpuid2 *table = read_table(kvm, features, error);
	bool done = table != NULL;

	for (unsigned cpu = 0; done && cpu < count; cpu++) {
		set_apic_id(table, cpu);
		done = vcpu_set_cpuid(&vcpus[cpu], table, error);
	}
	free(table);
	if (done && !features->nx)
		return error_set(error, "this CPU has no no-execute pages (NX), which W^X needs");
	return done;
}

const char *cpu_features_words(const struct cpu_features *features)
{
	static const char *const words[8] = {
		"wp nx",      "wp nx smep",      "wp nx smap",      "wp nx smep smap",
		"wp nx umip", "wp nx smep umip", "wp nx smap umip", "wp nx smep smap umip",
	};

	return words[(features->smep ? 1 : 0) | (features->smap ? 2 : 0) | (features->umip ? 4 : 0)];
}
