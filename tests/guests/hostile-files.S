/* SPDX-License-Identifier: MIT */
/* Requests for files, right and wrong, from a complete guest. Expected: each gives what abi.h promises; a file in /tmp keeps its text; status 0. The first wrong result ends it with the number of its row, from 1. */
#include "hostile.h"

#define ENOENT  2
#define ENOTDIR 20
#define EROFS   30

#define O_RDONLY 0
#define O_RDWR   02
#define O_CREAT  0100

start:
	mov	$cases, %rbx
	mov	$1, %r12d
1:	mov	%rbx, %rdi
	hypercall VMM_HYPERCALL_FILE
	cmp	80(%rbx), %rax
	jne	wrong
	add	$88, %rbx
	inc	%r12d
	cmp	$cases_end, %rbx
	jb	1b
	cmpl	$0x74786574, back		/* "text" */
	jne	wrong
	finish	0
wrong:
	mov	%r12d, %eax
	mov	$VMM_PORT_DEBUG_EXIT, %edx
	out	%al, %dx

/* One struct vmm_file_request, and its result. */
.macro file operation, handle, path, result, flags=0, buffer=0, bytes=0, mode=0, pointer=0
	.long	\operation, \flags, \handle, 0
	.quad	\path, 0, \buffer, \bytes, \pointer
	.long	\mode, 1, 0, 0, 0, 0
	.quad	\result
.endm

	.section .rodata
new:	.asciz	"/tmp/new"
passwd:	.asciz	"/../../etc/passwd"
root:	.asciz	"/"
text:	.ascii	"text"

	.data
	.balign	8
back:	.long	0, 0
cases:
	file	VMM_FILE_OPEN, VMM_FILE_ROOT, new, -ENOENT, flags=O_RDONLY
	file	VMM_FILE_OPEN, VMM_FILE_ROOT, new, 3, flags=O_RDWR | O_CREAT, mode=0600
	file	VMM_FILE_WRITE, 3, 0, 4, buffer=text, bytes=4
	file	VMM_FILE_WRITE, 3, 0, -EFAULT, buffer=0, bytes=4
	file	VMM_FILE_READ, 3, 0, 4, buffer=back, bytes=4
	file	VMM_FILE_READ, 3, 0, -EFAULT, buffer=text, bytes=4	/* read-only */
	file	VMM_FILE_READ, 3, 0, -EINVAL, buffer=back, bytes=4, pointer=-1
	file	VMM_FILE_READ, 4, 0, -EBADF, buffer=back, bytes=4
	file	VMM_FILE_READ, -5, 0, -EBADF, buffer=back, bytes=4
	file	VMM_FILE_SIZE, 3, 0, 4
	file	VMM_FILE_OPEN, VMM_FILE_ROOT, passwd, -ENOENT, flags=O_RDONLY
	file	VMM_FILE_OPEN, VMM_FILE_ROOT, 0x800000000000, -EFAULT, flags=O_RDONLY
	file	VMM_FILE_OPEN, 3, new + 1, -ENOTDIR, flags=O_RDONLY
	file	VMM_FILE_MKDIR, VMM_FILE_ROOT, new + 4, -EROFS, mode=0777
	file	VMM_FILE_UNLINK, VMM_FILE_ROOT, new, 0
	file	VMM_FILE_CLOSE, 3, 0, 0
	file	VMM_FILE_CLOSE, 3, 0, -EBADF
	file	VMM_FILE_OPEN, VMM_FILE_ROOT, new, -ENOENT, flags=O_RDONLY
	file	0, 0, 0, -ENOSYS
	file	-1, -1, -1, -ENOSYS, flags=-1, buffer=-1, bytes=-1, mode=-1
cases_end:
