/* SPDX-License-Identifier: MIT */
/* Touches every page of its RAM, then the first byte behind it. Expected: the RAM is all there; the page fault behind it ends the guest with status 0. */
#include "hostile.h"

start:
	movabs	$DIRECT_MAP, %rsi
	mov	BOOT_INFO_MEMORY_SIZE(%rdi), %rcx
	shr	$12, %rcx
	mov	$SKIP_PAGES, %eax		/* images and tables lie below */
	sub	%rax, %rcx
	shl	$12, %rax
	add	%rax, %rsi
1:	movq	%rsi, (%rsi)
	cmp	%rsi, (%rsi)
	jne	wrong
	add	$4096, %rsi
	dec	%rcx
	jnz	1b
	mov	(%rsi), %rax
wrong:
	finish	1

page_fault:
	vmm_entry VECTOR_PF
	finish	0

	.set	BOOT_INFO_MEMORY_SIZE, 24
	.set	SKIP_PAGES, 512
