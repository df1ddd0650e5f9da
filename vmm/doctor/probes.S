/* SPDX-License-Identifier: MIT */
/*
 * probes.S: the code of the probe guests, two pages that are copied into guest memory (see probe_code.h). It runs at
 * other addresses than here, so it refers to nothing outside itself. Ring-0 code ends in `done`, which is an exit;
 * ring-3 code, which may use no port, in `ud2`. Arguments come in registers: rdi an address, rcx a count.
 */
#include "probe_code.h"
#include "x86.h"

	.section .rodata

.macro done
	outl	%eax, $PROBE_PORT_DONE
.endm

.macro write_msr msr, value
	mov	$\msr, %ecx
	mov	$\value, %eax
	xor	%edx, %edx
	wrmsr
.endm

.macro label name
	.globl	\name
\name:
.endm

	.balign	4096
label probe_kernel_code
/* The stub of vector v stands at 4 * v: `outb %al, $v` (2 bytes), then nothing good. */
	.set	vector, 0
	.rept	VECTORS
	outb	%al, $vector
	ud2
	.set	vector, vector + 1
	.endr

/* ---- crossings ---- */
label probe_lstar
	outl	%eax, $PROBE_PORT_SYSCALL
label probe_enter_ring3			/* rsp: a frame rip, cs, rflags, rsp, ss */
	iretq
label probe_sysret			/* rcx: rip, r11: rflags */
	sysretq

/* Arms the timer for one interrupt, then goes on at rdi. Intel SDM vol. 3, "Extended XAPIC (x2APIC)". */
label probe_timer
	write_msr MSR_X2APIC_SPURIOUS, (APIC_SPURIOUS_ENABLE | 0xff)
	write_msr MSR_X2APIC_DIVIDE, APIC_DIVIDE_BY_1
	write_msr MSR_X2APIC_LVT_TIMER, PROBE_TIMER_VECTOR
	write_msr MSR_X2APIC_INITIAL_COUNT, PROBE_TIMER_COUNT
	jmp	*%rdi

label probe_start
	mov	%cs, %eax
	done
label probe_out
	done
	ud2
label probe_outs
	done
	jmp	probe_outs
label probe_count0			/* rcx rounds of PROBE_COUNT_ROUND instructions */
	.rept	PROBE_COUNT_ROUND - 2
	inc	%eax
	.endr
	dec	%rcx
	jnz	probe_count0
	done
label probe_wait0
	sti
1:	jmp	1b
label probe_halt
	sti
	hlt
label probe_halted
	done

/* ---- memory ---- */
label probe_read
	mov	(%rdi), %rax
	done
label probe_write
	mov	%rax, (%rdi)
	done
label probe_jump
	jmp	*%rdi
label probe_read_with_ac		/* the way past SMAP that needs no stac */
	pushfq
	orq	$RFLAGS_AC, (%rsp)
	popfq
	mov	(%rdi), %rax
	done
label probe_reload_read			/* with the TLB emptied before */
	mov	%cr3, %rax
	mov	%rax, %cr3
	mov	(%rdi), %rax
	done
label probe_edit_read			/* writes the entry rax to rsi, then reads at rdi */
	mov	%rax, (%rsi)
	invlpg	(%rdi)
	mov	(%rdi), %rax
	done

/* ---- instructions that a KVM which interprets ring 0 may not know; rdi: 4 KiB to write to ---- */
label probe_nops0
	.rept	8
	nop
	.endr
	done
label probe_int3_0
	int3
	done
label probe_int_0
	int	$PROBE_INT_OPEN
	done
label probe_stac			/* rax = 1 */
	stac
	pushfq
	pop	%rax
	shr	$18, %rax		/* RFLAGS.AC */
	and	$1, %eax
	done
label probe_clac			/* rax = 0 */
	pushfq
	orq	$RFLAGS_AC, (%rsp)
	popfq
	clac
	pushfq
	pop	%rax
	shr	$18, %rax
	and	$1, %eax
	done
label probe_fxsave			/* rax = MXCSR's default, 0x1f80 */
	fxsave	(%rdi)
	mov	24(%rdi), %eax
	done
label probe_xsave			/* rax = what was saved: 1, the x87 state */
	mov	$1, %eax
	xor	%edx, %edx
	xsave	(%rdi)
	mov	512(%rdi), %rax
	and	$1, %eax
	done
label probe_sse				/* rax = bits of 1.0f + 1.0f */
	mov	$0x3f800000, %eax
	movd	%eax, %xmm0
	addss	%xmm0, %xmm0
	movd	%xmm0, %eax
	done
label probe_lzcnt			/* rax = 16; as bsr: 15 */
	mov	$0x8000, %edx
	lzcnt	%edx, %eax
	done
label probe_tzcnt			/* rax = 32; as bsf: 7 stays */
	mov	$7, %eax
	xor	%edx, %edx
	tzcnt	%edx, %eax
	done
label probe_popcnt			/* rax = 3 */
	mov	$7, %edx
	popcnt	%edx, %eax
	done
label probe_rdtscp0
	rdtscp
	done
	.org	probe_kernel_code + 4096		/* refused if it lies behind us: one page has to do */
label probe_kernel_code_end

	.balign	4096
label probe_user_code
label probe_user_end
	ud2
label probe_user_syscall
	syscall
label probe_user_after_syscall
	ud2
label probe_user_int
	int	$PROBE_INT_OPEN
label probe_user_after_int
	ud2
label probe_user_int_closed
	int	$PROBE_INT_CLOSED
	ud2
label probe_user_int3
	int3
label probe_user_after_int3
	ud2
label probe_user_read
	mov	(%rdi), %rax
label probe_user_after_read
	ud2
label probe_user_write
	mov	%rax, (%rdi)
label probe_user_after_write
	ud2
label probe_user_jump
	jmp	*%rdi
label probe_user_loop
	jmp	probe_user_loop
label probe_user_count
	.rept	PROBE_COUNT_ROUND - 2
	inc	%eax
	.endr
	dec	%rcx
	jnz	probe_user_count
	ud2
label probe_user_cli
	cli
	ud2
label probe_user_out
	outb	%al, $0x80		/* no stub's port matters here: it must not come through */
	ud2
label probe_user_sgdt
	sgdt	(%rdi)
	ud2
label probe_user_nops
	.rept	8
	nop
	.endr
	ud2
label probe_user_rdtscp
	rdtscp
label probe_user_after_rdtscp
	ud2
label probe_user_cpuid			/* rax: leaf; rax = its EAX */
	xor	%ecx, %ecx
	cpuid
label probe_user_after_cpuid
	ud2
label probe_user_avx			/* rax = upper half of ymm5, which then becomes 0x1133557799bbddff */
	vextractf128 $1, %ymm5, %xmm0
	movq	%xmm0, %rax
	movabs	$0x1133557799bbddff, %rcx
	movq	%rcx, %xmm0
	vinsertf128 $1, %xmm0, %ymm5, %ymm5
label probe_user_after_avx
	ud2
	.org	probe_user_code + 4096		/* refused if it lies behind us: one page has to do */
label probe_user_code_end

	.section .note.GNU-stack, "", @progbits
