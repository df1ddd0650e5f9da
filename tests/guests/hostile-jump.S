/* SPDX-License-Identifier: MIT */
/* Jumps to an address that nothing maps; its #PF handler ends the guest with status 3. Expected: the fault is explained as a fetch from that address. */
/* The same kernel without the gate would triple-fault: see hostile-triple-fault. */
#include "hostile.h"

start:
	movabs	$0xffffffff90001234, %rax
	jmp	*%rax

page_fault:
	vmm_entry VECTOR_PF
	finish	3
