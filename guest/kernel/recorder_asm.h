/* SPDX-License-Identifier: MIT */
/*
 * recorder_asm.h: the recorder of method `ring` (ring.h): one record a transition, without an exit. Assembler macros,
 * one for each kind of trace site; the VMM lets a site jump to its recorder only with that method, so nothing here runs
 * otherwise.
 *
 * A recorder leaves all registers as it found them, and goes on behind the site. While it works, rsp points into the
 * ring: interrupts are off, and whatever may come nevertheless (#DB, #DF, NMI) has a stack of its own. Words are pushed
 * in the order of their numbers, so that a save is a record, too.
 *
 *     rsp -> the last word pushed ... word 1; at the tail the slot's state; the next slot's tail
 */
#ifndef KERNEL_RECORDER_ASM_H
#define KERNEL_RECORDER_ASM_H

#include "ring.h"

#ifdef __ASSEMBLER__
/* clang-format off */

/* GS becomes the kernel's; rsp the slot's tail. If that is not free: on at `busy`. */
.macro record_open busy
	movq	%rsp, %gs:CPU_RECORD_RSP
	movq	%gs:CPU_RECORD_CURSOR, %rsp
	cmpl	$0, (%rsp)
	jne	\busy
.endm

/* Words 1 and 2: rax and rdx are free then. */
.macro record_registers
	pushq	%rax
	pushq	%rdx
.endm

/* Words 3 to 6; moves the cursor on first, so that the VMM sees that a record is being written. Leaves CR3 in rax. */
.macro record_common
	addq	$VMM_RING_SLOT, %gs:CPU_RECORD_CURSOR
	rdtsc
	pushq	%rax
	pushq	%rdx
	movq	%cr3, %rax
	pushq	%rax
	pushq	%gs:CPU_STACK_TOP
.endm

/* With `words` words pushed. */
.macro record_commit site, words
	movq	$\site, 8 * \words(%rsp)
.endm

.macro record_close words
	movq	8 * (\words - VMM_WORD_RDX)(%rsp), %rdx
	movq	8 * (\words - VMM_WORD_RAX)(%rsp), %rax
	movq	%gs:CPU_RECORD_RSP, %rsp
.endm

/* Gives the slot back: the cursor is where it was. */
.macro record_cancel words
	subq	$VMM_RING_SLOT, %gs:CPU_RECORD_CURSOR
	record_close \words
.endm

/*
 * The first bytes at rsi, as many as word `count` says and at most 32, to the start of the slot. A page fault comes back
 * to `failed` (record_fault), with its frame over what was captured; addresses that ring 3 cannot have, some of which
 * would be another fault, go there at once. Leaves rax, rcx, rdi changed, and rsi behind the bytes.
 */
.macro record_capture words, count, failed
	movq	%rsi, %rax
	shrq	$47, %rax
	jnz	\failed
	movl	$VMM_CAPTURE_BYTES, %ecx
	cmpq	%rcx, 8 * (\words - \count)(%rsp)
	cmovbq	8 * (\words - \count)(%rsp), %rcx
	leaq	8 * \words - VMM_RING_TAIL(%rsp), %rdi
	pushq	$(RFLAGS_RESERVED1 | RFLAGS_AC)
	popfq
7710:	rep movsb
	pushq	$RFLAGS_RESERVED1
	popfq
	.pushsection .captures, "a", @progbits
	.quad	7710b, \failed
	.popsection
.endm

/* Words 7 to 14, and with quirk=1 15 and 16, of a system call; with quirk=1, rsp is found in the page fault's frame. */
.macro record_arguments quirk
	pushq	%rcx
	pushq	%r11
	.if \quirk
	movq	%gs:CPU_RECORD_RSP, %rax
	pushq	32(%rax)		/* error, rip, cs, rflags, rsp */
	.else
	pushq	%gs:CPU_RECORD_RSP
	.endif
	pushq	%rdi
	pushq	%rsi
	pushq	%r10
	pushq	%r8
	pushq	%r9
	.if \quirk
	pushq	%rax
	pushq	16(%rax)
	.endif
.endm

/* After a capture. */
.macro record_restore words
	movq	8 * (\words - VMM_WORD_RCX)(%rsp), %rcx
	movq	8 * (\words - VMM_WORD_RDI)(%rsp), %rdi
	movq	8 * (\words - VMM_WORD_RSI)(%rsp), %rsi
.endm

/* ---- `syscall`; also the page fault in its place, with quirk=1. The plan has an entry for the low bits of any number:
   what it says of a number that is none costs an exit at most ---- */
.macro record_system_call name, done, site, words, quirk=0
	record_registers
	andl	$(VMM_PLAN_CALLS - 1), %eax
	testb	$(VMM_PLAN_ENTRY_TRAP | VMM_PLAN_ENTRY_CAPTURE), record_plan(%rax)
	jnz	2f
	record_common
	record_arguments \quirk
	record_commit \site, \words
	record_close \words
	jmp	\done
