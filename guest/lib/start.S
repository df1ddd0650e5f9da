/* SPDX-License-Identifier: MIT */
/* start.S: where a program begins: rsp points at argc, argv, NULL, envp, NULL, auxv (System V ABI, x86-64). */
	.text
	.globl	_start
	.type	_start, @function
_start:
	xorl	%ebp, %ebp
	movq	(%rsp), %rdi			/* argc */
	leaq	8(%rsp), %rsi			/* argv */
	leaq	16(%rsp, %rdi, 8), %rdx		/* envp */
	andq	$-16, %rsp
	call	main
	movl	%eax, %edi
	call	exit
	.size	_start, . - _start

	.section .note.GNU-stack, "", @progbits
