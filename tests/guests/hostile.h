/* SPDX-License-Identifier: MIT */
/* hostile.h: what the misbehaving guests share. Each begins at `start`, in ring 0, as shared/abi.h says. */
#ifndef TESTS_GUESTS_HOSTILE_H
#define TESTS_GUESTS_HOSTILE_H

#include "abi.h"
#include "layout.h"
#include "x86.h"

#define ENOSYS 38
#define EFAULT 14
#define EINVAL 22
#define EBADF  9

	.section .note.GNU-stack, "", @progbits
	.text
	.globl	start

/* The guest ends with this status (0-255). */
.macro finish status
	mov	$\status, %eax
	mov	$VMM_PORT_DEBUG_EXIT, %edx
	out	%al, %dx
.endm

/* The arguments are in rdi, rsi, rcx; the result comes in rax; rdx is lost. */
.macro hypercall number
	mov	$\number, %eax
	mov	$VMM_PORT_HYPERCALL, %edx
	out	%eax, %dx
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

/* The address of the physical address in \reg, in the direct map. */
.macro direct_map reg, scratch
	movabs	$DIRECT_MAP, \scratch
	add	\scratch, \reg
.endm

#endif
