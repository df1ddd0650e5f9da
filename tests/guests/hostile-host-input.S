/* SPDX-License-Identifier: MIT */
/*
 * Copies standard input to standard output by VMM_FILE_READ, and sleeps whenever that gives -EAGAIN. Expected: each sleep
 * ends by the interrupt of the host's events, with VMM_HOST_INPUT; all is copied, in no more reads than needed.
 */
#include "hostile.h"

#define EAGAIN 11

start:
	mov	$MSR_X2APIC_SPURIOUS, %ecx
	mov	$(APIC_SPURIOUS_ENABLE + 0xff), %eax
	xor	%edx, %edx
	wrmsr
read:	mov	$request, %rdi
	hypercall VMM_HYPERCALL_FILE
	cmp	$-EAGAIN, %rax
	je	sleep
	test	%rax, %rax
	jz	end
	js	wrong
	mov	$1, %edi
	mov	$buffer, %rsi
	mov	%rax, %rcx
	hypercall VMM_HYPERCALL_CONSOLE_WRITE
	jmp	read
sleep:	sti
	hlt
	cli
	test	$VMM_HOST_INPUT, %ebx
	jz	wrong
	xor	%ebx, %ebx
	jmp	read
end:	finish	0
wrong:	finish	99

host:
	vmm_entry VMM_VECTOR_HOST
	mov	$MSR_X2APIC_EOI, %ecx
	xor	%eax, %eax
	xor	%edx, %edx
	wrmsr
	hypercall VMM_HYPERCALL_HOST_EVENTS
	mov	%eax, %ebx
	vmm_iret
	iretq

	.data
request:				/* struct vmm_file_request */
	.long	3, 0			/* VMM_FILE_READ */
	.long	0, 0			/* handle */
	.quad	0, 0
	.quad	buffer, 256
	.skip	32
buffer:	.skip	256
