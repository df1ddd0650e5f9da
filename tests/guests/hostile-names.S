/* SPDX-License-Identifier: MIT */
/* The name of its function would clear a terminal and colour it. Expected: status 7; none of those bytes in the report. */
#include "hostile.h"

start:
	mov	$0x1234, %edx
	jmp	NAME
	.type	NAME, @function
NAME:
	out	%al, %dx
	finish	7
	.size	NAME, . - NAME
