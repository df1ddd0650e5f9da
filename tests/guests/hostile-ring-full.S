/* SPDX-License-Identifier: MIT */
/*
 * Writes records for ever, over the end of its ring and from its beginning again, without an exit. Expected: the timeout
 * ends it, and with method `ring` the verdict counts what belongs to no trace site.
 */
#include "hostile.h"
#include "ring.h"

start:
	movabs	$TRACE_RINGS, %rbx
	mov	$(TRACE_RINGS_SIZE / VMM_RING_SLOT), %ecx
1:	movq	$start, VMM_RING_TAIL(%rbx)
	add	$VMM_RING_SLOT, %rbx
	dec	%ecx
	jnz	1b
	jmp	start

	vmm_iret
	vmm_rings rings

	.data
	.balign	8
rings:	.quad	cursor, 8, 1, 0, 0
cursor:	.quad	0
