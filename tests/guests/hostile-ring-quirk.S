/* SPDX-License-Identifier: MIT */
/*
 * Records a page fault in place of `syscall`, and has no site of `syscall`. Expected: status 0, and with method `ring` a
 * verdict that says of the one record that it belongs to no trace site.
 */
#include "hostile.h"
#include "ring.h"

start:
	movabs	$TRACE_RINGS, %rbx
	movq	$page_fault_stand_in, VMM_RING_TAIL(%rbx)
	finish	0

page_fault:
	vmm_entry 14
page_fault_stand_in:
	vmm_entry_stand_in 14, page_fault
	vmm_rings rings

	.data
	.balign	8
rings:	.quad	cursor, 8, 1, 0, 0
cursor:	.quad	0
