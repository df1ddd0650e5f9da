/* SPDX-License-Identifier: MIT */
/* Keeps a process table that claims 4 billion entries: 256 live processes with the same number, names without end and full of control characters, and page tables that lead in circles or nowhere. Expected: status 0 soon; nothing of the names reaches a terminal unescaped. */
#include "hostile.h"

#define ENTRIES 16 /* offset in struct vmm_process_table */

start:
	mov	%cr3, %rdx
	mov	$table + ENTRIES, %rdi
	mov	$VMM_PROCESSES, %ecx
1:	movl	$9, (%rdi)			/* pid */
	movl	$9, 4(%rdi)			/* its own parent */
	movl	$VMM_PROCESS_LIVE, 8(%rdi)
	mov	%rdx, 16(%rdi)			/* cr3: each a different frame */
	add	$4096, %rdx
	lea	24(%rdi), %r8
	movabs	$0x1b5b324a0a0d9b07, %rax
	mov	%rax, (%r8)
	mov	%rax, 8(%r8)
	mov	%rax, 16(%r8)
	movq	$-1, 48(%rdi)
	add	$64, %rdi
	dec	%ecx
	jnz	1b
	movl	$-1, table + 4			/* count */
	movl	$1, table			/* generation */
	mov	%cr3, %rdi			/* every empty slot leads back to the table */
	mov	%rdi, %rax
	or	$(PTE_P + PTE_W + PTE_U), %rax
	direct_map %rdi, %rcx
	mov	$512, %ecx
2:	cmpq	$0, (%rdi)
	jne	3f
	mov	%rax, (%rdi)
3:	add	$8, %rdi
	loop	2b
	mov	$0x1234, %edx
	out	%al, %dx			/* an exit, so that the table is looked at */
	movl	$2, table
	out	%al, %dx
	finish	0

vmm_process_table table

	.bss
	.balign	16
table:	.skip	16 + 64 * VMM_PROCESSES
