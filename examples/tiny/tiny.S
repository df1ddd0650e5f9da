/* SPDX-License-Identifier: MIT */
/* tiny.S: the doors of a whole kernel: start, two ways in, two ways out; and the user program. */
#include "trace.h"

	.text
	.globl	kernel_start
kernel_start:				/* rdi: boot information; GDT, IDT, LSTAR and the stack are ready */
	mov	%rsp, kernel_rsp
	push	$0x23			/* SS: user data */
	push	$user_stack_top
	push	$0x202			/* RFLAGS: interrupts on */
	push	$0x2b			/* CS: user code */
	push	$user_main
	vmm_iret
	iretq

syscall_entry:				/* `syscall`: rip in rcx, flags in r11, the user's rsp; number in rax */
	vmm_syscall_entry
	mov	%rsp, user_rsp
	mov	kernel_rsp, %rsp
	push	%rcx
	push	%r11
	mov	%rax, %rdi
	mov	$user_message, %rsi
	call	handle_syscall
	pop	%r11
	pop	%rcx
	mov	user_rsp, %rsp
	vmm_sysret
	sysretq

page_fault_entry:			/* rsp: error code, rip, cs, rflags, rsp, ss */
	vmm_entry 14
	.irp	register, rax, rcx, rdx, rsi, rdi, r8, r9, r10, r11
	push	%\register
	.endr
	lea	72(%rsp), %rdi		/* the error code's place: what is above it may be changed */
	call	handle_page_fault
	.irp	register, r11, r10, r9, r8, rdi, rsi, rdx, rcx, rax
	pop	%\register
	.endr
	add	$8, %rsp
	vmm_iret
	iretq

invalid_opcode_entry:			/* ud2 in ring 3 ends the program */
	vmm_entry 6
	mov	$1, %edi
	call	finish

	.bss
	.balign	8
kernel_rsp: .skip 8
user_rsp: .skip 8

	.section .user.text, "ax", @progbits
	.globl	user_main, user_after_fault
user_main:
	mov	$1, %eax		/* call 1: say hello */
	syscall
	mov	0xffffffff80000000, %rax /* reading the kernel: a page fault, and the kernel moves us on */
user_after_fault:
	mov	$2, %eax		/* call 2: end with success */
	syscall
	ud2

	.section .user.data, "aw", @progbits
user_message: .asciz "hello from ring 3\n"
	.balign	16
	.skip	1024
user_stack_top:
	.section .note.GNU-stack, "", @progbits
