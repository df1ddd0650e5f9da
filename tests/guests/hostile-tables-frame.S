/* SPDX-License-Identifier: MIT */
/* Points CR3 at memory that does not exist. Expected: status 126, with a reason. */
#include "hostile.h"

start:
	movabs	$0x000ffffffffff000, %rax
	mov	%rax, %cr3
	finish	1
