/* SPDX-License-Identifier: MIT */
/*
 * cpu.h: what belongs to one CPU, and the instructions that C has no words for.
 */
#ifndef KERNEL_CPU_H
#define KERNEL_CPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "layout.h"
#include "offsets.h"
#include "x86.h"

struct thread;

/* One CPU's data. GS holds its address while the CPU is in ring 0. */
struct cpu {
	struct thread *current; /* who runs; never NULL */
	uint64_t stack_top;     /* of current's kernel stack: `syscall`, unlike an interrupt, does not load rsp */
	uint64_t user_rsp;      /* for the first instructions of the system-call entry */
	struct cpu *self;
	uint64_t record_cursor;                      /* where the recorder writes next (ring.h); filled in by the VMM */
	uint64_t record_rsp, record_rax, record_rdx; /* of the interrupted code, while the recorder works */
	struct x86_tss *tss;
	uint32_t index; /* also its APIC id */
	bool started;
	bool parked; /* waits for the kernel lock (lock.h) */
	bool flush;  /* forgets its TLB before it gets the lock */
	bool idle;   /* halts, or is about to */
};
_Static_assert(offsetof(struct cpu, current) == CPU_CURRENT && offsetof(struct cpu, stack_top) == CPU_STACK_TOP &&
		       offsetof(struct cpu, user_rsp) == CPU_USER_RSP && offsetof(struct cpu, self) == CPU_SELF &&
		       offsetof(struct cpu, record_cursor) == CPU_RECORD_CURSOR &&
		       offsetof(struct cpu, record_rsp) == CPU_RECORD_RSP &&
		       offsetof(struct cpu, record_rax) == CPU_RECORD_RAX &&
		       offsetof(struct cpu, record_rdx) == CPU_RECORD_RDX,
	       "offsets.h");

extern struct cpu cpus[];

static inline struct cpu *this_cpu(void)
{
	struct cpu *cpu;

	/* volatile: after a change of threads it may be another one */
	asm volatile("movq %%gs:%c1, %0" : "=r"(cpu) : "i"(CPU_SELF));
	return cpu;
}

/* The thread on whose behalf the kernel runs. A kernel stack belongs to one thread for as long as that lives, so the
   compiler may remember the answer. */
static inline struct thread *current(void)
{
	struct thread *thread;

	asm("movq %%gs:%c1, %0" : "=r"(thread) : "i"(CPU_CURRENT));
	return thread;
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

/* Forgets all translations. */
static inline void reload_cr3(void)
{
	uint64_t value;

	asm volatile("movq %%cr3, %0" : "=r"(value));
	write_cr3(value);
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

/* The number of the lowest bit that is set; written out because a compiler may choose tzcnt, which is not baseline. */
static inline unsigned lowest_bit(uint64_t bits)
{
	uint64_t number;

	asm("bsfq %1, %0" : "=r"(number) : "r"(bits) : "cc");
	return (unsigned)number;
}

/* Halts until an interrupt has been handled. `sti` takes effect after the next instruction, so none slips in between
   and leaves the CPU asleep: AMD APM vol. 3, "STI". */
static inline void wait_for_interrupt(void)
{
	asm volatile("sti; hlt; cli" : : : "memory");
}

#endif
