/* SPDX-License-Identifier: MIT */
/*
 * x86.h: the hardware's own names and numbers, for both sides of the boundary, for C and for assembly.
 * Source: AMD64 Architecture Programmer's Manual vol. 2 (System Programming); the section is named at each group.
 */
#ifndef SHARED_X86_H
#define SHARED_X86_H

#ifdef __ASSEMBLER__
#define X86_U64(value) value
#else
#include <stdint.h>
#define X86_U64(value) UINT64_C(value)
#endif

/* "System-Control Registers", CR0 */
#define CR0_PE X86_U64(0x00000001) /* protection enabled */
#define CR0_MP X86_U64(0x00000002) /* monitor coprocessor */
#define CR0_EM X86_U64(0x00000004) /* x87 emulation */
#define CR0_TS X86_U64(0x00000008) /* task switched */
#define CR0_ET X86_U64(0x00000010) /* extension type: reads as 1 */
#define CR0_NE X86_U64(0x00000020) /* numeric error: x87 errors as #MF */
#define CR0_WP X86_U64(0x00010000) /* write protect: ring 0 obeys read-only pages too */
#define CR0_AM X86_U64(0x00040000) /* alignment mask */
#define CR0_PG X86_U64(0x80000000) /* paging */

/* "System-Control Registers", CR3: bits 51:12 hold the frame of the top-level table */
#define CR3_ADDRESS X86_U64(0x000ffffffffff000)

/* "System-Control Registers", CR4 */
#define CR4_PAE        X86_U64(0x00000020) /* 8-byte page-table entries */
#define CR4_MCE        X86_U64(0x00000040) /* machine check */
#define CR4_PGE        X86_U64(0x00000080) /* global pages */
#define CR4_OSFXSR     X86_U64(0x00000200) /* fxsave/fxrstor and SSE */
#define CR4_OSXMMEXCPT X86_U64(0x00000400) /* SSE errors as #XM */
#define CR4_UMIP       X86_U64(0x00000800) /* sgdt, sidt, sldt, smsw, str refused in ring 3 */
#define CR4_LA57       X86_U64(0x00001000) /* five-level paging */
#define CR4_FSGSBASE   X86_U64(0x00010000)
#define CR4_OSXSAVE    X86_U64(0x00040000)
#define CR4_SMEP       X86_U64(0x00100000) /* ring 0 may not execute user pages */
#define CR4_SMAP       X86_U64(0x00200000) /* ring 0 may touch user pages only with RFLAGS.AC=1 */

/* "Extended Feature Enable Register (EFER)" */
#define MSR_EFER 0xc0000080
#define EFER_SCE X86_U64(0x001) /* syscall and sysret */
#define EFER_LME X86_U64(0x100) /* long mode enable */
#define EFER_LMA X86_U64(0x400) /* long mode active */
#define EFER_NXE X86_U64(0x800) /* no-execute pages */

/* "SYSCALL and SYSRET MSRs", "FS and GS bases" */
#define MSR_STAR           0xc0000081
#define MSR_LSTAR          0xc0000082
#define MSR_FMASK          0xc0000084
#define MSR_FS_BASE        0xc0000100
#define MSR_GS_BASE        0xc0000101
#define MSR_KERNEL_GS_BASE 0xc0000102

/* "RFLAGS Register" */
#define RFLAGS_RESERVED1 X86_U64(0x00000002) /* always one */
#define RFLAGS_TF        X86_U64(0x00000100) /* trap: single step */
#define RFLAGS_IF        X86_U64(0x00000200) /* interrupts enabled */
#define RFLAGS_DF        X86_U64(0x00000400) /* string direction */
#define RFLAGS_IOPL      X86_U64(0x00003000) /* ring that may use ports and cli/sti */
#define RFLAGS_NT        X86_U64(0x00004000) /* nested task */
#define RFLAGS_RF        X86_U64(0x00010000) /* resume */
#define RFLAGS_AC        X86_U64(0x00040000) /* alignment check; in ring 0: SMAP override */

/* "Long-Mode Page Translation": one entry, the same bits at every level unless noted */
#define PTE_P       X86_U64(0x001) /* present */
#define PTE_W       X86_U64(0x002) /* writable (R/W) */
#define PTE_U       X86_U64(0x004) /* user (U/S) */
#define PTE_PWT     X86_U64(0x008)
#define PTE_PCD     X86_U64(0x010)
#define PTE_A       X86_U64(0x020) /* accessed, set by the CPU */
#define PTE_D       X86_U64(0x040) /* dirty, set by the CPU in the last level */
#define PTE_PS      X86_U64(0x080) /* page size: a 1 GiB page in a PDPE, a 2 MiB page in a PDE */
#define PTE_G       X86_U64(0x100) /* global */
#define PTE_SW_COW  X86_U64(0x200) /* first bit left to software: our kernel's "copy on write" */
#define PTE_ADDRESS X86_U64(0x000ffffffffff000)
#define PTE_NX      X86_U64(0x8000000000000000) /* no execute */

