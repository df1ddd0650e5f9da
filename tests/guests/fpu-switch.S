/* SPDX-License-Identifier: MIT */
/*
 * fpu-switch.S: VMM_HYPERCALL_FPU carries all of ring 3's vector registers (to the full width that xcr0 of the boot
 * information names), the mask registers and MXCSR: ring 3 fills them with A and lets them be saved, fills them with B and
 * lets them be exchanged for A, then gets B back. The kernel tries the errors: a header that names components of nobody,
 * one in compacted format, reserved bits of MXCSR, memory that is not there or read-only. Transitions: three calls with
 * their returns, and the one that ends the guest. Status 11-13: the registers of step 1-3 are wrong; 21-27: an error is.
 */
#include "hostile.h"

#define XCR0_AVX    4
#define XCR0_AVX512 0xe0
#define ROW	    2048		/* 32 registers of 64 bytes */
#define XCR0_OFFSET 0x388 /* in struct vmm_boot_info */
#define SAVE_HEADER 512

.macro expect_result value, status
	cmp	$(\value), %rax
	je	1f
	finish	\status
1:
.endm

start:
	mov	%rsp, kernel_rsp(%rip)
	mov	XCR0_OFFSET(%rdi), %rax		# vmm_boot_info.xcr0
	mov	%rax, xcr0(%rip)
	mov	%rax, %r15			# ring 3 keeps it there
	test	%rax, %rax
	jz	none
	enter_ring3
none:	finish	0				# nothing to keep on this CPU

syscall_entry:
	vmm_syscall_entry
	mov	%rsp, user_rsp(%rip)
	mov	kernel_rsp(%rip), %rsp
	push	%rcx
	push	%r11
	cmp	$1, %eax
	je	save_a
	cmp	$2, %eax
	je	exchange
	cmp	$3, %eax
	je	load_b
	mov	%edi, %eax
	mov	$VMM_PORT_DEBUG_EXIT, %edx
	out	%al, %dx

save_a:	mov	$state_a, %rdi
	xor	%esi, %esi
	hypercall VMM_HYPERCALL_FPU
	expect_result 0, 21
	jmp	errors
exchange:
	mov	$state_b, %rdi
	mov	$state_a, %rsi
	hypercall VMM_HYPERCALL_FPU
	expect_result 0, 22
	jmp	leave
load_b:	xor	%edi, %edi
	mov	$state_b, %rsi
	hypercall VMM_HYPERCALL_FPU
	expect_result 0, 23
leave:	pop	%r11
	pop	%rcx
	mov	user_rsp(%rip), %rsp
	vmm_sysret
	sysretq

/* None of these may change the registers, or what is at state_b. */
errors:
	mov	$state_a, %rsi
	mov	$state_c, %rdi
	mov	$512, %ecx
	rep movsq
	mov	$state_b, %rdi
	mov	$state_c, %rsi
	orb	$0x80, SAVE_HEADER + 7 + state_c	# a component of nobody
	hypercall VMM_HYPERCALL_FPU
	expect_result -EINVAL, 24
	andb	$0x7f, SAVE_HEADER + 7 + state_c
	movb	$0x80, SAVE_HEADER + 15 + state_c	# compacted
	hypercall VMM_HYPERCALL_FPU
	expect_result -EINVAL, 24
	movb	$0, SAVE_HEADER + 15 + state_c
	movb	$0xff, 27 + state_c			# MXCSR, bits 31:24
	hypercall VMM_HYPERCALL_FPU
	expect_result -EINVAL, 24
	movabs	$KERNEL_BASE - 0x10000, %rsi		# not there
	hypercall VMM_HYPERCALL_FPU
	expect_result -EFAULT, 25
	mov	$state_b, %rsi
	mov	$start, %rdi				# read-only
	hypercall VMM_HYPERCALL_FPU
	expect_result -EFAULT, 26
	movabs	$0x8000000000000000, %rdi		# not canonical
	hypercall VMM_HYPERCALL_FPU
	expect_result -EFAULT, 26
	mov	$state_b, %rdi
	mov	$512, %ecx
	xor	%eax, %eax
	repe scasq
	je	leave
	finish	27

