/* SPDX-License-Identifier: MIT */
/*
 * Two CPUs: the second writes both rings from end to end, again and again, while the VMM reads there: states and times
 * change behind its back, and so do the cursors. The first makes 300 exits. Expected: status 0, in bounded time.
 */
#include "hostile.h"
#include "ring.h"

#define EXITS 300

start:
	mov	$EXITS, %ebx
1:	mov	$0x1234, %edx
	out	%eax, %dx
	movq	%rbx, cursors
	dec	%ebx
	jnz	1b
	finish	0

/* From both ends of the memory to the other end */
other:
	mov	%rsp, saved_stack
again:
	movabs	$TRACE_RINGS, %rbx
	mov	$(TRACE_RINGS_SIZE / VMM_RING_SLOT / 2), %r12d
	mov	%rbx, %rsi
	imul	$VMM_RING_SLOT, %r12, %rax
	add	%rax, %rsi
1:	rdtsc
	movq	$return_by_iret, VMM_RING_TAIL(%rbx)
	movq	$again, VMM_RING_TAIL(%rsi)
	mov	%rax, VMM_RING_TAIL - 8 * VMM_WORD_TSC_LOW(%rbx)
	mov	%rax, VMM_RING_TAIL - 8 * VMM_WORD_TSC_LOW(%rsi)
	mov	%rdx, VMM_RING_TAIL - 8 * VMM_WORD_TSC_HIGH(%rbx)
	mov	%rdx, VMM_RING_TAIL - 8 * VMM_WORD_TSC_HIGH(%rsi)
	movq	$again, VMM_RING_TAIL(%rbx)
	movq	$return_by_iret, VMM_RING_TAIL(%rsi)
	mov	%rsi, cursors
	mov	%rbx, cursors + 8
	add	$VMM_RING_SLOT, %rbx
	add	$VMM_RING_SLOT, %rsi
	test	$255, %r12d
	jnz	2f
	push	$SELECTOR_KERNEL_DATA	/* observed by an exit: the VMM sends this CPU's cursor back if its ring ends here */
	push	$0
	push	$0x2
	push	$SELECTOR_KERNEL_CODE
	push	$again
return_by_iret:
	vmm_iret
	mov	saved_stack, %rsp
2:	dec	%r12d
	jnz	1b
	jmp	again

	vmm_cpu_entry other
	vmm_rings rings

	.data
	.balign	8
rings:	.quad	cursors, 8, 2, 0, 0
cursors: .quad	0, 0
saved_stack:
	.quad	0
