/* SPDX-License-Identifier: MIT */
/* Reads and writes physical memory that does not exist. Expected: reads give all ones, writes vanish, each is one exit; status 0. A wrong value ends it with 1. */
#include "hostile.h"

start:
	mov	%cr3, %rax
	direct_map %rax, %rcx
	movabs	$0x80000000 + PTE_P + PTE_W + PTE_PS, %rcx
	mov	((DIRECT_MAP >> 39) & 511) * 8(%rax), %rax	/* its PDPT */
	and	$-4096, %rax
	movabs	$DIRECT_MAP, %rdx
	add	%rdx, %rax
	mov	(%rax), %rax				/* its first PD: 1 GiB, of which RAM is the beginning */
	and	$-4096, %rax
	add	%rdx, %rax
	mov	%rcx, 511 * 8(%rax)
	movabs	$DIRECT_MAP + 511 * 0x200000, %rsi
	mov	(%rsi), %rax
	cmp	$-1, %rax
	jne	wrong
	movq	$5, 8(%rsi)
	movb	$5, 0x1fffff(%rsi)
	xor	%eax, %eax
	mov	0x1fffff(%rsi), %al
	cmp	$0xff, %eax
	jne	wrong
	finish	0
wrong:
	finish	1

