/* SPDX-License-Identifier: MIT */
/*
 * probe_code.h: where things lie in a probe guest, and the labels of the code in probes.S. For C and for assembly.
 *
 * Two pages of code are copied out of the VMM: one for ring 0, one for ring 3. Every gate of the IDT leads to a stub
 * that does `outb` to the port of its vector: each exception, interrupt and `int n` is an exit with the CPU's state as
 * the hardware left it. The other ways to stop are 4-byte `outl`s.
 */
#ifndef VMM_DOCTOR_PROBE_CODE_H
#define VMM_DOCTOR_PROBE_CODE_H

#include "layout.h"

/* Ring 0: one page each */
#define PROBE_KERNEL_CODE      (KERNEL_BASE + X86_U64(0x00000))
#define PROBE_KERNEL_DATA      (KERNEL_BASE + X86_U64(0x10000)) /* writable, not executable */
#define PROBE_KERNEL_READ_ONLY (KERNEL_BASE + X86_U64(0x20000)) /* nor writable */
#define PROBE_KERNEL_STACK     (KERNEL_BASE + X86_U64(0x30000))
#define PROBE_KERNEL_ABSENT    (KERNEL_BASE + X86_U64(0x40000))
#define PROBE_KERNEL_NO_RAM    (KERNEL_BASE + X86_U64(0x50000)) /* leads to a physical address without RAM */
#define PROBE_KERNEL_TABLE     (KERNEL_BASE + X86_U64(0x60000)) /* the last-level table of the user half's first pages */

/* Ring 3: one page each, in the same last-level table */
#define PROBE_USER_CODE      X86_U64(0x10000)
#define PROBE_USER_DATA      X86_U64(0x20000) /* writable, not executable; its end is the stack */
#define PROBE_USER_READ_ONLY X86_U64(0x30000)
#define PROBE_USER_EDITED    X86_U64(0x40000) /* a page whose entry gets changed */
#define PROBE_USER_LARGE     X86_U64(0x40000000)
#define PROBE_USER_HUGE      X86_U64(0x80000000)
#define PROBE_SLOT_256       KERNEL_HALF /* the first page of the upper half, given to ring 3 */

/* Where no RAM is: between GUEST_RAM_MAX and the local APIC */
#define PROBE_NO_RAM X86_U64(0xd0000000)

#define PROBE_PORT_DONE    1 /* ring-0 code has reached its end */
#define PROBE_PORT_SYSCALL 2 /* the code at LSTAR */

#define PROBE_INT_OPEN     0x80 /* ring 3 may use this gate, */
#define PROBE_INT_CLOSED   0x81 /* but not this one */
#define PROBE_TIMER_VECTOR 0x40
#define PROBE_TIMER_COUNT  100000 /* ticks of the APIC's clock, 1 ns each in KVM */
#define PROBE_COUNT_ROUND  32     /* instructions of one round of the loops that measure speed */

#ifndef __ASSEMBLER__

/* All of these are labels, not objects: only their addresses mean something. */
extern const uint8_t probe_kernel_code[], probe_kernel_code_end[];
extern const uint8_t probe_lstar[], probe_enter_ring3[], probe_sysret[], probe_timer[];
extern const uint8_t probe_start[], probe_out[], probe_outs[], probe_count0[];
extern const uint8_t probe_read[], probe_write[], probe_jump[], probe_read_with_ac[], probe_reload_read[];
extern const uint8_t probe_edit_read[], probe_wait0[], probe_halt[], probe_halted[];
extern const uint8_t probe_nops0[], probe_int3_0[], probe_int_0[], probe_stac[], probe_clac[], probe_fxsave[];
extern const uint8_t probe_xsave[], probe_sse[], probe_lzcnt[], probe_tzcnt[], probe_popcnt[], probe_rdtscp0[];

extern const uint8_t probe_user_code[], probe_user_code_end[];
extern const uint8_t probe_user_end[], probe_user_syscall[], probe_user_after_syscall[], probe_user_int[];
extern const uint8_t probe_user_after_int[], probe_user_int_closed[], probe_user_int3[], probe_user_after_int3[];
extern const uint8_t probe_user_read[], probe_user_after_read[], probe_user_write[], probe_user_after_write[],
	probe_user_jump[];
extern const uint8_t probe_user_loop[], probe_user_count[], probe_user_cli[], probe_user_out[], probe_user_sgdt[];
extern const uint8_t probe_user_nops[], probe_user_rdtscp[], probe_user_after_rdtscp[], probe_user_cpuid[];
extern const uint8_t probe_user_after_cpuid[], probe_user_avx[], probe_user_after_avx[];

#endif
#endif
