/* SPDX-License-Identifier: MIT */
/* Its symbols and sections have names that would move a terminal's cursor. Expected: status 7; none of those bytes in the report. */
#include "hostile.h"

	.globl	"\033[2J\033[31mred"
start:
	mov	$0x1234, %edx
"\033[2J\033[31mred":
	out	%al, %dx
	finish	7
	.size	"\033[2J\033[31mred", . - "\033[2J\033[31mred"
