/* SPDX-License-Identifier: MIT */
/*
 * trace.h: how a kernel lets itself be observed. Assembler macros; include it from a .S file.
 *
 * Each macro places one *trace site*: a two-byte `out` that changes no register, and a record of its address in the
 * ELF section ".vmm.sites". The VMM patches each site at load: the `out` stays (one VM exit a transition), or becomes
 * a two-byte no-op (the cause is not traced), or a short jump to the kernel's recorder (method `ring`, ring.h; only for
 * sites that name one: `recorder`, a label at most 120 bytes away). Rules for a site to be evidence:
 *
 *   vmm_entry VECTOR        must be the FIRST instruction of the vector's entry stub: rsp points at what the CPU pushed
 *   vmm_syscall_entry       must be the FIRST instruction at LSTAR: rsp is the user's, rcx and r11 as `syscall` left them
 *   vmm_iret                must stand DIRECTLY before `iretq`
 *   vmm_sysret              must stand DIRECTLY before `sysretq`
 *
 * Before the first instruction the VMM also *wires* the sites: each vmm_entry becomes the gate of its vector in the
 * ready-made IDT (interrupt gate, with the given DPL and IST), vmm_syscall_entry becomes LSTAR. A kernel that wants to
 * do either itself (lidt, wrmsr) may.
 */
#ifndef SHARED_TRACE_H
#define SHARED_TRACE_H

/* kinds of record; see struct vmm_site in abi.h */
#define VMM_SITE_ENTRY 1
#define VMM_SITE_SYSCALL 2
#define VMM_SITE_IRET 3
#define VMM_SITE_SYSRET 4
#define VMM_SITE_PROCESS_TABLE 16 /* address of a struct vmm_process_table */
#define VMM_SITE_LINUX_ABI 17     /* system calls have Linux's numbers: the report may name them */

#define VMM_SITE_CPU_ENTRY 18     /* where CPUs other than the first begin */
#define VMM_SITE_STAND_IN 19      /* the recorder's own `out`, in place of the site at address + recorder */
#define VMM_SITE_CHANGED 20       /* method `ring` only: something has changed that a transition's report needs; `vector`:
				     VMM_CHANGED_* */
#define VMM_SITE_RINGS 21         /* address of a struct vmm_rings (ring.h) */

#define VMM_CHANGED_PROCESSES 0   /* the process table */
#define VMM_CHANGED_SPACE 1       /* CR3 */

/* ports of the sites that are not a vector's: 4-byte `out`, where a vector's is of 1 byte */
#define VMM_PORT_SYSCALL 1
#define VMM_PORT_IRET 2
#define VMM_PORT_SYSRET 3
#define VMM_PORT_CHANGED 4

/* `quirk` of a site: wired only on a host that has it, then in place of the plain site of the same vector */
#define VMM_QUIRK_NONE 0
#define VMM_QUIRK_SYSCALL_FAULTS 1 /* `syscall` arrives as #PF, error 0x15, CR2 = LSTAR; rcx and r11 are set */
#define VMM_QUIRK_INT_IS_UD 2      /* `int n` in ring 3 (n other than 3, 4) arrives as #UD */

#ifdef __ASSEMBLER__

.macro vmm_site_record kind, vector=0, dpl=0, ist=0, quirk=0, recorder
	.pushsection .vmm.sites, "", @progbits
	.balign 8
	.quad 7700b
	.byte \kind, \vector, \dpl, \ist, \quirk, 0
	.ifb \recorder
	.short 0
	.else
	.short \recorder - 7700b
	.endif
	.popsection
.endm

.macro vmm_entry vector, dpl=0, ist=0, quirk=0, recorder
7700:	outb %al, $\vector
	vmm_site_record VMM_SITE_ENTRY, \vector, \dpl, \ist, \quirk, \recorder
.endm

.macro vmm_syscall_entry recorder
7700:	outl %eax, $VMM_PORT_SYSCALL
	vmm_site_record VMM_SITE_SYSCALL, recorder=\recorder
.endm

.macro vmm_iret recorder
7700:	outl %eax, $VMM_PORT_IRET
	vmm_site_record VMM_SITE_IRET, recorder=\recorder
.endm

.macro vmm_sysret recorder
7700:	outl %eax, $VMM_PORT_SYSRET
	vmm_site_record VMM_SITE_SYSRET, recorder=\recorder
.endm

/* in a recorder, with all registers as they are at the site: the site's own `out` */
.macro vmm_entry_stand_in vector, site
7700:	outb %al, $\vector
	vmm_site_record VMM_SITE_STAND_IN, recorder=\site
.endm

.macro vmm_stand_in port, site
7700:	outl %eax, $\port
	vmm_site_record VMM_SITE_STAND_IN, recorder=\site
.endm

/* optional: where the rings are filled in (struct vmm_rings in ring.h) */
.macro vmm_rings symbol
	.pushsection .vmm.sites, "", @progbits
	.balign 8
	.quad \symbol
	.byte VMM_SITE_RINGS, 0, 0, 0, 0, 0, 0, 0
	.popsection
.endm

/* optional: tell the report where the kernel keeps its list of processes (struct vmm_process_table in abi.h).
   first=1: the VMM fills in the first entry, for the user program that it has loaded */
.macro vmm_process_table symbol, first=0
	.pushsection .vmm.sites, "", @progbits
	.balign 8
	.quad \symbol
	.byte VMM_SITE_PROCESS_TABLE, 0, 0, 0, 0, \first, 0, 0
	.popsection
.endm

/* optional: system calls follow Linux (x86-64 numbers for `syscall`, i386 numbers for `int 0x80`) */
.macro vmm_linux_abi
	.pushsection .vmm.sites, "", @progbits
	.balign 8
	.quad 0
	.byte VMM_SITE_LINUX_ABI, 0, 0, 0, 0, 0, 0, 0
	.popsection
.endm

/* optional: with --cpus N, CPUs 1 to N-1 begin at this address, at once and in parallel: ring 0, long mode, interrupts
   off, rdi = the CPU's number (also its APIC id), rsp = top of its idle stack (layout.h), CR3 = kernel_cr3; GDT, IDT and
   TR loaded, STAR, LSTAR and FMASK set */
.macro vmm_cpu_entry symbol
	.pushsection .vmm.sites, "", @progbits
	.balign 8
	.quad \symbol
	.byte VMM_SITE_CPU_ENTRY, 0, 0, 0, 0, 0, 0, 0
	.popsection
.endm

#else

#define VMM_TEXT_OF_(number) #number
#define VMM_TEXT_OF(number) VMM_TEXT_OF_(number)

/* in C, in a kernel with a recorder, after such a change: VMM_CHANGED_* */
#define vmm_changed(what) \
	asm volatile("7700: outl %%eax, $" VMM_TEXT_OF(VMM_PORT_CHANGED) "\n" \
		     ".pushsection .vmm.sites, \"\", @progbits\n" \
		     ".balign 8\n" \
		     ".quad 7700b\n" \
		     ".byte " VMM_TEXT_OF(VMM_SITE_CHANGED) ", " VMM_TEXT_OF(what) ", 0, 0, 0, 0, 0, 0\n" \
		     ".popsection" \
		     : : : "memory")

#endif
#endif
