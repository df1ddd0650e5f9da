/* SPDX-License-Identifier: MIT */
/*
 * Cursors that point anywhere, of a CPU that stands still with one, too: a return jumps to a "recorder" that only executes
 * its stand-in, the VMM is told of changes, and sends the cursor back. Expected: status 0, and 40 returns were seen.
 */
#include "hostile.h"
#include "ring.h"

start:
	mov	$40, %ebx
1:	mov	%ebx, %eax
	and	$7, %eax
	mov	places(, %rax, 8), %rax
	mov	%rax, cursors
	test	$3, %ebx
	jnz	2f
changed:
	outl	%eax, $VMM_PORT_CHANGED
2:	push	$SELECTOR_KERNEL_DATA
	push	$stack_top
	push	$0x2
	push	$SELECTOR_KERNEL_CODE
	push	$behind
site:
	vmm_iret recorder
	iretq
recorder:
	vmm_stand_in VMM_PORT_IRET, site
	iretq
behind:
	dec	%ebx
	jnz	1b
	finish	0

other:
	movq	$-1, cursors + 8
	cli
	hlt

	.pushsection .vmm.sites, "", @progbits
	.balign 8
	.quad	changed
	.byte	VMM_SITE_CHANGED, VMM_CHANGED_SPACE, 0, 0, 0, 0, 0, 0
	.popsection
	vmm_cpu_entry other
	vmm_rings rings

	.data
	.balign	8
places:	.quad	0, 1, -1, 0x800000000000, TRACE_RINGS, TRACE_RINGS + TRACE_RINGS_SIZE, DIRECT_MAP, start
rings:	.quad	cursors, 8, 2, 0, 0
cursors: .quad	0, 0
	.fill	512, 1, 0
stack_top:
