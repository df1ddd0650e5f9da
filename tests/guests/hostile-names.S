/* SPDX-License-Identifier: MIT */
/* Calls a function whose name tests/bad/guests.sh turns into control characters. Expected: status 7; none of them in the report. */
#include "hostile.h"

start:
	mov	$0x1234, %edx
	jmp	terminal_escape
	.type	terminal_escape, @function
terminal_escape:
	out	%al, %dx
	finish	7
	.size	terminal_escape, . - terminal_escape
