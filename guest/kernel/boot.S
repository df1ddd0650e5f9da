/* SPDX-License-Identifier: MIT */
/*
 * boot.S: the first instructions, and what the kernel tells the VMM about itself. The VMM starts us in long mode, on
 * the boot stack (abi.h), so little is left to do before C.
 */
#include "abi.h"

	.text

	.globl	kernel_start
	.type	kernel_start, @function
kernel_start:
	movl	$MSR_GS_BASE, %ecx	/* per-CPU data; the other GS base, MSR_KERNEL_GS_BASE, is ring 3's */
	movq	$cpus, %rax
	movl	$-1, %edx		/* the upper half of every address of the kernel's own image */
	wrmsr
	call	kernel_main		/* rbp is 0: the end of the chain of frames; rdi: the boot information */
	jmp	enter_user		/* rax: where ring 3 begins */
	.size	kernel_start, . - kernel_start

	.globl	kernel_cpu_start
	.type	kernel_cpu_start, @function
kernel_cpu_start:			/* CPUs other than the first: rdi = number */
	xorl	%ebp, %ebp
	call	scheduler_start_cpu
	ud2
	.size	kernel_cpu_start, . - kernel_cpu_start

	.section .rodata
	.balign	8
/* const uint64_t linked_user_entry: where the user program begins that is linked into the same ELF file; 0: none is */
	.globl	linked_user_entry
	.type	linked_user_entry, @object
	.weak	user_entry
linked_user_entry:
	.quad	user_entry
	.size	linked_user_entry, 8

	vmm_process_table process_table, first=1
	vmm_linux_abi
	vmm_cpu_entry kernel_cpu_start

	.section .note.GNU-stack, "", @progbits
