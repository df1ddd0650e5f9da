/* SPDX-License-Identifier: MIT */
/*
 * vm_exit.h: one VM exit as a value, decoded from the page that KVM shares with us, so that everything behind it can
 * be tested without KVM. Source: Linux, Documentation/virt/kvm/api.rst, "The kvm_run structure".
 */
#ifndef VMM_RUN_VM_EXIT_H
#define VMM_RUN_VM_EXIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/event.h"

struct kvm_run;

#define INSTRUCTION_MAX 15

struct vm_exit {
	enum exit_reason reason;
	/* IO and MMIO */
	bool write;
	uint64_t address; /* port, or physical address */
	unsigned size, count;
	uint8_t *
		data; /* size * count bytes in the shared page, checked to lie inside it; for a read, to be filled in */
	/* the rest */
	uint32_t code;                        /* suberror, system event type, KVM's number of an unknown exit */
	uint64_t hardware;                    /* fail entry: the CPU's own reason */
	uint8_t instruction[INSTRUCTION_MAX]; /* internal error: what KVM could not emulate */
	unsigned instruction_size;            /* 0: KVM did not say */
};

/* Decodes what the last KVM_RUN left in the page of run_size bytes. Anything inconsistent becomes EXIT_UNKNOWN. */
void vm_exit_decode(struct kvm_run *run, size_t run_size, struct vm_exit *exit);

/* The failure in words ("KVM could not emulate the instruction 0f 01 ca"), for exits that end the run. */
void vm_exit_describe(const struct vm_exit *exit, char *text, size_t size);

#endif
