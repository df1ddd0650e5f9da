/* SPDX-License-Identifier: MIT */
/*
 * segments.h: the GDT, and the registers that point into it. One row gives both the descriptor in memory and the
 * hidden part that the CPU would load from it, so the two cannot differ.
 */
#ifndef VMM_BOOT_SEGMENTS_H
#define VMM_BOOT_SEGMENTS_H

#include <linux/kvm.h>
#include <stdint.h>

#include "layout.h"

/* Writes GDT_ENTRIES descriptors; the TSS descriptor points to tss. */
void segments_write_gdt(uint64_t *gdt, uint64_t tss);

/* Loads CS, SS, DS, ES, FS, GS, TR, LDTR for ring 0, with gdt and idt as the tables. */
void segments_load(struct kvm_sregs *sregs, uint64_t gdt, uint64_t idt, uint64_t tss);

#endif
