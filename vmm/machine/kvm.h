/* SPDX-License-Identifier: MIT */
/*
 * kvm.h: /dev/kvm and one virtual machine. Every ioctl has a function of its own, so a wrong struct does not compile.
 * Source: Linux, Documentation/virt/kvm/api.rst.
 */
#ifndef VMM_MACHINE_KVM_H
#define VMM_MACHINE_KVM_H

#include <linux/kvm.h>
#include <stdbool.h>
#include <stddef.h>

#include "error.h"
#include "guest_ram.h"

#define KVM_DEVICE "/dev/kvm"

/* Which KVM this is: by its module, or by the CPU's flags. A software KVM needs neither VT-x nor AMD-V. */
enum kvm_kind { KVM_KIND_UNKNOWN, KVM_KIND_AMD_V, KVM_KIND_VT_X, KVM_KIND_PVM };

struct kvm {
	int device; /* /dev/kvm */
	int vm;
	enum kvm_kind kind;
	size_t run_size; /* bytes of one vCPU's struct kvm_run mapping */
};

/* By the module behind /dev/kvm (only one of them can have it), or by the CPU; whether it can be opened or not. */
enum kvm_kind kvm_host_kind(void);

/* Opens /dev/kvm, checks the API version and the capabilities that nothing works without. The error line tells apart
   what can be wrong (no module, no permission, busy, disabled) and names the fix. */
bool kvm_open(struct kvm *kvm, struct vmm_error *error);

/* Creates the VM with its local APIC in the kernel (split irqchip: no PIC, no PIT) and ram as its memory slot 0. */
bool kvm_create_vm(struct kvm *kvm, const struct guest_ram *ram, struct vmm_error *error);

/* More memory at physical address gpa, as memory slot `slot` (not 0). */
bool kvm_add_memory(const struct kvm *kvm, unsigned slot, gpa_t gpa, const struct guest_ram *memory,
		    struct vmm_error *error);

/* Creates vCPU `index`; returns its descriptor or -1. */
int kvm_create_vcpu(const struct kvm *kvm, unsigned index, struct vmm_error *error);

/* The CPUID table that this KVM offers; the caller gives room for `entries`. */
bool kvm_get_supported_cpuid(const struct kvm *kvm, struct kvm_cpuid2 *table, struct vmm_error *error);

/* A capability's number as KVM_CHECK_EXTENSION gives it, 0 if absent. */
int kvm_capability(const struct kvm *kvm, long capability);

/* Raises interrupt `vector` at the CPU with this APIC id, as a device would. From any thread; false: KVM cannot. It
   wakes a halted CPU; a local APIC that the guest has not enabled drops it. */
bool kvm_raise(const struct kvm *kvm, unsigned apic_id, unsigned vector);

void kvm_close(struct kvm *kvm);

const char *kvm_kind_name(enum kvm_kind kind); /* "amd-v", "vt-x", "pvm", "unknown" */

#endif
