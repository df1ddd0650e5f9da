/* SPDX-License-Identifier: MIT */
/* proof_code.S: one access, by ring 0 or by ring 3 (see proof_code.h). It refers to nothing outside itself. */
#include "proof_code.h"
#include "x86.h"

	.section .rodata

.macro label name
	.globl	\name
\name:
.endm

.macro accesses prefix, end
label \prefix\()read
	movb	(%rdi), %al
	jmp	\end
label \prefix\()stack_read
	movb	(%rbp), %al
	jmp	\end
label \prefix\()write
	movb	%al, (%rdi)
	jmp	\end
label \prefix\()stack_write
	movb	%al, (%rbp)
	jmp	\end
label \prefix\()jump
	jmp	*%rdi
.endm

label proof_kernel_code
	.set	vector, 0
	.rept	VECTORS
	outb	%al, $vector
	ud2
	.set	vector, vector + 1
	.endr
label proof_enter_ring3			/* rsp: a frame rip, cs, rflags, rsp, ss */
	iretq
	accesses proof_, proof_end
label proof_end
	outl	%eax, $PROOF_PORT_DONE
	ud2
label proof_kernel_code_end

label proof_user_code
	accesses proof_user_, proof_user_end
label proof_user_end
	ud2
label proof_user_code_end

	.section .note.GNU-stack, "", @progbits
