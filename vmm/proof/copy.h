/* SPDX-License-Identifier: MIT */
/*
 * copy.h: the copy's virtual machine: the guest's memory and, in a memory slot of its own, what the access needs beside
 * it: a root, code for both rings, a stack, descriptor tables.
 */
#ifndef VMM_PROOF_COPY_H
#define VMM_PROOF_COPY_H

#include <stdbool.h>
#include <stdint.h>

#include "machine/kvm.h"
#include "machine/vcpu.h"
#include "proof.h"

enum copy_page {
	COPY_ROOT,
	COPY_KERNEL_PDP,
	COPY_KERNEL_PD,
	COPY_KERNEL_PT,
	COPY_USER_PDP,
	COPY_USER_PD,
	COPY_USER_PT,
	/* from here on, mapped: for ring 0, and the last one for ring 3 */
	COPY_KERNEL_CODE,
	COPY_STACK,
	COPY_GDT,
	COPY_IDT,
	COPY_TSS,
	COPY_USER_CODE,
	COPY_PAGES,
};

struct copy {
	struct kvm kvm;
	struct vcpu vcpu;
	struct guest_ram own; /* COPY_PAGES pages; their physical addresses begin at `base` */
	gpa_t base;
	gva_t kernel, user; /* where page 0 of `own` would be, in the two free slots of the root */
};

bool copy_open(struct copy *copy, const struct proof_request *request, struct vmm_error *error);

void *copy_page(struct copy *copy, enum copy_page page);

/* The address of a label of proof_code.S. */
gva_t copy_address(const struct copy *copy, const uint8_t *label);

/* Sets the registers: at `code` in that ring, with the address in rdi and rbp, `byte` in al, `port` in dx. */
void copy_start(struct copy *copy, const struct proof_request *request, const uint8_t *code, uint8_t byte,
		uint16_t port);

#endif