#define PAGE_SHIFT         12
#define PAGE_SIZE          X86_U64(0x1000)
#define LARGE_PAGE_SIZE    X86_U64(0x200000)
#define HUGE_PAGE_SIZE     X86_U64(0x40000000)
#define PAGE_TABLE_ENTRIES 512

/* "Page-Fault Error Code" */
#define PF_P    0x01 /* 0: not present; 1: a right was missing */
#define PF_W    0x02 /* a write */
#define PF_U    0x04 /* by ring 3 */
#define PF_RSVD 0x08 /* a reserved bit was set in an entry */
#define PF_I    0x10 /* an instruction fetch */

/* "Exceptions and Interrupts": vectors */
#define VECTOR_DE         0  /* divide error */
#define VECTOR_DB         1  /* debug */
#define VECTOR_NMI        2  /* non-maskable interrupt */
#define VECTOR_BP         3  /* breakpoint, int3 */
#define VECTOR_OF         4  /* overflow, into */
#define VECTOR_BR         5  /* bound range */
#define VECTOR_UD         6  /* invalid opcode */
#define VECTOR_NM         7  /* device not available */
#define VECTOR_DF         8  /* double fault */
#define VECTOR_TS         10 /* invalid TSS */
#define VECTOR_NP         11 /* segment not present */
#define VECTOR_SS         12 /* stack */
#define VECTOR_GP         13 /* general protection */
#define VECTOR_PF         14 /* page fault */
#define VECTOR_MF         16 /* x87 floating point */
#define VECTOR_AC         17 /* alignment check */
#define VECTOR_MC         18 /* machine check */
#define VECTOR_XM         19 /* SIMD floating point */
#define VECTOR_CP         21 /* control protection */
#define VECTOR_HV         28
#define VECTOR_VC         29
#define VECTOR_SX         30
#define VECTOR_EXCEPTIONS 32 /* vectors below are the CPU's */
#define VECTORS           256

/* vectors for which the CPU pushes an error code: 8, 10-14, 17, 21, 29, 30 */
#define VECTORS_WITH_ERROR_CODE X86_U64(0x60227d00)

/* "Legacy Segment Descriptors" and "Task-State Segment": types */
#define SEGMENT_TYPE_CODE     0xb /* execute, read, accessed */
#define SEGMENT_TYPE_DATA     0x3 /* read, write, accessed */
#define SEGMENT_TYPE_TSS_BUSY 0xb /* 64-bit TSS, busy */
#define GATE_TYPE_INTERRUPT   0xe /* 64-bit interrupt gate: clears IF */

/* x2APIC: "Advanced Programmable Interrupt Controller", registers as MSRs */
#define MSR_TSC                  0x10
#define MSR_APIC_BASE            0x1b
#define APIC_BASE_BSP            X86_U64(0x100)
#define APIC_BASE_X2APIC         X86_U64(0x400)
#define APIC_BASE_ENABLE         X86_U64(0x800)
#define APIC_BASE_ADDRESS        X86_U64(0xfee00000)
#define MSR_X2APIC_ID            0x802
#define MSR_X2APIC_EOI           0x80b
#define MSR_X2APIC_SPURIOUS      0x80f
#define MSR_X2APIC_ICR           0x830
#define MSR_X2APIC_LVT_TIMER     0x832
#define MSR_X2APIC_INITIAL_COUNT 0x838
#define MSR_X2APIC_CURRENT_COUNT 0x839
#define MSR_X2APIC_DIVIDE        0x83e
#define APIC_SPURIOUS_ENABLE     0x100
#define APIC_TIMER_PERIODIC      0x20000
#define APIC_LVT_MASKED          0x10000
#define APIC_DIVIDE_BY_1         0xb

#ifndef __ASSEMBLER__

/* The frame that the CPU pushes in long mode, lowest address first; an error code, if any, lies below it.
   AMD APM vol. 2, "Long-Mode Interrupt Stack Frame". */
struct x86_interrupt_frame {
	uint64_t rip, cs, rflags, rsp, ss;
};

/* AMD APM vol. 2, "64-Bit Task State Segment" */
struct x86_tss {
	uint32_t reserved0;
	uint64_t rsp[3]; /* stack pointers for entries into ring 0, 1, 2 */
	uint64_t reserved1;
	uint64_t ist[7]; /* ist[0] is IST1 */
	uint64_t reserved2;
	uint16_t reserved3;
	uint16_t iomap_base;
} __attribute__((packed));
_Static_assert(sizeof(struct x86_tss) == 104, "64-bit TSS");

/* AMD APM vol. 2, "Interrupt-Gate and Trap-Gate Descriptors, Long Mode" */
struct x86_gate {
	uint16_t offset_15_0, selector;
	uint8_t ist;  /* bits 2:0 */
	uint8_t type; /* bits 3:0 type, 6:5 DPL, 7 present */
	uint16_t offset_31_16;
	uint32_t offset_63_32, reserved;
};
_Static_assert(sizeof(struct x86_gate) == 16, "long-mode gate");

#endif
#endif
