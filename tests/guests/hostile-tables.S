/* SPDX-License-Identifier: MIT */
/* Destroys its own page tables: clears the top-level table that it runs on, and reloads it. Expected: a triple fault, status 126. */
#include "hostile.h"

start:
	mov	%cr3, %rbx
	mov	%rbx, %rdi
	direct_map %rdi, %rcx
	xor	%eax, %eax
	mov	$512, %ecx
	rep stosq
	mov	%rbx, %cr3
	mov	start, %rax
	finish	1
