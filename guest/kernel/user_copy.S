/* SPDX-License-Identifier: MIT */
/*
 * user_copy.S: the instructions that may fault on user memory, and where to go on if they do. RFLAGS.AC lifts SMAP
 * for that time; it is set by popfq because not every KVM host knows stac.
 */
#include "abi.h"

	.text

/* If the instruction at `from` faults and the fault cannot be resolved, the kernel goes on at `to`. */
.macro fixup from, to
	.pushsection .fixups, "a", @progbits
	.quad	\from, \to
	.popsection
.endm

.macro allow_user_access
	pushfq
	pushfq
	orl	$RFLAGS_AC, (%rsp)
	popfq
.endm

.macro forbid_user_access
	popfq
.endm

/* size_t user_copy(void *to, const void *from, size_t bytes): returns how many bytes have NOT been copied */
	.globl	user_copy
	.type	user_copy, @function
user_copy:
	allow_user_access
	movq	%rdx, %rcx
	shrq	$3, %rcx
	andl	$7, %edx
1:	rep movsq
	movl	%edx, %ecx
2:	rep movsb
3:	forbid_user_access
	movq	%rcx, %rax
	ret
4:	leaq	(%rdx, %rcx, 8), %rcx
	jmp	3b
	fixup	1b, 4b
	fixup	2b, 3b
	.size	user_copy, . - user_copy

/*
 * int64_t user_string_copy(char *to, const char *from, size_t size): returns the length; `size`: no NUL; -1: a fault.
 * From where `from` is aligned on, eight bytes at a time, for as long as none of them is NUL: a word that lies in one
 * page faults no earlier than the string does.
 */
	.globl	user_string_copy
	.type	user_string_copy, @function
user_string_copy:
	allow_user_access
	xorl	%eax, %eax
	movabsq	$0x0101010101010101, %r8
	movabsq	$0x8080808080808080, %r9
1:	leaq	(%rsi, %rax), %rcx
	testb	$7, %cl
	jz	5f
	cmpq	%rdx, %rax
	je	3f
2:	movb	(%rsi, %rax), %cl
	movb	%cl, (%rdi, %rax)
	incq	%rax
	testb	%cl, %cl
	jnz	1b
	decq	%rax
	jmp	3f
5:	leaq	8(%rax), %rcx
	cmpq	%rdx, %rcx
	ja	7f
6:	movq	(%rsi, %rax), %r10
	movq	%r10, (%rdi, %rax)
	movq	%r10, %rcx		/* (word - 01...) & ~word & 80...: not 0 if a byte is 0 */
	subq	%r8, %rcx
	notq	%r10
	andq	%r10, %rcx
	testq	%r9, %rcx
	jnz	7f
	addq	$8, %rax
	jmp	5b
7:	cmpq	%rdx, %rax
	je	3f
8:	movb	(%rsi, %rax), %cl
	movb	%cl, (%rdi, %rax)
	incq	%rax
	testb	%cl, %cl
	jnz	7b
	decq	%rax
3:	forbid_user_access
	ret
4:	movq	$-1, %rax
	jmp	3b
	fixup	2b, 4b
	fixup	6b, 4b
	fixup	8b, 4b
	.size	user_string_copy, . - user_string_copy

/* int64_t user_access_hypercall(uint32_t number, uint64_t first, uint64_t address, uint64_t bytes): a hypercall with
   the right to touch user memory */
	.globl	user_access_hypercall
	.type	user_access_hypercall, @function
user_access_hypercall:
	allow_user_access
	movl	%edi, %eax
	movq	%rsi, %rdi
	movq	%rdx, %rsi
	movl	$VMM_PORT_HYPERCALL, %edx
	outl	%eax, %dx
	forbid_user_access
	ret
	.size	user_access_hypercall, . - user_access_hypercall

/* int64_t user_exchange_word(uint32_t *word, uint32_t old, uint32_t new): 0: it was `old` and is `new`; 1: it was not; -1: a
   fault */
	.globl	user_exchange_word
	.type	user_exchange_word, @function
user_exchange_word:
	allow_user_access
	movl	%esi, %eax
1:	lock cmpxchgl %edx, (%rdi)
	movl	$0, %eax
	je	2f
	movl	$1, %eax
2:	forbid_user_access
	ret
3:	movq	$-1, %rax
	jmp	2b
	fixup	1b, 3b
	.size	user_exchange_word, . - user_exchange_word

	.section .note.GNU-stack, "", @progbits
