/* SPDX-License-Identifier: MIT */
/*
 * traps_asm.h: the parts of an entry stub that traps.S and quirks.S share. Assembler macros.
 */
#ifndef KERNEL_TRAPS_ASM_H
#define KERNEL_TRAPS_ASM_H

#define VECTOR_TIMER    0x20
#define VECTOR_CALL     0x22 /* from another CPU: come into the kernel */
#define VECTOR_SPURIOUS 0xff

#ifdef __ASSEMBLER__
/* clang-format off */

/* Completes the struct trap_frame; rax and all above it are there already. */
.macro save_registers
	.irp	register, rdi, rsi, rdx, rcx, r8, r9, r10, r11, rbx, rbp, r12, r13, r14, r15
	pushq	%\register
	.endr
.endm

/* Leaves rsp at the frame that iretq takes. */
.macro restore_registers
	.irp	register, r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rcx, rdx, rsi, rdi, rax
	popq	%\register
	.endr
	addq	$8, %rsp		/* error */
.endm

/* C needs DF = 0; AC = 1 would switch SMAP off. Neither is changed by an interrupt. (`syscall` clears both: FMASK.) */
.macro plain_flags
	pushq	$RFLAGS_RESERVED1
	popfq
.endm

/* From a stub that has pushed error and rax, to C: the kernel's GS, the whole frame, plain flags, and with several CPUs
   the kernel lock. Keeps eax. */
.macro enter_kernel
	testb	$3, FRAME_CS - FRAME_RAX(%rsp)
	jz	7701f
	swapgs
	cmpb	$0, kernel_lock_needed(%rip)
	jne	7702f
7701:	save_registers
	plain_flags
	.subsection 1
7702:	save_registers
	plain_flags
	movl	%eax, %ebx
	call	kernel_lock
	movl	%ebx, %eax
	movq	FRAME_RBX(%rsp), %rbx
	jmp	7703f
	.previous
7703:
.endm

/* Before the return to ring 3. Only the owner writes this, so it needs no lock prefix: AMD APM vol. 2, "Memory Ordering":
   stores become visible in their order. */
.macro leave_kernel
	cmpb	$0, kernel_lock_needed(%rip)
	je	7704f
	incl	kernel_lock_serving(%rip)
7704:
.endm

#endif
#endif