page_fault:
	vmm_entry 14
	finish	28

	.data
kernel_rsp: .quad 0
user_rsp: .quad	0
xcr0:	.quad	0
	.balign	64
state_a: .skip	4096
state_b: .skip	4096
state_c: .skip	4096

	.section .user.text, "ax", @progbits

/* Every register from, or to, 64 bytes each at rdi; 16 registers of 32 bytes without AVX-512, of 16 without AVX. */
.macro each_vector instruction, prefix, step, last, store
	.set	i, 0
	.rept	\last + 1
	vector_\store \instruction, \prefix, %i, (64 * i)
	.set	i, i + 1
	.endr
.endm
	.altmacro
.macro vector_load instruction, prefix, number, offset
	\instruction \offset(%rdi), %\prefix\number
.endm
.macro vector_store instruction, prefix, number, offset
	\instruction %\prefix\number, \offset(%rdi)
.endm

/* rdi = the pattern */
fill:
	ldmxcsr	ROW(%rdi)
	test	$XCR0_AVX, %r15
	jz	1f
	test	$XCR0_AVX512, %r15
	jz	2f
	kmovw	ROW + 8(%rdi), %k1
	kmovw	ROW + 10(%rdi), %k7
	each_vector vmovdqu64, zmm, 64, 31, load
	ret
2:	each_vector vmovdqu, ymm, 64, 15, load
	ret
1:	each_vector movdqu, xmm, 64, 15, load
	ret

/* rsi = the pattern; edx = the status to end with if the registers differ from it */
check:
	mov	$seen, %rdi
	stmxcsr	ROW(%rdi)
	mov	$16, %ecx
	test	$XCR0_AVX, %r15
	jz	1f
	mov	$32, %ecx
	test	$XCR0_AVX512, %r15
	jz	2f
	mov	$64, %ecx
	kmovw	%k1, ROW + 8(%rdi)
	kmovw	%k7, ROW + 10(%rdi)
	each_vector vmovdqu64, zmm, 64, 31, store
	mov	ROW + 8(%rsi), %eax
	cmp	%eax, ROW + 8(%rdi)
	jne	bad
	mov	$32, %ebx
	jmp	3f
2:	each_vector vmovdqu, ymm, 64, 15, store
	mov	$16, %ebx
	jmp	3f
1:	each_vector movdqu, xmm, 64, 15, store
	mov	$16, %ebx
3:	mov	ROW(%rsi), %eax
	cmp	%eax, ROW(%rdi)
	jne	bad
	mov	%ecx, %r8d
4:	push	%rsi
	push	%rdi
	mov	%r8d, %ecx
	repe cmpsb
	pop	%rdi
	pop	%rsi
	jne	bad
	add	$64, %rsi
	add	$64, %rdi
	dec	%ebx
	jnz	4b
	ret

bad:	mov	%edx, %edi
	mov	$4, %eax
	syscall

user_main:
	mov	$pattern_a, %rdi
	call	fill
	mov	$1, %eax
	syscall
	mov	$pattern_a, %rsi
	mov	$11, %edx
	call	check
	mov	$pattern_b, %rdi
	call	fill
	mov	$2, %eax
	syscall
	mov	$pattern_a, %rsi
	mov	$12, %edx
	call	check
	mov	$3, %eax
	syscall
	mov	$pattern_b, %rsi
	mov	$13, %edx
	call	check
	xor	%edi, %edi
	mov	$4, %eax
	syscall

	.noaltmacro
	.section .user.data, "aw", @progbits
.macro pattern first, mxcsr, masks
	.set	value, \first
	.rept	ROW
	.byte	value & 0xff
	.set	value, (value * 5 + 3) % 65521
	.endr
	.long	\mxcsr, 0, \masks, 0
.endm
	.balign	64
pattern_a: pattern 1, 0x1f80, 0xa5a51234
pattern_b: pattern 77, 0x3f80, 0x5a5a4321
seen:	.skip	ROW + 16
	.skip	1024
user_stack_top:
