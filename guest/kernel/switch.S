/* SPDX-License-Identifier: MIT */
/* switch.S: the change of kernel stacks. */
	.text

/*
 * void switch_stacks(uint64_t *save_rsp, uint64_t load_rsp)
 *
 * Returns on the other stack, to where that process called switch_stacks (or to where process.c prepared it to begin):
 *
 *     rsp ->   r15, r14, r13, r12, rbp, rbx, rip
 *
 * The other registers are the caller's to save, so C has done it.
 */
	.globl	switch_stacks
	.type	switch_stacks, @function
switch_stacks:
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	movq	%rsp, (%rdi)
	movq	%rsi, %rsp
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	ret
	.size	switch_stacks, . - switch_stacks

	.section .note.GNU-stack, "", @progbits
