/* SPDX-License-Identifier: MIT */
/*
 * cpu_features.h: which CPU the guest sees, which protections that lets us switch on, and which FPU state it can keep.
 */
#ifndef VMM_BOOT_CPU_FEATURES_H
#define VMM_BOOT_CPU_FEATURES_H

#include <stdbool.h>
#include <stdint.h>

#include "machine/kvm.h"
#include "machine/vcpu.h"

struct cpu_features {
	bool nx, smep, smap, umip;
	bool osxsave;           /* CR4.OSXSAVE and XCR0 are to be set; not where ring 3 sees the host's own */
	uint64_t xcr0;          /* XCR0_KEPT, as far as it is there; 0: no XSAVE */
	uint32_t xsave_bytes;   /* of an image with these components, in standard format */
	unsigned physical_bits; /* of an address; those above are reserved in page-table entries */
	bool huge_pages;        /* 1 GiB pages */
};

/* x87, SSE, AVX, AVX-512: what is kept of a program's state. Not MPX, which is dead; not PKRU and AMX, which Linux's
   programs have to ask for. */
#define XCR0_KEPT UINT64_C(0xe7)

/* Gives the vCPUs what KVM supports, each with its own APIC id, and tells what is in it. */
bool cpu_features_set(const struct kvm *kvm, struct vcpu *vcpus, unsigned count, struct cpu_features *features,
		      struct vmm_error *error);

/* What cpu_features_set() would find, without a vCPU. */
bool cpu_features_find(const struct kvm *kvm, struct cpu_features *features, struct vmm_error *error);

/* What cpu_features_set() would find in this table of KVM's, without setting anything; changes the table. */
void cpu_features_offered(const struct kvm *kvm, struct kvm_cpuid2 *table, struct cpu_features *features);

/* What a KVM of this kind can be expected to offer on this CPU, without asking it. */
void cpu_features_expected(enum kvm_kind kind, struct cpu_features *features);

/* What the table offers, after removing from it what the guest shall not see. host_xcr0: XCR0 of the host where ring 3
   uses that one, else 0. Part of cpu_features_set(), apart for the tests. */
void cpu_features_note(struct kvm_cpuid2 *table, uint64_t host_xcr0, struct cpu_features *features);

/* The words for the report: "wp nx smep smap umip", without those that are missing. A static string. */
const char *cpu_features_words(const struct cpu_features *features);

#endif
