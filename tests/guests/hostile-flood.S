/* SPDX-License-Identifier: MIT */
/* Writes to the console for ever. Expected: a closed pipe ends it, or the timeout. */
#include "hostile.h"

start:
	mov	$VMM_PORT_DEBUG_CONSOLE, %edx
	mov	$0x0a79, %eax
1:	out	%ax, %dx
	jmp	1b
