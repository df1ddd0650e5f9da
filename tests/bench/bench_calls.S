/* SPDX-License-Identifier: MIT */
/* bench_calls.S: see bench_calls.h. */

/* syscalls.h is for C */
#define SYS_rt_sigaction 13
#define SYS_rt_sigreturn 15
#define SYS_clone        56
#define SYS_vfork        58
#define SYS_execve       59
#define SYS_exit_group   231

#define THREAD_FLAGS 0x50f00	/* CLONE_VM, _FS, _FILES, _SIGHAND, _THREAD, _SYSVSEM */
#define SA_RESTORER  0x04000000

	.text
	.globl	vfork_exec
	.type	vfork_exec, @function
vfork_exec:
	popq	%r8			/* the child must not touch the stack */
	movl	$SYS_vfork, %eax
	syscall
	testq	%rax, %rax
	jz	1f
	jmp	*%r8
1:	movl	$SYS_execve, %eax
	syscall
	movl	$127, %edi
	movl	$SYS_exit_group, %eax
	syscall
	ud2
	.size	vfork_exec, . - vfork_exec

	.globl	make_thread
	.type	make_thread, @function
make_thread:
	movq	%rdi, %r8
	movl	$THREAD_FLAGS, %edi
	xorl	%edx, %edx
	xorl	%r10d, %r10d
	movl	$SYS_clone, %eax
	syscall
	testq	%rax, %rax
	jz	1f
	ret
1:	xorl	%ebp, %ebp
	call	*%r8
	ud2
	.size	make_thread, . - make_thread

	.globl	handle_signal
	.type	handle_signal, @function
handle_signal:
	pushq	$0			/* mask */
	leaq	restorer(%rip), %rax
	pushq	%rax
	pushq	$SA_RESTORER
	pushq	%rsi			/* the handler: struct sigaction as the kernel knows it begins here */
	movq	%rsp, %rsi
	xorl	%edx, %edx
	movl	$8, %r10d		/* bytes of the mask */
	movl	$SYS_rt_sigaction, %eax
	syscall
	addq	$32, %rsp
	ret
restorer:
	movl	$SYS_rt_sigreturn, %eax
	syscall
	ud2
	.size	handle_signal, . - handle_signal

	.section .note.GNU-stack, "", @progbits
