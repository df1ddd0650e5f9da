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

/* Words 1 to 6; moves the cursor on. rax and rdx are free then. */
.macro record_common
	pushq	%rax
	pushq	%rdx
	movq	16 + VMM_RING_NEXT(%rsp), %rax
	movq	%rax, %gs:CPU_RECORD_CURSOR
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
	leaq	8 * \words(%rsp), %rax
	movq	%rax, %gs:CPU_RECORD_CURSOR
	record_close \words
.endm

/*
 * The first rcx bytes at rsi, at most 32, to the start of the slot. A page fault comes back to `failed` (record_fault), with
 * its frame over what was captured; addresses that ring 3 cannot have, some of which would be another fault, go there at
 * once. Leaves rax, rcx, rdi and rdx changed, and rsi behind the bytes.
 */
.macro record_capture words, failed
	movq	%rsi, %rax
	shrq	$47, %rax
	jnz	\failed
	movl	$VMM_CAPTURE_BYTES, %edx
	cmpq	%rdx, %rcx
	cmovaq	%rdx, %rcx
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

/* ---- `syscall`; also the page fault in its place, with quirk=1: then rsp, rcx and r11 are found as there ---- */
.macro record_system_call name, done, site, words, quirk=0
	record_common
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
	movl	8 * (\words - VMM_WORD_RAX)(%rsp), %eax
	cmpl	$SYSCALLS_END, %eax
	jae	1f
	testb	$(VMM_PLAN_ENTRY_TRAP | VMM_PLAN_ENTRY_CAPTURE), record_plan(%rax)
	jnz	2f
1:	record_commit \site, \words
	record_close \words
	jmp	\done
2:	testb	$VMM_PLAN_ENTRY_CAPTURE, record_plan(%rax)
	jz	5f
	movq	8 * (\words - VMM_WORD_RDX)(%rsp), %rcx
	record_capture \words, \name\()_failed
	movq	8 * (\words - VMM_WORD_RCX)(%rsp), %rcx
	movq	8 * (\words - VMM_WORD_RDI)(%rsp), %rdi
	movq	8 * (\words - VMM_WORD_RSI)(%rsp), %rsi
	record_commit (\site + VMM_RECORD_CAPTURED), \words
	record_close \words
	jmp	\done
\name\()_failed:			/* the return will have to look */
	movq	8 * (\words - VMM_WORD_RCX)(%rsp), %rcx
	movq	8 * (\words - VMM_WORD_RDI)(%rsp), %rdi
	movq	8 * (\words - VMM_WORD_RSI)(%rsp), %rsi
	.if \quirk
	movq	$syscall_entry, %rax
	movq	%rax, %cr2		/* by which the entry knows it */
	.endif
	movq	%gs:CPU_CURRENT, %rax
	movb	$1, THREAD_UNCAPTURED(%rax)
5:	record_cancel \words
	jmp	\name\()_trap
.endm

/* ---- sysretq: rcx = rip, r11 = rflags, rsp = rsp of ring 3 ---- */
.macro record_return_by_sysret site
	swapgs
	record_open record_sysret_busy
	record_common
	pushq	%rcx
	pushq	%r11
	pushq	%gs:CPU_RECORD_RSP
	movq	%gs:CPU_STACK_TOP, %rax
	movl	FRAME_ERROR - FRAME_SIZE(%rax), %eax
	cmpl	$SYSCALLS_END, %eax
	jae	1f
	testb	$(VMM_PLAN_RETURN_TRAP | VMM_PLAN_RETURN_CAPTURE | VMM_PLAN_RETURN_FLAGGED), record_plan(%rax)
	jnz	2f
1:	record_commit \site, 9
	record_close 9
	swapgs
	sysretq
2:	testb	$VMM_PLAN_RETURN_CAPTURE, record_plan(%rax)
	jz	3f
	pushq	%rdi
	pushq	%rsi
	movq	8 * (11 - VMM_WORD_RAX)(%rsp), %rcx
	record_capture 11, record_sysret_failed
	popq	%rsi
	popq	%rdi
	movq	8 * (9 - VMM_WORD_RCX)(%rsp), %rcx
	record_commit (\site + VMM_RECORD_CAPTURED), 9
	record_close 9
	swapgs
	sysretq
record_sysret_failed:
	popq	%rsi
	popq	%rdi
	movq	8 * (9 - VMM_WORD_RCX)(%rsp), %rcx
	jmp	4f
3:	testb	$VMM_PLAN_RETURN_FLAGGED, record_plan(%rax)
	jz	4f
	movq	%gs:CPU_CURRENT, %rax
	cmpb	$0, THREAD_UNCAPTURED(%rax)
	je	1b
	movb	$0, THREAD_UNCAPTURED(%rax)
4:	record_cancel 9
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
	record_common
	movq	%gs:CPU_RECORD_RSP, %rax
	pushq	%rax
	pushq	(%rax)
	pushq	8(%rax)
	pushq	16(%rax)
	pushq	24(%rax)
	.if \plan
	movl	-8(%rax), %eax		/* error: the number */
	cmpl	$I386_SYSCALLS_END, %eax
	jae	1f
	testb	$VMM_PLAN_RETURN_TRAP, record_i386_plan(%rax)
	jz	1f
	record_cancel 11
	jmp	2f
1:
	.endif
	record_commit \site, 11
	record_close 11
	.if \user
	swapgs
	.endif
	iretq
\name\()_busy:
	movq	%gs:CPU_RECORD_RSP, %rsp
2:
	.if \user
	swapgs
	.endif
	vmm_stand_in VMM_PORT_IRET, \site
	iretq
.endm

/* GS, at the entry of an interrupt or exception whose CS lies `cs` bytes above rsp */
.macro record_swapgs cs
	testb	$3, \cs(%rsp)
	jz	7712f
	swapgs
7712:
.endm

/* What an interrupt has pushed, below `error` bytes of error code: words 7 to 11. rdx: rsp at the site */
.macro record_frame error
	movq	%gs:CPU_RECORD_RSP, %rdx
	pushq	%rdx
	pushq	\error(%rdx)
	pushq	8 + \error(%rdx)
	pushq	16 + \error(%rdx)
	pushq	24 + \error(%rdx)
.endm

/* The end of every entry's recorder: by the record, or by the stand-in. */
.macro record_entry_end name, site, vector, cs, words
	record_close \words
	record_swapgs \cs
	jmp	\site + 2
\name\()_trap:
	record_cancel \words
	jmp	3f
\name\()_busy:
	movq	%gs:CPU_RECORD_RSP, %rsp
3:	record_swapgs \cs
	vmm_entry_stand_in \vector, \site
	jmp	\site + 2
.endm

/* ---- an interrupt, or an exception without an error code ---- */
.macro record_interrupt name, site, vector
\name:
	record_swapgs 8
	record_open \name\()_busy
	record_common
	record_frame 0
	record_commit \site, 11
	record_entry_end \name, \site, \vector, 8, 11
.endm

/* ---- `int 0x80`, by ring 3 only ---- */
.macro record_int80 name, site
\name:
	swapgs
	record_open \name\()_busy
	record_common
	record_frame 0
	pushq	%rbx
	pushq	%rcx
	pushq	%rsi
	pushq	%rdi
	pushq	%rbp
	movl	8 * (16 - VMM_WORD_RAX)(%rsp), %eax
	cmpl	$I386_SYSCALLS_END, %eax
	jae	1f
	testb	$VMM_PLAN_ENTRY_TRAP, record_i386_plan(%rax)
	jnz	\name\()_trap
1:	record_commit \site, 16
	record_entry_end \name, \site, 0x80, 8, 16
.endm

/*
 * A fault of the recorder itself, which looks at user memory that need not be there: goes on where .captures says. No
 * pushing: below the frame lies another slot.
 */
.macro record_fault
	testb	$3, 16(%rsp)		/* error, rip, cs */
	jz	7713f
7714:
	.subsection 1
7713:	movq	%rax, %gs:CPU_RECORD_RAX
	movq	%rdx, %gs:CPU_RECORD_RDX
	movq	8(%rsp), %rax
	leaq	captures_start(%rip), %rdx
7715:	cmpq	(%rdx), %rax
	je	7716f
	addq	$16, %rdx
	cmpq	$captures_end, %rdx
	jne	7715b
	movq	%gs:CPU_RECORD_RAX, %rax
	movq	%gs:CPU_RECORD_RDX, %rdx
	jmp	7714b
7716:	movq	8(%rdx), %rax
	movq	%rax, 8(%rsp)
	andl	$~RFLAGS_AC, 24(%rsp)
	movq	%gs:CPU_RECORD_RAX, %rax
	movq	%gs:CPU_RECORD_RDX, %rdx
	addq	$8, %rsp
	iretq
	.previous
.endm

/* One level of the tables: rax = the entry above, rcx = PTE_ADDRESS, rdx = the address; the entry goes to rax and the record.
   Behind one that is not present this reads frame 0, which is harmless, and nobody looks at it. */
.macro record_level shift
	movq	%rdx, %rbx
	shrq	$(\shift - 3), %rbx
	andl	$0xff8, %ebx
	andq	%rcx, %rax
	addq	record_direct_map(%rip), %rax
	movq	(%rax, %rbx), %rax
	pushq	%rax
.endm

/* ---- the page fault ---- */
.macro record_page_fault name, site
\name:
	record_swapgs 16
	record_open \name\()_busy
	record_common
	record_frame 8
	pushq	(%rdx)			/* error */
	movq	%cr2, %rdx
	pushq	%rdx
	pushq	%rbx
	pushq	%rcx
	movabsq	$PTE_ADDRESS, %rcx
	movq	8 * (15 - VMM_WORD_CR3)(%rsp), %rax
	record_level 39
	record_level 30
	record_level 21
	record_level 12
	movq	8 * (19 - 14)(%rsp), %rbx
	movq	8 * (19 - 15)(%rsp), %rcx
	record_commit \site, 19
	record_entry_end \name, \site, VECTOR_PF, 16, 19
.endm

#endif
#endif
