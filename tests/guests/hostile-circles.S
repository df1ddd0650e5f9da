/* SPDX-License-Identifier: MIT */
/* Lets every empty slot of its top-level table lead back to the table itself: 2^36 pages by the tables. Expected: status 0, and the report ends soon, and says that the layout is not complete. */
#include "hostile.h"

start:
	mov	%cr3, %rdi
	mov	%rdi, %rax
	or	$(PTE_P + PTE_W + PTE_U), %rax
	direct_map %rdi, %rcx
	mov	$512, %ecx
1:	cmpq	$0, (%rdi)
	jne	2f
	mov	%rax, (%rdi)
2:	add	$8, %rdi
	loop	1b
	finish	0
