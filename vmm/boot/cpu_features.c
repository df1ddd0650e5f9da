/* SPDX-License-Identifier: MIT */
/* cpu_features.c: CPUID for the guest. Bits: Intel SDM vol. 2, "CPUID"; AMD APM vol. 3, appendix E. */
#include "cpu_features.h"

#include <stdlib.h>

#define CPUID_ENTRIES          128
#define LEAF1_ECX_X2APIC       (1u << 21)
#define LEAF1_ECX_TSC_DEADLINE (1u << 24)
#define LEAF7_EBX_SMEP         (1u << 7)
#define LEAF7_EBX_SMAP         (1u << 20)
#define LEAF7_ECX_UMIP         (1u << 2)
#define EXTENDED1_EDX_NX       (1u << 20)

static void note_features(struct kvm_cpuid2 *table, struct cpu_features *features)
{
	for (uint32_t i = 0; i < table->nent; i++) {
		struct kvm_cpuid_entry2 *entry = &table->entries[i];

		if (entry->function == 1)
			entry->ecx |= LEAF1_ECX_X2APIC | LEAF1_ECX_TSC_DEADLINE; /* the in-kernel APIC has both */
		if (entry->function == 7 && entry->index == 0) {
			features->smep = entry->ebx & LEAF7_EBX_SMEP;
			features->smap = entry->ebx & LEAF7_EBX_SMAP;
			features->umip = entry->ecx & LEAF7_ECX_UMIP;
		}
		if (entry->function == 0x80000001)
			features->nx = entry->edx & EXTENDED1_EDX_NX;
	}
}

bool cpu_features_set(const struct kvm *kvm, struct vcpu *vcpu, struct cpu_features *features, struct vmm_error *error)
{
	struct kvm_cpuid2 *table = calloc(1, sizeof(*table) + CPUID_ENTRIES * sizeof(table->entries[0]));
	bool done;

	*features = (struct cpu_features){0};
	if (table == NULL)
		return error_set(error, "no memory for the CPUID table");
	table->nent = CPUID_ENTRIES;
	done = kvm_get_supported_cpuid(kvm, table, error);
	if (done) {
		note_features(table, features);
		done = vcpu_set_cpuid(vcpu, table, error);
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
