/* SPDX-License-Identifier: MIT */
/* builtin_kernel.S: the guest kernel's ELF file inside the VMM, so that vmm is one file. */
	.section .rodata
	.balign	16
	.globl	builtin_kernel, builtin_kernel_size
builtin_kernel:
	.incbin BUILTIN_KERNEL
1:	.balign	8
builtin_kernel_size:
	.quad	1b - builtin_kernel
	.section .note.GNU-stack, "", @progbits
