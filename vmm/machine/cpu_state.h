/* SPDX-License-Identifier: MIT */
/*
 * cpu_state.h: the registers of a vCPU at an exit, as plain values.
 */
#ifndef VMM_MACHINE_CPU_STATE_H
#define VMM_MACHINE_CPU_STATE_H

#include <stdbool.h>
#include <stdint.h>

struct cpu_state {
	uint64_t rax, rbx, rcx, rdx, rsi, rdi, rbp, rsp;
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
	uint64_t rip, rflags;
	uint64_t cr0, cr2, cr3, cr4, efer;
	uint64_t idt_base;
	uint64_t tss_base; /* from TR */
	uint32_t idt_limit;
	uint16_t cs;
	unsigned ring; /* CPL, from SS's descriptor privilege level */
};

#endif
