/* SPDX-License-Identifier: MIT */
/* segments.c: descriptors and segment registers from one table. AMD APM vol. 2, "Segment Descriptors". */
#include "segments.h"

#define LIMIT_4G 0xffffffffu

struct segment_row {
	uint16_t selector;
	uint8_t type;   /* bits 3:0 */
	uint8_t memory; /* S: 1 code or data, 0 system */
	uint8_t dpl;
	uint8_t long_mode; /* L: 64-bit code */
	uint8_t wide;      /* D/B: 32-bit */
	uint8_t pages;     /* G: the limit counts pages */
	uint32_t limit;    /* as the CPU keeps it, in bytes */
};

static const struct segment_row kernel_code = {SELECTOR_KERNEL_CODE, SEGMENT_TYPE_CODE, 1, 0, 1, 0, 1, LIMIT_4G};
static const struct segment_row kernel_data = {SELECTOR_KERNEL_DATA, SEGMENT_TYPE_DATA, 1, 0, 0, 1, 1, LIMIT_4G};
static const struct segment_row user_data = {SELECTOR_USER_DATA, SEGMENT_TYPE_DATA, 1, 3, 0, 1, 1, LIMIT_4G};
static const struct segment_row user_code = {SELECTOR_USER_CODE, SEGMENT_TYPE_CODE, 1, 3, 1, 0, 1, LIMIT_4G};
static const struct segment_row task_state = {
	SELECTOR_TSS, SEGMENT_TYPE_TSS_BUSY, 0, 0, 0, 0, 0, sizeof(struct x86_tss) - 1,
};

static uint64_t descriptor(const struct segment_row *row, uint64_t base)
{
	uint64_t limit = row->pages ? row->limit >> PAGE_SHIFT : row->limit;

	return (limit & 0xffff) | (base & 0xffffff) << 16 | (uint64_t)row->type << 40 | (uint64_t)row->memory << 44 |
	       (uint64_t)row->dpl << 45 | UINT64_C(1) << 47 | (limit >> 16 & 0xf) << 48 |
	       (uint64_t)row->long_mode << 53 | (uint64_t)row->wide << 54 | (uint64_t)row->pages << 55 |
	       (base >> 24 & 0xff) << 56;
}

static struct kvm_segment loaded(const struct segment_row *row, uint64_t base)
{
	return (struct kvm_segment){
		.base = base,
		.limit = row->limit,
		.selector = row->selector,
		.type = row->type,
		.present = 1,
		.dpl = row->dpl,
		.db = row->wide,
		.s = row->memory,
		.l = row->long_mode,
		.g = row->pages,
	};
}

/* The entry of SELECTOR_USER_CODE32 stays empty: a program that got into 32-bit code could `syscall` from there, which
   goes to CSTAR (zero, as nobody sets it) in ring 0 and on the program's stack. */
void segments_write_gdt(uint64_t *gdt, uint64_t tss)
{
	static const struct segment_row *const rows[] = {&kernel_code, &kernel_data, &user_data, &user_code};

	gdt[0] = 0;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		gdt[rows[i]->selector / 8] = descriptor(rows[i], 0);
	/* A system descriptor takes two entries; the second holds bits 63:32 of the base. */
	gdt[SELECTOR_TSS / 8] = descriptor(&task_state, tss);
	gdt[SELECTOR_TSS / 8 + 1] = tss >> 32;
}

void segments_load(struct kvm_sregs *sregs, uint64_t gdt, uint64_t idt, uint64_t tss)
{
	sregs->cs = loaded(&kernel_code, 0);
	sregs->ss = sregs->ds = sregs->es = sregs->fs = sregs->gs = loaded(&kernel_data, 0);
	sregs->tr = loaded(&task_state, tss);
	sregs->ldt = (struct kvm_segment){.type = 2, .unusable = 1};
	sregs->gdt = (struct kvm_dtable){.base = gdt, .limit = GDT_ENTRIES * sizeof(uint64_t) - 1};
	sregs->idt = (struct kvm_dtable){.base = idt, .limit = VECTORS * sizeof(struct x86_gate) - 1};
}
