/* SPDX-License-Identifier: MIT */
/* CPU 0 loops, the last of the other CPUs dies of a triple fault. Expected: that ends all of them. */
#include "hostile.h"

start:
1:	jmp	1b

other:
	lidt	nothing(%rip)
	movabs	$BOOT_INFO_ADDRESS, %rax
	mov	16(%rax), %eax		# vmm_boot_info.cpus
	dec	%eax
	cmp	%edi, %eax
	jne	1b
	ud2
	vmm_cpu_entry other

	.data
nothing:
	.word	0
	.quad	0
