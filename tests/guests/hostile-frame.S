/* SPDX-License-Identifier: MIT */
/* Comes to a return with a stack that is nowhere. Expected: status 0, and a verdict that doubts what it says of that return. */
#include "hostile.h"

start:
	movabs	$0xffffa00000000000, %rsp
	vmm_iret
	finish	0
