/* SPDX-License-Identifier: MIT */
/* Every CPU makes exits as fast as it can, then the last one ends the guest. Expected: status 7, and each event stands in
   the order of its time, with its CPU. */
#include "hostile.h"

#define EXITS 300

start:
	xor	%edi, %edi
other:
	movabs	$BOOT_INFO_ADDRESS, %rax
	mov	16(%rax), %ebx		# vmm_boot_info.cpus
	mov	$EXITS, %esi
	mov	$0x1234, %edx
1:	out	%al, %dx
	dec	%esi
	jnz	1b
	lock incl done(%rip)
	cmp	done(%rip), %ebx
	jne	2f
	finish	7
2:	hlt
	jmp	2b
	vmm_cpu_entry other

	.data
done:	.long	0
