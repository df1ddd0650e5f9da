/* SPDX-License-Identifier: MIT */
/*
 * traps.S: all doors between ring 3 and ring 0: an entry stub for each vector and for `syscall`, and the ways back by
 * `sysretq` and `iretq`. AMD APM vol. 2, "Long-Mode Interrupt Control Transfers" and "SYSCALL and SYSRET".
 *
 * Each stub begins with its trace site and ends with a struct trap_frame on the stack (trap.h):
 *
 *                        ss, rsp, rflags, cs, rip     by the CPU, or by syscall_entry in its place
 *                        error                        by the CPU for some exceptions, else by the stub: 0, or the number
 *                        rax                          by the stub
 *     rsp ->             rdi ... r15                  by save_registers
 *
 * Interrupts are off in ring 0, except where the idle process waits.
 */
#include "abi.h"
#include "offsets.h"
#include "recorder_asm.h"
#include "traps_asm.h"

	.text

/* ---- the system call: at the entry rcx = user rip, r11 = user rflags, rsp = user rsp ---- */
1:	jmp	record_syscall
	.globl	syscall_entry
	.type	syscall_entry, @function
syscall_entry:
	vmm_syscall_entry recorder=1b
	swapgs
syscall_entry_gs:
	movq	%rsp, %gs:CPU_USER_RSP
	movq	%gs:CPU_STACK_TOP, %rsp
	pushq	$SELECTOR_USER_DATA
	pushq	%gs:CPU_USER_RSP
	pushq	%r11
	pushq	$SELECTOR_USER_CODE
	pushq	%rcx
	pushq	%rax			/* error: the number */
	pushq	%rax
	.globl	syscall_rax_saved	/* quirks.S comes in here */
syscall_rax_saved:
	save_registers
	cmpb	$0, kernel_lock_needed(%rip)
	jne	3f
2:	cmpl	$SYSCALLS_END, %eax	/* Linux, too, looks at 32 bits of it */
	jae	1f
	movl	%eax, %eax
	movq	%r10, %rcx		/* the other arguments are where C wants them */
	call	*syscall_table(, %rax, 8)
0:	movq	%gs:CPU_CURRENT, %rcx
	movq	%rax, FRAME_RAX(%rsp)
	cmpl	$0, THREAD_WORK(%rcx)
	jne	return_to_user_with_work
	leave_kernel
	/* C has kept rbx, rbp and r12 to r15, and nobody has touched the frame: else there would be work */
	movq	FRAME_R10(%rsp), %r10
	movq	FRAME_R9(%rsp), %r9
	movq	FRAME_R8(%rsp), %r8
	movq	FRAME_RDX(%rsp), %rdx
	movq	FRAME_RSI(%rsp), %rsi
	movq	FRAME_RDI(%rsp), %rdi
	movq	FRAME_RIP(%rsp), %rcx
	movq	FRAME_RFLAGS(%rsp), %r11
	movq	FRAME_RSP(%rsp), %rsp
	swapgs
sysret_site:
	vmm_sysret recorder=9f
	sysretq
9:	jmp	record_sysret
1:	call	sys_unimplemented
	jmp	0b
3:	call	kernel_lock
	movq	FRAME_RDI(%rsp), %rdi
	movq	FRAME_RSI(%rsp), %rsi
	movq	FRAME_RDX(%rsp), %rdx
	movq	FRAME_R10(%rsp), %r10
	movq	FRAME_R8(%rsp), %r8
	movq	FRAME_R9(%rsp), %r9
	movq	FRAME_RAX(%rsp), %rax
	jmp	2b
	.size	syscall_entry, . - syscall_entry

/* ---- int 0x80: Linux's i386 interface; 32-bit arguments in ebx, ecx, edx, esi, edi, ebp ---- */
1:	jmp	record_int80
	.globl	int80_entry
	.type	int80_entry, @function
int80_entry:
	vmm_entry 0x80, dpl=3, recorder=1b
	pushq	%rax
	pushq	%rax
	swapgs				/* ring 0 never does `int 0x80` */
	save_registers
	plain_flags
	cmpb	$0, kernel_lock_needed(%rip)
	jne	3f
2:
	.globl	int80_registers_saved	/* quirks.S comes in here, with the lock */
int80_registers_saved:
	movl	%ebp, %r9d
	movl	%edi, %r8d
	movl	%ebx, %edi
	movl	%ecx, %ebx
	movl	%esi, %ecx
	movl	%ebx, %esi
	movl	%edx, %edx
	movl	%eax, %eax
	cmpl	$I386_SYSCALLS_END, %eax
	jae	1f
	call	*i386_syscall_table(, %rax, 8)
0:	movq	%rax, FRAME_RAX(%rsp)
	jmp	return_from_int80
1:	call	sys_i386_unimplemented
	jmp	0b
3:	call	kernel_lock
	movl	FRAME_RAX(%rsp), %eax	/* rbx and rbp still have the caller's values */
	movl	FRAME_RCX(%rsp), %ecx
	movl	FRAME_RDX(%rsp), %edx
	movl	FRAME_RSI(%rsp), %esi
	movl	FRAME_RDI(%rsp), %edi
	jmp	2b
	.size	int80_entry, . - int80_entry

/* ---- the page fault, apart from the other exceptions because it is the one that must be quick ---- */
1:	jmp	record_page_fault_site
	.globl	page_fault_entry
	.type	page_fault_entry, @function
page_fault_entry:
	vmm_entry VECTOR_PF, recorder=1b
	pushq	%rax
	.globl	page_fault_rax_saved	/* quirks.S comes in here */
page_fault_rax_saved:
	enter_kernel
	movq	%rsp, %rdi
	movq	%cr2, %rsi
	call	page_fault
	jmp	return_from_trap
	.size	page_fault_entry, . - page_fault_entry

/* ---- interrupts: void handler(struct trap_frame *frame) ---- */
.macro interrupt_stub name, vector
	.globl	\name\()_entry
	.type	\name\()_entry, @function
1:	jmp	record_\name
\name\()_entry:
	vmm_entry \vector, recorder=1b
	pushq	$0
	pushq	%rax
	enter_kernel
	movq	%rsp, %rdi
	call	\name\()_interrupt
	jmp	return_from_trap
	.size	\name\()_entry, . - \name\()_entry
.endm

	interrupt_stub timer, VECTOR_TIMER
	interrupt_stub host, VMM_VECTOR_HOST
	interrupt_stub call, VECTOR_CALL

/* ---- back to whoever was interrupted; rsp points at its struct trap_frame ---- */
.macro leave_to_user
	leave_kernel
	restore_registers
	swapgs
.endm

	.globl	return_from_trap
	.type	return_from_trap, @function
return_from_trap:
	testb	$3, FRAME_CS(%rsp)
	jz	return_to_kernel
	movq	%gs:CPU_CURRENT, %rax
	cmpl	$0, THREAD_WORK(%rax)
	jne	return_to_user_with_work
	leave_to_user
user_iret_site:
	vmm_iret recorder=1f
	iretq
1:	jmp	record_user_iret
/* Without a recorder, like the first return of a new process: what such a return means lies in memory, a signal's frame
   for instance. */
return_to_user_with_work:
	movq	%rsp, %rdi
	call	return_work
return_for_the_first_time:
	leave_to_user
	vmm_iret
	iretq
	.globl	return_from_int80	/* quirks.S goes this way, too */
return_from_int80:
	movq	%gs:CPU_CURRENT, %rax
	cmpl	$0, THREAD_WORK(%rax)
	jne	return_to_user_with_work
	leave_to_user
int80_iret_site:
	vmm_iret recorder=1f
	iretq
1:	jmp	record_int80_iret
return_to_kernel:			/* out of a nested fault, or of the idle process */
	restore_registers
kernel_iret_site:
	vmm_iret recorder=1f
	iretq
1:	jmp	record_kernel_iret
	.size	return_from_trap, . - return_from_trap

/* ---- the other exceptions: void exception(struct trap_frame *frame, uint32_t vector) ---- */
.macro exception_stub name, vector, dpl=0
	.globl	\name\()_entry
	.type	\name\()_entry, @function
\name\()_entry:
	vmm_entry \vector, dpl=\dpl
	.if !((VECTORS_WITH_ERROR_CODE >> \vector) & 1)
	pushq	$0
	.endif
	pushq	%rax
	movl	$\vector, %eax
	jmp	exception_common
	.size	\name\()_entry, . - \name\()_entry
.endm

	exception_stub divide_error, VECTOR_DE
	exception_stub breakpoint, VECTOR_BP, dpl=3
	exception_stub overflow, VECTOR_OF, dpl=3
	exception_stub bound_range, VECTOR_BR
	exception_stub invalid_opcode, VECTOR_UD
	exception_stub device_not_available, VECTOR_NM
	exception_stub coprocessor_overrun, 9
	exception_stub invalid_tss, VECTOR_TS
	exception_stub segment_not_present, VECTOR_NP
	exception_stub stack_exception, VECTOR_SS
	exception_stub general_protection, VECTOR_GP
	exception_stub reserved_15, 15
	exception_stub x87_floating_point, VECTOR_MF
	exception_stub alignment_check, VECTOR_AC
	exception_stub machine_check, VECTOR_MC
	exception_stub simd_floating_point, VECTOR_XM
	exception_stub virtualization, 20
	exception_stub control_protection, VECTOR_CP
	exception_stub reserved_22, 22
	exception_stub reserved_23, 23
	exception_stub reserved_24, 24
	exception_stub reserved_25, 25
	exception_stub reserved_26, 26
	exception_stub reserved_27, 27
	exception_stub hypervisor_injection, VECTOR_HV
	exception_stub vmm_communication, VECTOR_VC
	exception_stub security, VECTOR_SX
	exception_stub reserved_31, 31

	.type	exception_common, @function
exception_common:
	enter_kernel
	movq	%rsp, %rdi
	movl	%eax, %esi
	call	exception
	jmp	return_from_trap
	.size	exception_common, . - exception_common

