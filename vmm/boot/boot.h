/* SPDX-License-Identifier: MIT */
/*
 * boot.h: everything before the guest's first instruction: images into RAM, page tables, descriptor tables, stacks,
 * boot information, initial registers. docs/guest-abi.md promises what is built here.
 */
#ifndef VMM_BOOT_BOOT_H
#define VMM_BOOT_BOOT_H

#include <stdbool.h>
#include <stdint.h>

#include "abi.h"
#include "cpu_features.h"
#include "elf_image.h"
#include "machine/guest_ram.h"
#include "machine/kvm.h"
#include "machine/vcpu.h"

struct boot_request {
	const struct elf_image *kernel;  /* the image in the kernel half */
	const struct elf_image *program; /* the image in the user half; the same as kernel for a complete guest */
	char *const *argv;               /* of the user program, ended by NULL */
	char *const *envp;
	uint64_t memory;        /* bytes of RAM for the guest; behind them the RAM has boot_rings() more */
	unsigned cpus;          /* 1 to VMM_CPUS_MAX, as boot_cpus() allows */
	int32_t program_handle; /* of the program's file (VMM_FILE_*); -1: none */
};

/* What of the host shapes the guest's memory. */
struct boot_host {
	enum kvm_kind kind;
	struct cpu_features features;
};

/* What was built, for those who observe it. */
struct boot_result {
	gpa_t kernel_cr3, user_cr3;
	gva_t entry, boot_stack, lstar;
	gpa_t rings; /* TRACE_RINGS_SIZE bytes, mapped at TRACE_RINGS; 0: the kernel has no recorder */
	gva_t user_brk;
	gva_t cpu_entry;         /* where CPUs other than the first begin; 0: the kernel has no such place */
	uint64_t xcr0;           /* state that FPU images hold; 0: there are none */
	uint32_t xsave_bytes;    /* of such an image */
	uint32_t flags;          /* VMM_BOOT_* */
	unsigned physical_bits;  /* of an address in a page-table entry */
	bool huge_pages;         /* 1 GiB pages may be used */
	const char *protections; /* "wp nx smep smap umip", those in force */
	bool has_user;           /* the image has segments in the user half */
};

/* The image that is built into vmm. */
bool boot_open_builtin_kernel(struct elf_image *image, struct vmm_error *error);

/* How many of the wanted CPUs this kernel can use: all of them, or one. */
unsigned boot_cpus(const struct elf_image *kernel, unsigned wanted);

/* Bytes of RAM that the rings of this kernel's recorder need; 0: it has none. */
uint64_t boot_rings(const struct elf_image *kernel);

/* Builds the guest in ram as it will be before its first instruction, but for the time of day in its boot information.
   Needs no KVM. */
bool boot_build(const struct boot_request *request, const struct boot_host *host, struct guest_ram *ram,
		struct boot_result *result, struct vmm_error *error);

/* boot_build() for what this KVM offers, the time of day, and CPUID, MSRs and registers of request->cpus vCPUs,
   numbered from 0. */
bool boot_guest(const struct boot_request *request, const struct kvm *kvm, struct guest_ram *ram, struct vcpu *vcpus,
		struct boot_result *result, struct vmm_error *error);

/* What boot_guest() would find, without a virtual machine: asks /dev/kvm, and where that does not open, the CPU. */
void boot_host_find(struct boot_host *host);

#endif
