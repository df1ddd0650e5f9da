/* SPDX-License-Identifier: MIT */
/*
 * Sleeps for the host's events, and prints a letter for each: i interrupt, r resized. Expected: the first SIGINT and each
 * SIGWINCH only wake it, with each bit told once; the second SIGINT ends it; waiting for them is no "halted for ever".
 */
#include "hostile.h"

start:
	mov	$MSR_X2APIC_SPURIOUS, %ecx
	mov	$(APIC_SPURIOUS_ENABLE + 0xff), %eax
	xor	%edx, %edx
	wrmsr
	hypercall VMM_HYPERCALL_HOST_EVENTS
	test	%rax, %rax		# nothing has happened yet
	jnz	wrong
1:	sti
	hlt
	jmp	1b

host:
	vmm_entry VMM_VECTOR_HOST
	mov	$MSR_X2APIC_EOI, %ecx
	xor	%eax, %eax
	xor	%edx, %edx
	wrmsr
	hypercall VMM_HYPERCALL_HOST_EVENTS
	mov	%eax, %ebx
	mov	$VMM_PORT_DEBUG_CONSOLE, %edx
	test	$VMM_HOST_INTERRUPT, %ebx
	jz	2f
	mov	$'i', %al
	out	%al, %dx
2:	test	$VMM_HOST_RESIZED, %ebx
	jz	3f
	mov	$'r', %al
	out	%al, %dx
3:	hypercall VMM_HYPERCALL_HOST_EVENTS
	test	%rax, %rax
	jnz	wrong
	vmm_iret
	iretq

wrong:
	finish	99
