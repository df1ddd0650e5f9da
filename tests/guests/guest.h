/* SPDX-License-Identifier: MIT */
/* guest.h: what the test guests in assembly share. Each begins at `start`, in ring 0, as shared/abi.h says. */
#ifndef TESTS_GUESTS_GUEST_H
#define TESTS_GUESTS_GUEST_H

#include "abi.h"
#include "layout.h"
#include "x86.h"

#define ENOSYS 38
#define EFAULT 14
#define EINVAL 22
#define EBADF  9

	.section .note.GNU-stack, "", @progbits
	.text

/* The guest ends with this status (0-255). */
.macro finish status
	mov	$\status, %eax
	mov	$VMM_PORT_DEBUG_EXIT, %edx
	outb	%al, %dx
.endm

/* rdi, rsi, rdx hold the arguments; the result is in rax. rdx is lost. */
.macro hypercall number
	mov	$\number, %eax
	mov	%rdx, %r8
	mov	$VMM_PORT_HYPERCALL, %edx
	xchg	%rdx, %r8
	hypercall_out
.endm

/* To ring 3, at `user_main`, with the stack below `user_stack_top` and the given flags. */
.macro enter_ring3 flags=0x2
	push	$SELECTOR_USER_DATA
	push	$user_stack_top
	push	$\flags
	push	$SELECTOR_USER_CODE
	push	$user_main
	vmm_iret
	iretq
.endm

#endif
