/* SPDX-License-Identifier: MIT */
/*
 * Has rings of method `ring`, and writes nothing but garbage into them: random words, with states of each kind of site, of
 * sites that write no records, and of none; times of the past, of now and of a future that never comes. Expected: status 0,
 * and with method `ring` a verdict that counts what belongs to no trace site.
 */
#include "hostile.h"
#include "ring.h"

#define SLOTS 1600

start:
	movabs	$TRACE_RINGS, %rbx
	movabs	$0x9e3779b97f4a7c15, %r13
	movabs	$6364136223846793005, %r14
	movabs	$1442695040888963407, %r15
	xor	%r12d, %r12d
slot:
	xor	%ecx, %ecx
1:	imul	%r14, %r13
	add	%r15, %r13
	mov	%r13, %rax
	bswap	%rax
	mov	%rax, (%rbx, %rcx, 8)
	inc	%ecx
	cmp	$(VMM_RING_SLOT / 8), %ecx
	jne	1b
	cmp	$(SLOTS / 2), %r12d	/* from here on, times are random, too */
	ja	2f
	rdtsc
	test	$2, %r12d
	jnz	1f
	xor	%eax, %eax		/* long before the start */
	xor	%edx, %edx
1:	mov	%rax, VMM_RING_TAIL - 8 * VMM_WORD_TSC_LOW(%rbx)
	mov	%rdx, VMM_RING_TAIL - 8 * VMM_WORD_TSC_HIGH(%rbx)
2:	test	$4, %r12d
	jz	1f
	mov	%cr3, %rax
	mov	%rax, VMM_RING_TAIL - 8 * VMM_WORD_CR3(%rbx)
1:	mov	%r12d, %eax		/* the number of a call, and how many bytes were captured */
	and	$0x1ff, %eax
	test	$16, %r12d
	jz	1f
	mov	%rax, VMM_RING_TAIL - 8 * VMM_WORD_RAX(%rbx)
	mov	%rax, VMM_RING_TAIL - 8 * VMM_WORD_RDX(%rbx)
1:	mov	%r12d, %eax
	and	$15, %eax
	mov	states(, %rax, 8), %rax
	test	%rax, %rax
	jz	1f
	mov	%rax, VMM_RING_TAIL(%rbx)
1:	test	$63, %r12d
	jnz	1f
	mov	$0x1234, %edx		/* nobody's port: the VMM looks into the rings */
	out	%eax, %dx
1:	add	$VMM_RING_SLOT, %rbx
	inc	%r12d
	cmp	$SLOTS, %r12d
	jne	slot
	finish	0

invalid_opcode:
	vmm_entry 6
breakpoint:
	vmm_entry 3, dpl=3
page_fault:
	vmm_entry 14
page_fault_stand_in:
	vmm_entry_stand_in 14, page_fault
timer:
	vmm_entry 32
int80:
	vmm_entry 0x80, dpl=3
system_call:
	vmm_syscall_entry
return_by_iret:
	vmm_iret
return_by_sysret:
	vmm_sysret
	vmm_linux_abi
	vmm_rings rings

	.data
	.balign	8
states:	.quad	0, system_call, system_call + 1, return_by_sysret, return_by_sysret + 1, return_by_iret, page_fault, timer
	.quad	int80, page_fault_stand_in, page_fault_stand_in + 1, breakpoint, invalid_opcode, start, -1, int80 + 1
rings:	.quad	cursors, 8, VMM_CPUS_MAX, plan, i386_plan
cursors: .fill	VMM_CPUS_MAX, 8, 0
plan:	.fill	VMM_PLAN_CALLS, 1, 0
i386_plan:
	.fill	VMM_PLAN_CALLS, 1, 0