2:	testb	$VMM_PLAN_ENTRY_CAPTURE, record_plan(%rax)
	jz	5f
	record_common
	record_arguments \quirk
	record_capture \words, VMM_WORD_RDX, \name\()_failed
	record_restore \words
	record_commit (\site + VMM_RECORD_CAPTURED), \words
	record_close \words
	jmp	\done
\name\()_failed:			/* the return will have to look */
	record_restore \words
	.if \quirk
	movq	$syscall_entry, %rax
	movq	%rax, %cr2		/* by which the entry knows it */
	.endif
	movq	%gs:CPU_CURRENT, %rax
	movb	$1, THREAD_UNCAPTURED(%rax)
	record_cancel \words
	jmp	\name\()_trap
5:	record_close 2
	jmp	\name\()_trap
.endm

/* ---- sysretq: rcx = rip, r11 = rflags, rsp = rsp of ring 3 ---- */
.macro record_sysret_end site
	record_commit \site, 9
	record_close 9
	swapgs
	sysretq
.endm

.macro record_leave
	record_common
	pushq	%rcx
	pushq	%r11
	pushq	%gs:CPU_RECORD_RSP
.endm

.macro record_return_by_sysret site
	swapgs
	record_open record_sysret_busy
	record_registers
	movq	%gs:CPU_STACK_TOP, %rax
	movl	FRAME_ERROR - FRAME_SIZE(%rax), %eax
	andl	$(VMM_PLAN_CALLS - 1), %eax
	testb	$(VMM_PLAN_RETURN_TRAP | VMM_PLAN_RETURN_CAPTURE | VMM_PLAN_RETURN_FLAGGED), record_plan(%rax)
	jnz	2f
1:	record_leave
	record_sysret_end \site
2:	testb	$VMM_PLAN_RETURN_FLAGGED, record_plan(%rax)
	jz	3f
	movq	%gs:CPU_CURRENT, %rax
	cmpb	$0, THREAD_UNCAPTURED(%rax)
	je	1b
	movb	$0, THREAD_UNCAPTURED(%rax)
	jmp	4f
3:	testb	$VMM_PLAN_RETURN_CAPTURE, record_plan(%rax)
	jz	4f
	record_leave
	pushq	%rdi
	pushq	%rsi
	record_capture 11, VMM_WORD_RAX, record_sysret_failed
	popq	%rsi
	popq	%rdi
	movq	8 * (9 - VMM_WORD_RCX)(%rsp), %rcx
	record_sysret_end \site + VMM_RECORD_CAPTURED
record_sysret_failed:
	popq	%rsi
	popq	%rdi
	movq	8 * (9 - VMM_WORD_RCX)(%rsp), %rcx
	record_cancel 9
	jmp	5f
4:	record_close 2
	jmp	5f
record_sysret_busy:
	movq	%gs:CPU_RECORD_RSP, %rsp
5:	swapgs
	vmm_stand_in VMM_PORT_SYSRET, \site
	sysretq
.endm

/* ---- iretq: rsp at the frame. `plan`: the return of `int 0x80` ---- */
.macro record_return_by_iret name, site, user, plan=0
\name:
	.if \user
	swapgs
	.endif
	record_open \name\()_busy
	record_registers
	.if \plan
	movq	%gs:CPU_RECORD_RSP, %rdx
	movl	-8(%rdx), %eax		/* error: the number */
	andl	$(VMM_PLAN_CALLS - 1), %eax
	testb	$VMM_PLAN_RETURN_TRAP, record_i386_plan(%rax)
	jnz	1f
	.endif
	record_frame \user
	record_commit \site, (11 - \user)
	record_close (11 - \user)
	.if \user
	swapgs
	.endif
	iretq
1:	record_close 2
	jmp	2f
\name\()_busy:
	movq	%gs:CPU_RECORD_RSP, %rsp
2:
	.if \user
	swapgs
	.endif
	vmm_stand_in VMM_PORT_IRET, \site
	iretq
.endm

/* Words 3 to 10, and of ring 0 11: the frame at rsp at the site */
.macro record_frame user
	record_common
	movq	%gs:CPU_RECORD_RSP, %rdx
	pushq	(%rdx)
	pushq	8(%rdx)
	pushq	16(%rdx)
	pushq	24(%rdx)
	.if !\user
	pushq	%rdx
	.endif
.endm

/* The end of an entry's recorder: by the record, or by the stand-in. */
.macro record_entry_end name, site, vector, words, user
	record_close \words
	.if \user
	swapgs
	.endif
	jmp	\site + 2
\name\()_busy:
	movq	%gs:CPU_RECORD_RSP, %rsp
\name\()_trap:
	.if \user
	swapgs
	.endif
	vmm_entry_stand_in \vector, \site
	jmp	\site + 2
.endm

