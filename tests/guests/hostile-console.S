/* SPDX-License-Identifier: MIT */
/* Maps a single page at 2^27 addresses, then asks for all of them to be written to the console. Expected: the timeout ends it, not the end of 512 GiB. */
#include "hostile.h"

#define SLOT 300
#define WINDOW (0xffff000000000000 + (SLOT << 39))

start:
	mov	%cr3, %rbx			/* PML4E -> PDPT -> PD -> PT -> text, each full of the next */
	mov	$tables, %rsi
	mov	$text, %rdi
	mov	$3, %r8d
1:	call	physical
	or	$(PTE_P + PTE_W), %rax
	mov	%rsi, %rdi
	mov	$512, %ecx
	rep stosq
	mov	%rsi, %rdi
	add	$4096, %rsi
	dec	%r8d
	jnz	1b
	call	physical
	or	$(PTE_P + PTE_W), %rax
	direct_map %rbx, %rcx
	mov	%rax, SLOT * 8(%rbx)
	mov	$1, %edi
	movabs	$WINDOW, %rsi
	movabs	$0x8000000000, %rcx
	hypercall VMM_HYPERCALL_CONSOLE_WRITE
	finish	0

/* rdi: an address in the image; rax: where it is in RAM, by the tables at rbx. rcx is lost. */
physical:
	mov	%rbx, %rax
	.irp	shift, 39, 30, 21, 12
	direct_map %rax, %rcx
	mov	%rdi, %rcx
	shr	$\shift, %rcx
	and	$511, %ecx
	mov	(%rax, %rcx, 8), %rax
	movabs	$PTE_ADDRESS, %rcx
	and	%rcx, %rax
	.endr
	ret

	.bss
	.balign	4096
tables:	.skip	3 * 4096

	.data
	.balign	4096
text:	.fill	1024, 4, 0x0a797979
