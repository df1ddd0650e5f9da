/* SPDX-License-Identifier: MIT */
/* Its page-fault handler faults itself, until the stack runs into its guard. Expected: each level is an event, then a triple fault, status 126. */
#include "hostile.h"

start:
	mov	0xffffffff90000000, %rax
	finish	1

page_fault:
	vmm_entry VECTOR_PF
	mov	0xffffffff90000000, %rax
	finish	1