/* ---- an interrupt, or an exception without an error code ---- */
.macro record_interrupt_of name, site, vector, user
\name:
	.if \user
	swapgs
	.endif
	record_open \name\()_busy
	record_registers
	record_frame \user
	record_commit \site, (11 - \user)
	record_entry_end \name, \site, \vector, (11 - \user), \user
.endm

.macro record_interrupt name, site, vector
\name:
	testb	$3, 8(%rsp)		/* CS */
	jz	\name\()_kernel
	record_interrupt_of \name\()_user, \site, \vector, 1
	record_interrupt_of \name\()_kernel, \site, \vector, 0
.endm

/* ---- `int 0x80`, by ring 3 only ---- */
.macro record_int80 name, site
\name:
	swapgs
	record_open \name\()_busy
	record_registers
	andl	$(VMM_PLAN_CALLS - 1), %eax
	testb	$VMM_PLAN_ENTRY_TRAP, record_i386_plan(%rax)
	jnz	1f
	record_frame 1
	pushq	%rbx
	pushq	%rcx
	pushq	%rsi
	pushq	%rdi
	pushq	%rbp
	record_commit \site, 15
	record_entry_end \name, \site, 0x80, 15, 1
1:	record_close 2
	jmp	\name\()_trap
.endm

/*
 * A fault of the recorder itself, which looks at user memory that need not be there: goes on where .captures says. No
 * pushing: below the frame lies another slot.
 */
.macro record_fault
	movq	%rax, %gs:CPU_RECORD_RAX
	movq	%rdx, %gs:CPU_RECORD_RDX
	movq	8(%rsp), %rax		/* error, rip */
	leaq	captures_start(%rip), %rdx
7715:	cmpq	(%rdx), %rax
	je	7716f
	addq	$16, %rdx
	cmpq	$captures_end, %rdx
	jne	7715b
	movq	%gs:CPU_RECORD_RAX, %rax
	movq	%gs:CPU_RECORD_RDX, %rdx
	jmp	7717f
7716:	movq	8(%rdx), %rax
	movq	%rax, 8(%rsp)
	andl	$~RFLAGS_AC, 24(%rsp)
	movq	%gs:CPU_RECORD_RAX, %rax
	movq	%gs:CPU_RECORD_RDX, %rdx
	addq	$8, %rsp
	iretq
7717:
.endm

/*
 * One level of the tables: eax = the entry above, rdx = what is left of the address, from its top bits on, rcx =
 * DIRECT_MAP. The entry goes to rax and the record. All RAM lies below 4 GiB, so 32 bits of an entry tell the frame: its
 * number, and the 9 bits of the address behind it, count the entries of the direct map's tables. Behind an entry that is
 * not present this reads frame 0, or another that is there; nobody looks at that.
 */
.macro record_level
	shrl	$12, %eax
	shldq	$9, %rdx, %rax
	shlq	$9, %rdx
	movq	(%rcx, %rax, 8), %rax
	pushq	%rax
.endm

/* ---- the page fault. It has a stack of its own kernel's to keep registers on ---- */
.macro record_page_fault_of name, site, user
\name:
	.if \user
	swapgs
	.endif
	pushq	%rax
	pushq	%rdx
	pushq	%rcx
	movq	%rsp, %rcx
	movq	%gs:CPU_RECORD_CURSOR, %rsp
	cmpl	$0, (%rsp)
	jne	1f
	pushq	%gs:CPU_STACK_TOP
	pushq	%rcx
	addq	$VMM_RING_SLOT, %gs:CPU_RECORD_CURSOR
	rdtsc
	pushq	%rax
	pushq	%rdx
	movq	%cr3, %rax
	pushq	%rax
	pushq	24(%rcx)		/* rcx, rdx, rax, error, rip, cs, rflags, rsp */
	pushq	32(%rcx)
	pushq	40(%rcx)
	pushq	48(%rcx)
	pushq	56(%rcx)
	movq	%cr2, %rdx
	pushq	%rdx
	shlq	$16, %rdx		/* bit 47 is the first that counts */
	movabsq	$DIRECT_MAP, %rcx
	record_level			/* eax: CR3 */
	record_level
	record_level
	record_level
	record_commit \site, 15
	movq	8 * (15 - VMM_WORD_FAULT_RSP)(%rsp), %rsp
	popq	%rcx
	popq	%rdx
	popq	%rax
	.if \user
	swapgs
	.endif
	jmp	\site + 2
1:	movq	%rcx, %rsp
	popq	%rcx
	popq	%rdx
	popq	%rax
	.if \user
	swapgs
	.endif
	vmm_entry_stand_in VECTOR_PF, \site
	jmp	\site + 2
.endm

/* By ring 3, `name`_user; by ring 0, where it may be the recorder's own, `name`_kernel. */
.macro record_page_fault name, site
	record_page_fault_of \name\()_user, \site, 1
\name\()_kernel:
	record_fault
	record_page_fault_of \name\()_of_kernel, \site, 0
.endm

#endif
#endif
