/* SPDX-License-Identifier: MIT */
/*
 * fpu-xsave.S: where ring 0 is not interpreted, boot information, CR4, XCR0 and CPUID say the same about XSAVE, and xsave
 * and xrstor in ring 0 keep the upper halves of the vector registers. No transitions. Status 11: CR4.OSXSAVE; 12: XCR0;
 * 13: CPUID's OSXSAVE; 14: the size of the image; 15: a register; 16: something set, though there is no XSAVE.
 */
#include "hostile.h"

#define XCR0_AVX     4
#define XCR0_OFFSET  0x388 /* in struct vmm_boot_info */
#define BYTES_OFFSET 0x390
#define OSXSAVE_BIT  27

.macro expect condition, status
	j\condition 1f
	finish	\status
1:
.endm

start:
	mov	%rdi, %rbp
	mov	$1, %eax
	xor	%ecx, %ecx
	cpuid
	mov	%ecx, %r14d
	mov	%cr4, %r15
	mov	XCR0_OFFSET(%rbp), %r12
	test	%r12, %r12
	jnz	present
	test	$CR4_OSXSAVE, %r15
	expect	z, 16
	bt	$OSXSAVE_BIT, %r14d
	expect	nc, 16
	finish	0

present:
	test	$CR4_OSXSAVE, %r15
	expect	nz, 11
	xor	%ecx, %ecx
	xgetbv
	shl	$32, %rdx
	or	%rdx, %rax
	cmp	%rax, %r12
	expect	e, 12
	bt	$OSXSAVE_BIT, %r14d
	expect	c, 13
	mov	$0xd, %eax
	xor	%ecx, %ecx
	cpuid
	cmp	BYTES_OFFSET(%rbp), %ebx
	expect	e, 14
	test	$XCR0_AVX, %r12
	jz	done
	vmovdqu	pattern(%rip), %ymm5
	mov	%r12, %rax
	mov	%r12, %rdx
	shr	$32, %rdx
	xsave64	image(%rip)
	vpxor	%ymm5, %ymm5, %ymm5
	xrstor64 image(%rip)
	vmovdqu	%ymm5, seen(%rip)
	mov	$pattern, %rsi
	mov	$seen, %rdi
	mov	$32, %ecx
	repe cmpsb
	expect	e, 15
done:	finish	0

	.data
	.balign	64
image:	.skip	4096
pattern: .quad	0x1122334455667788, 0x99aabbccddeeff00, 0x0123456789abcdef, 0xfedcba9876543210
seen:	.skip	32
