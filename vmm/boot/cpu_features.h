/* SPDX-License-Identifier: MIT */
/*
 * cpu_features.h: which CPU the guest sees, and which protections that lets us switch on.
 */
#ifndef VMM_BOOT_CPU_FEATURES_H
#define VMM_BOOT_CPU_FEATURES_H

#include <stdbool.h>
#include <stdint.h>

#include "machine/kvm.h"
#include "machine/vcpu.h"

struct cpu_features {
	bool nx, smep, smap, umip;
};

/* Gives the vCPU what KVM supports, and tells which protections are in it. */
bool cpu_features_set(const struct kvm *kvm, struct vcpu *vcpu, struct cpu_features *features, struct vmm_error *error);

/* The words for the report: "wp nx smep smap umip", without those that are missing. A static string. */
const char *cpu_features_words(const struct cpu_features *features);

#endif
