/* SPDX-License-Identifier: MIT */
/* Points LSTAR to code without a trace site. Expected: status 0, and the verdict says that system calls could pass unseen. */
#include "hostile.h"

start:
	mov	$MSR_LSTAR, %ecx
	mov	$other_entry, %rax
	mov	%rax, %rdx
	shr	$32, %rdx
	wrmsr
	finish	0
other_entry:
	hlt

syscall_entry:
	vmm_syscall_entry
	vmm_sysret
	sysretq
