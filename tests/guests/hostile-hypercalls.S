/* SPDX-License-Identifier: MIT */
/* Every hypercall with wild arguments. Expected: each gives the error that abi.h promises, and the guest lives; status 0. The first wrong result ends it with the number of its row, from 1. */
#include "hostile.h"

start:
	mov	%cr3, %rax
	mov	$cases, %rbx
	mov	$1, %r12d
1:	mov	8(%rbx), %rdi
	mov	16(%rbx), %rsi
	mov	24(%rbx), %rcx
	mov	(%rbx), %eax
	mov	$VMM_PORT_HYPERCALL, %edx
	out	%eax, %dx
	cmp	32(%rbx), %rax
	jne	wrong
	add	$40, %rbx
	inc	%r12d
	cmp	$cases_end, %rbx
	jb	1b
	cmpw	$0x6b6f, destination		/* "ok": two bytes of standard input, in front of the guard */
	jne	wrong
	finish	0
wrong:
	mov	%r12d, %eax
	mov	$VMM_PORT_DEBUG_EXIT, %edx
	out	%al, %dx

.macro call number, first, second, third, result
	.quad	\number, \first, \second, \third, \result
.endm

#define WRITE VMM_HYPERCALL_CONSOLE_WRITE
#define READ  VMM_HYPERCALL_CONSOLE_READ
#define ZERO  VMM_HYPERCALL_ZERO_PAGES
#define COPY  VMM_HYPERCALL_COPY_PAGE

	.section .rodata
	.balign	8
cases:
	call	0, 0, 0, 0, -ENOSYS
	call	1000, 0, 0, 0, -ENOSYS
	call	VMM_HYPERCALL_FILE, 0, 0, 0, -EFAULT
	call	VMM_HYPERCALL_HOST_EVENTS, -1, -1, -1, 0
	call	VMM_HYPERCALL_FILE, text, 0, 0, -EFAULT	/* its results could not be written */
	call	-1, -1, -1, -1, -ENOSYS
	call	0x7fffffff, 0, 0, 0, -ENOSYS
	call	VMM_HYPERCALL_EXIT, 0, 128, 0, -EINVAL
	call	VMM_HYPERCALL_EXIT, 0, -1, 0, -EINVAL
	call	WRITE, 0, text, 2, -EBADF
	call	WRITE, 3, text, 2, -EBADF
	call	WRITE, -1, text, 2, -EBADF
	call	WRITE, 1, 0, 1, -EFAULT
	call	WRITE, 1, 0x800000000000, 16, -EFAULT
	call	WRITE, 1, 0xffffffffffffffff, 16, -EFAULT
	call	WRITE, 1, 0xffffffff90000000, -1, -EFAULT
	call	WRITE, 1, text, 0, 0
	call	WRITE, 1, 0, 0, 0
	call	WRITE, 1, text, 5, 5
	call	WRITE, 2, text, 0, 0
	call	READ, 1, destination, 2, -EBADF
	call	READ, 0, 0, 2, -EFAULT
	call	READ, 0, text, 2, -EFAULT		/* read-only, for ring 0 too */
	call	READ, 0, 0x8000000000000000, -1, -EFAULT
	call	READ, 0, destination, 0, 0
	call	READ, 0, destination, 2, 2
	call	ZERO, 1, 1, 0, -EINVAL			/* not a page's address */
	call	ZERO, 0, -1, 0, -EINVAL
	call	ZERO, 0, 0x10000000000000, 0, -EINVAL	/* 2^52 pages are 0 bytes, modulo 2^64 */
	call	ZERO, 0x1000000000, 1, 0, -EFAULT
	call	ZERO, -4096, 1, 0, -EFAULT
	call	ZERO, 0x3fff000, 2, 0, -EFAULT		/* the second is behind 64 MiB */
	call	ZERO, 0x3fff000, 1, 0, 0
	call	ZERO, 0, 0, 0, 0
	call	COPY, 1, 0x1000, 0, -EINVAL
	call	COPY, 0x3fff000, -1, 0, -EINVAL
	call	COPY, 0x3fff000, 0x4000000, 0, -EFAULT
	call	COPY, -4096, 0x1000, 0, -EFAULT
	call	COPY, 0x3fff000, 0x3fff000, 0, 0
cases_end:
text:	.ascii	"text\n"

	.data
	.balign	4096
	.skip	4094
destination:
	.skip	2					/* the image ends here, and with it the page */