/*
 * ---- the debug exception: on a stack of its own, because with TF set some CPUs raise it at the first instruction behind
 * `syscall`, in ring 0 on the stack of ring 3 (FMASK clears TF; AMD APM vol. 3, "SYSCALL"). There it only switches TF off:
 * the caller's flags are in r11. From ring 3 the frame moves to the thread's stack, like that of any exception. ----
 */
	.globl	debug_entry
	.type	debug_entry, @function
debug_entry:
	vmm_entry VECTOR_DB, ist=IST_DB
	testb	$3, 8(%rsp)		/* CS */
	jnz	1f
	andl	$~RFLAGS_TF, 16(%rsp)
	vmm_iret
	iretq
1:	swapgs
	pushq	%rax
	pushq	%rcx
	movq	%gs:CPU_STACK_TOP, %rax
	subq	$(FRAME_SIZE - FRAME_RAX), %rax
	.irp	offset, 0, 8, 16, 24, 32
	movq	16 + \offset(%rsp), %rcx
	movq	%rcx, FRAME_RIP - FRAME_RAX + \offset(%rax)
	.endr
	movq	$0, FRAME_ERROR - FRAME_RAX(%rax)
	movq	8(%rsp), %rcx
	movq	%rcx, (%rax)
	movq	(%rsp), %rcx
	movq	%rax, %rsp
	swapgs				/* enter_kernel does it */
	movl	$VECTOR_DB, %eax
	jmp	exception_common
	.size	debug_entry, . - debug_entry

/* ---- the double fault: on its own stack, and for good. GS may be either ring's: nothing here uses it ---- */
	.globl	double_fault_entry
	.type	double_fault_entry, @function
double_fault_entry:
	vmm_entry VECTOR_DF, ist=IST_DF
	pushq	%rax
	save_registers
	plain_flags
	movq	%rsp, %rdi
	movl	$VECTOR_DF, %esi
	call	double_fault
	ud2
	.size	double_fault_entry, . - double_fault_entry

/* ---- the NMI: may come between any two instructions, even between `syscall` and swapgs, so it touches no register
   and no GS. It counts. ---- */
	.globl	nmi_entry
	.type	nmi_entry, @function
nmi_entry:
	vmm_entry VECTOR_NMI, ist=IST_NMI
	incq	nmi_count(%rip)
	vmm_iret
	iretq
	.size	nmi_entry, . - nmi_entry

/* ---- a spurious interrupt: AMD APM vol. 2, "Spurious Interrupts": no end-of-interrupt for it ---- */
	.globl	spurious_entry
	.type	spurious_entry, @function
spurious_entry:
	vmm_entry VECTOR_SPURIOUS
	vmm_iret
	iretq
	.size	spurious_entry, . - spurious_entry

/* The first program begins, at rax. Nothing of the kernel's may be left in a register; those that C keeps are 0 since the
   VMM started us. */
	.globl	enter_user
	.type	enter_user, @function
enter_user:
	movabsq	$(BOOT_INFO_ADDRESS + BOOT_INFO_USER_RSP), %rdx
	pushq	$SELECTOR_USER_DATA
	pushq	(%rdx)
	pushq	$(RFLAGS_RESERVED1 | RFLAGS_IF)
	pushq	$SELECTOR_USER_CODE
	pushq	%rax
	.irp	register, eax, ecx, edx, esi, edi, r8d, r9d, r10d, r11d
	xorl	%\register, %\register
	.endr
	leave_kernel
	swapgs
	vmm_iret
	iretq
	.size	enter_user, . - enter_user

/* A new process begins here, out of switch_stacks; its trap frame lies at rsp. */
	.globl	return_from_fork
	.type	return_from_fork, @function
return_from_fork:
	call	process_first_run
	jmp	return_for_the_first_time
	.size	return_from_fork, . - return_from_fork

/* ---- the recorders of the sites above ---- */
record_syscall:
	swapgs
	record_open record_syscall_busy
	record_system_call record_syscall, syscall_entry_gs, syscall_entry, 14
record_syscall_busy:
	movq	%gs:CPU_RECORD_RSP, %rsp
record_syscall_trap:
	swapgs
	vmm_stand_in VMM_PORT_SYSCALL, syscall_entry
	jmp	syscall_entry + 2

record_sysret:
	record_return_by_sysret sysret_site

record_page_fault_site:
	testb	$3, 16(%rsp)		/* error, rip, cs */
	jz	record_page_fault_kernel
	record_page_fault record_page_fault, page_fault_entry

	record_int80 record_int80, int80_entry
	record_interrupt record_timer, timer_entry, VECTOR_TIMER
	record_interrupt record_host, host_entry, VMM_VECTOR_HOST
	record_interrupt record_call, call_entry, VECTOR_CALL
	record_return_by_iret record_user_iret, user_iret_site, 1
	record_return_by_iret record_int80_iret, int80_iret_site, 1, plan=1
	record_return_by_iret record_kernel_iret, kernel_iret_site, 0

	vmm_rings record_rings

	.bss
	.balign	8
	.globl	nmi_count
	.type	nmi_count, @object
nmi_count:
	.quad	0
	.size	nmi_count, 8

	.section .note.GNU-stack, "", @progbits
