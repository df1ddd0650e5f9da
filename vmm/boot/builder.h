/* SPDX-License-Identifier: MIT */
/*
 * builder.h: the work in progress that the files of boot_guest() share: boot.c (memory, in the order of its steps) and
 * cpus.c (what each CPU has of its own).
 */
#ifndef VMM_BOOT_BUILDER_H
#define VMM_BOOT_BUILDER_H

#include "boot.h"
#include "cpu_features.h"
#include "page_tables.h"

#define CONSTANT_TABLES_PER_CPU 2 /* read-only pages: GDT and IDT */

/* From the first frame to the registers. */
struct builder {
	const struct boot_request *request;
	struct guest_ram *ram;
	struct frame_allocator frames;
	struct boot_result *result;
	struct vmm_error *error;
	struct vmm_boot_info *info;
	struct x86_gate *idt[VMM_CPUS_MAX];
	/* Frames that the guest only reads or executes lie together, so that their alias in the direct map is one
	 * range. */
	struct frame_allocator constant;
	gpa_t constant_start, constant_end;
	gpa_t first_process; /* where the kernel wants a process table with its first process; 0: nowhere */
};

/* Allocates zeroed frames, maps them at gva in the tables of the start (which hold both halves) and returns their
   physical address, or 0 (the error line is set). */
gpa_t builder_map(struct builder *builder, gva_t gva, uint64_t size, unsigned rights);

/* The CPU area of layout.h, for each CPU: GDT, IDT (empty yet), TSS, and the stacks. The boot stack comes before. */
bool cpus_build_areas(struct builder *builder);

/* The kernel's site for CPUs other than the first, into result->cpu_entry; refuses a second one, and one that is not in
   the kernel's code. */
bool cpus_find_entry(struct builder *builder);

/* The registers with which each CPU begins. */
bool cpus_set_registers(const struct builder *builder, const struct cpu_features *features, struct vcpu *vcpus);

#endif
