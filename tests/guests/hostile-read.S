/* SPDX-License-Identifier: MIT */
/* Reads from the console for ever. Expected: the timeout ends it, even while no input comes. */
#include "hostile.h"

start:
	mov	$0, %edi
	mov	$buffer, %rsi
	mov	$64, %ecx
	hypercall VMM_HYPERCALL_CONSOLE_READ
	test	%rax, %rax
	jg	start
	finish	1

	.bss
buffer:
	.skip	64
