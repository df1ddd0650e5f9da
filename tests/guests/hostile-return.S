/* SPDX-License-Identifier: MIT */
/* Returns to ring 3 at an address that is not canonical. Expected: #GP in its handler, status 4, or a triple fault; never a crash. */
#include "hostile.h"

start:
	push	$SELECTOR_USER_DATA
	push	$0
	push	$2
	push	$SELECTOR_USER_CODE
	movabs	$0x8000000000000000, %rax
	push	%rax
	vmm_iret
	iretq

protection_fault:
	vmm_entry VECTOR_GP
	finish	4
page_fault:
	vmm_entry VECTOR_PF
	finish	4
