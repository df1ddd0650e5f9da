/* SPDX-License-Identifier: MIT */
/* Sets bits in its page tables that every CPU reserves, at each level, and leads to where no memory is; touches none of it. Expected: status 0; tests/questions asks what an access would do. */
#include "hostile.h"

#define FREE_START 32 /* offset in struct vmm_boot_info */
#define ALL (PTE_P + PTE_W + PTE_U)

/* The entry at `index` of the table in %\table (an address in the direct map) becomes %\from (a physical address) with
   `bits`; rax is lost. */
.macro entry table, index, from, bits
	movabs	$(ALL + \bits), %rax
	add	%\from, %rax
	mov	%rax, 8 * \index(%\table)
.endm

start:
	mov	FREE_START(%rdi), %r8	/* three frames that nobody has: PDP, PD, PT */
	lea	PAGE_SIZE(%r8), %r9
	lea	2 * PAGE_SIZE(%r8), %r10
	movabs	$DIRECT_MAP, %rcx
	lea	(%r8,%rcx), %r12
	lea	(%r9,%rcx), %r13
	lea	(%r10,%rcx), %r14
	mov	%cr3, %r15
	add	%rcx, %r15
	xor	%ebx, %ebx

	entry	r15, 4, r8, PTE_PS		/* 0x20000000000: bit 7 of a PML4E */
	entry	r15, 5, r8, 0
	entry	r12, 0, rbx, (PTE_PS + (1 << 13))	/* 0x28000000000: bit 13 of a 1 GiB page's PDPE */
	entry	r12, 1, r9, 0
	entry	r13, 0, rbx, (PTE_PS + (1 << 13))	/* 0x28040000000: bit 13 of a 2 MiB page's PDE */
	entry	r13, 1, r10, 0
	entry	r14, 0, r10, (1 << 51)		/* 0x28040200000: bit 51 of a PTE: reserved unless physical addresses have 52 bits */
	entry	r14, 1, r10, 0			/* 0x28040201000: a page as it should be */
	entry	r14, 2, rbx, 0xd0000000		/* 0x28040202000: a page without memory behind it */
	entry	r12, 2, rbx, 0x3000000000	/* 0x28080000000: a table without memory behind it */
	finish	0
