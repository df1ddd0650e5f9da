/* SPDX-License-Identifier: MIT */
/* bare.S: a complete guest that only exits, by the plain device: no kernel to start, no ring 3. */
#include "abi.h"

	.globl	_start
	.type	_start, @function
_start:
	xorl	%eax, %eax
	outb	%al, $VMM_PORT_DEBUG_EXIT
	.size	_start, . - _start

	.section .note.GNU-stack, "", @progbits
