/* SPDX-License-Identifier: MIT */
/* Halts with interrupts on and a timer that fires for ever: asleep, but not dead. Expected: only a signal or the timeout ends it. */
#include "hostile.h"

start:
	mov	$MSR_X2APIC_SPURIOUS, %ecx
	mov	$(APIC_SPURIOUS_ENABLE + 0xff), %eax
	xor	%edx, %edx
	wrmsr
	mov	$MSR_X2APIC_DIVIDE, %ecx
	mov	$APIC_DIVIDE_BY_1, %eax
	wrmsr
	mov	$MSR_X2APIC_LVT_TIMER, %ecx
	mov	$(APIC_TIMER_PERIODIC + 32), %eax
	wrmsr
	mov	$MSR_X2APIC_INITIAL_COUNT, %ecx
	mov	$100000000, %eax
	wrmsr
1:	sti
	hlt
	jmp	1b

timer:
	vmm_entry 32
	mov	$MSR_X2APIC_EOI, %ecx
	xor	%eax, %eax
	xor	%edx, %edx
	wrmsr
	vmm_iret
	iretq
