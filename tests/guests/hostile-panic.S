/* SPDX-License-Identifier: MIT */
/* Panics with control characters and a length far beyond the text. Expected: status 126, and one harmless line. */
#include "hostile.h"

start:
	mov	$text, %rsi
	mov	$-1, %rcx
	hypercall VMM_HYPERCALL_PANIC
	finish	1

	.section .rodata
text:	.ascii	"first\nvmm: second\r\033[31m\007 red \302\233 end"
	.balign	4096
