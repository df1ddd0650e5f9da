/* SPDX-License-Identifier: MIT */
/*
 * cpu.h: what belongs to one CPU, and the instructions that C has no words for.
 */
#ifndef KERNEL_CPU_H
#define KERNEL_CPU_H

#include <stddef.h>
#include <stdint.h>

#include "layout.h"
#include "offsets.h"
#include "x86.h"

struct process;

/* One CPU's data. GS holds its address while the CPU is in ring 0. */
struct cpu {
	struct process *current; /* who runs; never NULL */
	uint64_t stack_top;      /* of current's kernel stack: `syscall`, unlike an interrupt, does not load rsp */
	uint64_t user_rsp;       /* for the first instructions of the system-call entry */
	struct x86_tss *tss;
	struct process *idle; /* NULL until it is needed */
};
_Static_assert(offsetof(struct cpu, current) == CPU_CURRENT && offsetof(struct cpu, stack_top) == CPU_STACK_TOP &&
		       offsetof(struct cpu, user_rsp) == CPU_USER_RSP,
	       "offsets.h");

extern struct cpu boot_cpu;

/* The process on whose behalf the kernel runs. A kernel stack belongs to one process for as long as that lives, so the
   compiler may remember the answer. */
static inline struct process *current(void)
{
	struct process *process;

	asm("movq %%gs:%c1, %0" : "=r"(process) : "i"(CPU_CURRENT));
	return process;
}

static inline void write_msr(uint32_t msr, uint64_t value)
{
	asm volatile("wrmsr" : : "c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32)) : "memory");
}

static inline uint64_t read_cr2(void)
{
	uint64_t value;

	asm volatile("movq %%cr2, %0" : "=r"(value));
	return value;
}

/* Also forgets all translations of the address space before: no page of ours is global. */
static inline void write_cr3(uint64_t value)
{
	asm volatile("movq %0, %%cr3" : : "r"(value) : "memory");
}

static inline void invalidate_page(uint64_t address)
{
	asm volatile("invlpg (%0)" : : "r"(address) : "memory");
}

static inline uint64_t read_tsc(void)
{
	uint32_t low, high;

	asm volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}

/* AMD APM vol. 2, "FXSAVE and FXRSTOR Instructions": x87 and SSE registers as 512 bytes. */
struct fpu_state {
	uint16_t fcw; /* x87 control word */
	uint8_t x87[22];
	uint32_t mxcsr; /* SSE control and status */
	uint8_t registers[484];
} __attribute__((aligned(16)));
_Static_assert(offsetof(struct fpu_state, mxcsr) == 24 && sizeof(struct fpu_state) == 512, "FXSAVE image");

static inline void save_fpu(struct fpu_state *state)
{
	asm volatile("fxsave64 %0" : "=m"(*state));
}

static inline void load_fpu(const struct fpu_state *state)
{
	asm volatile("fxrstor64 %0" : : "m"(*state));
}

/* Halts until an interrupt has been handled. `sti` takes effect after the next instruction, so none slips in between
   and leaves the CPU asleep: AMD APM vol. 3, "STI". */
static inline void wait_for_interrupt(void)
{
	asm volatile("sti; hlt; cli" : : : "memory");
}

#endif
