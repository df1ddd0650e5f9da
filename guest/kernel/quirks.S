/* SPDX-License-Identifier: MIT */
/*
 * quirks.S: entries for KVM hosts that deliver `syscall` and `int 0x80` of ring 3 as exceptions. On such a host the VMM
 * wires these stubs in place of those in traps.S; anywhere else nothing here ever runs.
 */
#include "abi.h"
#include "offsets.h"
#include "recorder_asm.h"
#include "traps_asm.h"

	.text

/*
 * `syscall` of ring 3 sets rcx, r11, rip and rflags but stays in ring 3, so that the fetch at LSTAR faults: a page fault
 * by a user fetch of a present page (error 0x15) at LSTAR, with IF = 0: FMASK has cleared it. That tells it from a wild
 * jump to the same address: ring 3 has no other way to be there with interrupts off.
 *
 *     rsp ->   rax, error, rip = LSTAR, cs, rflags, rsp, ss
 *     becomes  rax, number, rip = rcx, cs, rflags = r11, rsp, ss
 */
1:	jmp	record_site
	.globl	page_fault_quirk_entry
	.type	page_fault_quirk_entry, @function
page_fault_quirk_entry:
	vmm_entry VECTOR_PF, quirk=VMM_QUIRK_SYSCALL_FAULTS, recorder=1b
	pushq	%rax
	cmpq	$(PF_P | PF_U | PF_I), FRAME_ERROR - FRAME_RAX(%rsp)
	jne	page_fault_rax_saved
	movq	%cr2, %rax
	cmpq	$syscall_entry, %rax
	jne	page_fault_rax_saved
	testl	$RFLAGS_IF, FRAME_RFLAGS - FRAME_RAX(%rsp)
	jnz	page_fault_rax_saved
	popq	%rax
	movq	%rax, (%rsp)		/* error: the number */
	movq	%rcx, FRAME_RIP - FRAME_ERROR(%rsp)
	movq	%r11, FRAME_RFLAGS - FRAME_ERROR(%rsp)
	pushq	%rax
	swapgs
	plain_flags			/* the delivery of an exception has set RF */
	jmp	syscall_rax_saved
	.size	page_fault_quirk_entry, . - page_fault_quirk_entry

/*
 * `int n` of ring 3 is an invalid opcode there (n = 3 and 4 apart). quirk_invalid_opcode() looks at the instruction.
 */
	.globl	invalid_opcode_quirk_entry
	.type	invalid_opcode_quirk_entry, @function
invalid_opcode_quirk_entry:
	vmm_entry VECTOR_UD, quirk=VMM_QUIRK_INT_IS_UD
	pushq	$0
	pushq	%rax
	enter_kernel
	movq	%rsp, %rdi
	call	quirk_invalid_opcode
	testb	%al, %al
	jz	return_from_trap
	movl	FRAME_RAX(%rsp), %eax	/* rbx and rbp still have the caller's values */
	movl	FRAME_RCX(%rsp), %ecx
	movl	FRAME_RDX(%rsp), %edx
	movl	FRAME_RSI(%rsp), %esi
	movl	FRAME_RDI(%rsp), %edi
	jmp	int80_registers_saved
	.size	invalid_opcode_quirk_entry, . - invalid_opcode_quirk_entry

/* ---- the recorder of the page fault, which may be a system call ---- */
record_site:
	testb	$3, 16(%rsp)		/* error, rip, cs */
	jz	record_page_fault_kernel
	cmpq	$(PF_P | PF_U | PF_I), (%rsp)
	jne	record_page_fault_user
	testl	$RFLAGS_IF, 24(%rsp)
	jnz	record_page_fault_user
	swapgs
	record_open record_call_busy
	pushq	%rax
	movq	%cr2, %rax
	cmpq	$syscall_entry, %rax
	jne	record_other
	popq	%rax
	record_system_call record_call, record_call_done, record_call_stand_in, 16, quirk=1
record_call_done:
	swapgs
	jmp	page_fault_quirk_entry + 2
record_other:
	popq	%rax
	movq	%gs:CPU_RECORD_RSP, %rsp
	swapgs
	jmp	record_page_fault_user
record_call_busy:
	movq	%gs:CPU_RECORD_RSP, %rsp
record_call_trap:
	swapgs
record_call_stand_in:			/* in a record: that it is a system call */
	vmm_entry_stand_in VECTOR_PF, page_fault_quirk_entry
	jmp	page_fault_quirk_entry + 2

	record_page_fault record_page_fault, page_fault_quirk_entry

	.section .note.GNU-stack, "", @progbits
