/* SPDX-License-Identifier: MIT */
/* Every CPU halts; CPU 1 has a timer that fires after 2.5 s, and then wakes CPU 0, which ends the guest. Expected: status
   7: nobody takes them for dead before. */
#include "hostile.h"

.macro enable_apic
	mov	$MSR_X2APIC_SPURIOUS, %ecx
	mov	$(APIC_SPURIOUS_ENABLE + 0xff), %eax
	xor	%edx, %edx
	wrmsr
.endm

start:
	enable_apic
1:	sti
	hlt
	jmp	1b

other:
	enable_apic
	cmp	$1, %edi
	jne	1b
	mov	$MSR_X2APIC_DIVIDE, %ecx
	mov	$APIC_DIVIDE_BY_1, %eax
	wrmsr
	mov	$MSR_X2APIC_LVT_TIMER, %ecx
	mov	$33, %eax
	wrmsr
	mov	$MSR_X2APIC_INITIAL_COUNT, %ecx
	mov	$2500000000, %eax
	wrmsr
	jmp	1b
	vmm_cpu_entry other

timer:
	vmm_entry 33
	mov	$MSR_X2APIC_ICR, %ecx
	mov	$34, %eax
	xor	%edx, %edx
	wrmsr
	cli
2:	hlt
	jmp	2b

woken:
	vmm_entry 34
	finish	7
