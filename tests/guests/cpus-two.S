/* SPDX-License-Identifier: MIT */
/*
 * cpus-two.S: two CPUs, one address space. CPU 1 begins at vmm_cpu_entry with its number, its stack and the tables of the
 * kernel half, enters ring 3, makes a system call and halts in it; CPU 0 enters ring 3, and in its system call wakes CPU 1
 * by an inter-processor interrupt. CPU 1 returns to ring 3 and calls again; then CPU 0 returns, too, and ends the guest.
 * Each waits for the other, so that there is one order. Transitions: the calls of both CPUs in that order.
 */
#include "hostile.h"

#define IPI 0x41
#define SPIN_UNTIL(value) 1: pause; cmpl $(value), turn(%rip); jne 1b

.macro enable_apic
	mov	$MSR_X2APIC_SPURIOUS, %ecx
	mov	$(APIC_SPURIOUS_ENABLE + 0xff), %eax
	xor	%edx, %edx
	wrmsr
.endm

/* To ring 3 at \code, with the CPU's number in rbx and no stack of its own. */
.macro enter_ring3_at code, cpu
	mov	$\cpu, %ebx
	push	$SELECTOR_USER_DATA
	push	$0
	push	$2
	push	$SELECTOR_USER_CODE
	push	$\code
	vmm_iret
	iretq
.endm

start:
	mov	%rsp, %rbp			# the kernel's stack, for system calls
	cmpl	$2, 16(%rdi)			# vmm_boot_info.cpus
	jne	wrong
	enable_apic
	SPIN_UNTIL(1)
	enter_ring3_at user_main0, 0

/* rdi = number, rsp = top of the idle stack, CR3 = kernel_cr3 */
cpu_start:
	mov	%rsp, %rbp
	cmp	$1, %rdi
	jne	wrong
	movabs	$(CPU_AREA_PER_CPU + CPU_AREA_SIZE + CPU_AREA_IDLE_STACK + CPU_AREA_IDLE_STACK_SIZE), %rax
	cmp	%rax, %rsp
	jne	wrong
	movabs	$BOOT_INFO_ADDRESS, %rdx
	mov	%cr3, %rax
	cmp	40(%rdx), %rax			# kernel_cr3
	jne	wrong
	mov	48(%rdx), %rax			# user_cr3
	mov	%rax, %cr3
	mov	$MSR_X2APIC_ID, %ecx
	rdmsr
	cmp	$1, %eax
	jne	wrong
	enable_apic
	enter_ring3_at user_main1, 1

wrong:
	finish	99
	vmm_cpu_entry cpu_start

/* rax = number of the call; rbp = the kernel's stack, which ring 3 has left alone */
syscall_entry:
	vmm_syscall_entry
	mov	%rbp, %rsp
	push	%rcx
	push	%r11
	cmp	$1, %eax
	je	sleep
	cmp	$2, %eax
	je	wake
	cmp	$3, %eax
	je	stop
	finish	0

sleep:	movl	$1, turn(%rip)
	sti
	hlt
	cli
	cmpl	$2, turn(%rip)			# the interrupt came
	jne	wrong
	jmp	leave

wake:	mov	$MSR_X2APIC_ICR, %ecx
	mov	$IPI, %eax
	mov	$1, %edx			# the target's APIC id
	wrmsr
	SPIN_UNTIL(3)
	jmp	leave

stop:	movl	$3, turn(%rip)
	cli
1:	hlt
	jmp	1b

leave:	pop	%r11
	pop	%rcx
	vmm_sysret
	sysretq

interrupt:
	vmm_entry IPI
	movl	$2, turn(%rip)
	mov	$MSR_X2APIC_EOI, %ecx
	xor	%eax, %eax
	xor	%edx, %edx
	wrmsr
	vmm_iret
	iretq

/* Where `syscall` arrives as a page fault, the VMM completes it here. */
page_fault:
	vmm_entry 14
	jmp	wrong

	.data
turn:	.long	0

	.section .user.text, "ax", @progbits
user_main0:
	mov	$2, %eax
	syscall
	mov	$4, %eax
	syscall

user_main1:
	mov	$1, %eax
	syscall
	mov	$3, %eax
	syscall
