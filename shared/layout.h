/* SPDX-License-Identifier: MIT */
/*
 * layout.h: the one map of the guest's address space. The VMM builds it, the built-in kernel lives in it, the report
 * names it. For C and for assembly.
 *
 *   0x0000000000000000  null page, never mapped
 *   0x0000000000400000  the program (where its ELF file says), then the heap (brk) above it
 *          ...          anonymous mappings, growing down from USER_MMAP_TOP
 *          ...          guard, then the stack, growing down from USER_STACK_TOP
 *   0x0000800000000000  ---- end of the user half; the hole: no address here is canonical ----
 *   0xffff800000000000  ---- kernel half ---- (slot 256 stays empty: one KVM host cannot use it)
 *   0xffff888000000000  DIRECT_MAP: all guest RAM, 2 MiB pages, rw-
 *   0xffffc90000000000  KERNEL_STACKS: one slot a thread, a guard under each
 *   0xfffffe0000000000  CPU_AREA: boot information, then per CPU: GDT, IDT, TSS, the stacks of #DF and NMI
 *   0xfffffe0000200000  TRACE_RINGS: the records of method `ring`, for kernels with a recorder (ring.h)
 *   0xffffffff80000000  KERNEL_BASE: the kernel's own image
 */
#ifndef SHARED_LAYOUT_H
#define SHARED_LAYOUT_H

#include "x86.h"

#define USER_MIN X86_U64(0x10000) /* lowest address a program may map (as vm.mmap_min_addr) */
#define USER_TOP \
	X86_U64(0x00007ffffffff000) /* first address above the user half; its last page stays free, as in Linux */
#define USER_HALF_END    X86_U64(0x0000800000000000)
#define USER_STACK_TOP   USER_TOP
#define USER_STACK_SIZE  X86_U64(0x00800000) /* 8 MiB, demand paged */
#define USER_STACK_GUARD X86_U64(0x00100000) /* nothing is ever mapped in the 1 MiB below it */
#define USER_STACK_BASE  (USER_STACK_TOP - USER_STACK_SIZE)
#define USER_MMAP_TOP    X86_U64(0x00007fffff000000) /* below stack and guard */
#define USER_PIE_BASE    X86_U64(0x0000555555554000) /* where a static-PIE goes */

#define KERNEL_HALF      X86_U64(0xffff800000000000)
#define KERNEL_HALF_SLOT 256 /* first top-level slot of the kernel half */

#define DIRECT_MAP     X86_U64(0xffff888000000000)
#define DIRECT_MAP_END X86_U64(0xffffc88000000000)

/* slot n: guard [0, 8 KiB), stack [8 KiB, 16 KiB). The VMM maps slot 0 (the boot stack); the kernel the others. */
#define KERNEL_STACKS      X86_U64(0xffffc90000000000)
#define KERNEL_STACK_SLOT  X86_U64(0x4000)
#define KERNEL_STACK_GUARD X86_U64(0x2000)
#define KERNEL_STACK_SIZE  X86_U64(0x2000)
#define KERNEL_STACK_SLOTS 512

#define CPU_AREA          X86_U64(0xfffffe0000000000)
#define BOOT_INFO_ADDRESS CPU_AREA
#define BOOT_INFO_SIZE    X86_U64(0x1000)
/* one CPU's part, from CPU_AREA_PER_CPU + n * CPU_AREA_SIZE; each stack has an unmapped page under it */
#define CPU_AREA_PER_CPU   X86_U64(0xfffffe0000010000)
#define CPU_AREA_SIZE      X86_U64(0x10000)
#define CPU_AREA_GDT       X86_U64(0x0000)
#define CPU_AREA_IDT       X86_U64(0x1000)
#define CPU_AREA_TSS       X86_U64(0x2000)
#define CPU_AREA_DF_STACK  X86_U64(0x4000) /* IST1, one page */
#define CPU_AREA_NMI_STACK X86_U64(0x6000) /* IST2, one page */
#define CPU_AREA_IDLE_STACK \
	X86_U64(0x8000) /* two pages: on it a CPU other than the first starts; then its idle thread's */
#define CPU_AREA_IDLE_STACK_SIZE X86_U64(0x2000)
#define CPU_AREA_DB_STACK        X86_U64(0xb000) /* IST3, one page */

#define TRACE_RINGS      X86_U64(0xfffffe0000200000) /* large pages, behind the RAM */
#define TRACE_RINGS_SIZE X86_U64(0x400000)

#define KERNEL_BASE X86_U64(0xffffffff80000000)

/* The GDT. The order of the last three is fixed by sysret: AMD APM vol. 2, "SYSCALL and SYSRET Instructions". */
#define SELECTOR_KERNEL_CODE 0x08
#define SELECTOR_KERNEL_DATA 0x10
#define SELECTOR_USER_CODE32 0x1b /* never loaded: STAR counts from it */
#define SELECTOR_USER_DATA   0x23
#define SELECTOR_USER_CODE   0x2b
#define SELECTOR_TSS         0x30 /* two entries */
#define GDT_ENTRIES          8

#define IST_DF  1
#define IST_NMI 2
#define IST_DB  3

/* STAR: kernel selectors in bits 47:32, user base in 63:48 (sysret loads CS from base+16, SS from base+8) */
#define STAR_VALUE ((X86_U64(0x1b) << 48) | (X86_U64(0x08) << 32))
/* Flags that `syscall` clears: trace, interrupts, direction, I/O privilege, nested task, alignment/SMAP override */
#define FMASK_VALUE (RFLAGS_TF | RFLAGS_IF | RFLAGS_DF | RFLAGS_IOPL | RFLAGS_NT | RFLAGS_AC)

#endif
