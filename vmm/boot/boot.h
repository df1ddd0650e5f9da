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
#include "elf_image.h"
#include "machine/guest_ram.h"
#include "machine/kvm.h"
#include "machine/vcpu.h"

struct boot_request {
	const struct elf_image *kernel;  /* the image in the kernel half */
	const struct elf_image *program; /* the image in the user half; the same as kernel for a complete guest */
	char *const *argv;               /* of the user program, ended by NULL */
	char *const *envp;
	unsigned cpus;
};

/* What was built, for those who observe it. */
struct boot_result {
	gpa_t kernel_cr3, user_cr3;
	gva_t entry, boot_stack, lstar;
	gva_t user_brk;
	uint32_t flags;          /* VMM_BOOT_* */
	const char *protections; /* "wp nx smep smap umip", those in force */
	bool has_user;           /* the image has segments in the user half */
};

/* The image that is built into vmm. */
bool boot_open_builtin_kernel(struct elf_image *image, struct vmm_error *error);

/* Builds the guest in ram and sets vcpu's CPUID, MSRs and registers. */
bool boot_guest(const struct boot_request *request, const struct kvm *kvm, struct guest_ram *ram, struct vcpu *vcpu,
		struct boot_result *result, struct vmm_error *error);

#endif
