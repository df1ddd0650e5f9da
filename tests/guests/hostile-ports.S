/* SPDX-License-Identifier: MIT */
/* Uses ports that do not exist, with every width, and string instructions. Expected: reads give all ones, writes vanish; status 0. A wrong value ends it with 1. */
#include "hostile.h"

start:
	mov	$0x1234, %edx
	xor	%eax, %eax
	in	%dx, %al
	cmp	$0xff, %eax
	jne	wrong
	xor	%eax, %eax
	in	%dx, %ax
	cmp	$0xffff, %eax
	jne	wrong
	xor	%eax, %eax
	in	%dx, %eax
	cmp	$-1, %eax
	jne	wrong
	out	%al, %dx
	out	%ax, %dx
	out	%eax, %dx
	mov	$0xffff, %edx
	out	%eax, %dx
	in	%dx, %eax
	mov	$buffer, %rdi
	mov	$0x1234, %edx
	mov	$2048, %ecx
	rep insw
	cmpw	$0xffff, buffer + 4094
	jne	wrong
	cmpw	$0, buffer + 4096
	jne	wrong
	mov	$buffer, %rsi
	mov	$2048, %ecx
	rep outsw
	mov	$VMM_PORT_HYPERCALL, %edx	/* a hypercall is one `out` of 4 bytes and nothing else */
	mov	$VMM_HYPERCALL_EXIT, %eax
	out	%al, %dx
	out	%ax, %dx
	in	%dx, %eax
	mov	$buffer, %rsi
	mov	$16, %ecx
	rep outsl
	finish	0
wrong:
	finish	1

	.bss
	.balign	4096
buffer:
	.skip	8192
