/* SPDX-License-Identifier: MIT */
/* lock.c: a ticket lock: CPUs get in by the order in which they came. */
#include "lock.h"

#include <stdint.h>

#include "boot_info.h"
#include "cpu.h"
#include "hypercall.h"

/* CPU 0 has it from the start. traps.S adds one to `serving` when it gives it back. */
static uint32_t next_ticket = 1;
extern uint32_t kernel_lock_serving;
uint32_t kernel_lock_serving;
bool kernel_lock_needed;

/* There may be fewer real CPUs than ours: one that only spins takes the time of the one that it waits for. */
void spin(unsigned *spins)
{
	unsigned patience = boot_info->flags & VMM_BOOT_SLOW_RING0 ? 8 : 2000;

	asm volatile("pause");
	if (++*spins < patience)
		return;
	*spins = 0;
	hypercall(VMM_HYPERCALL_YIELD, 0, 0, 0);
}

void kernel_lock(void)
{
	struct cpu *cpu = this_cpu();
	unsigned spins = 0;
	uint32_t ticket = __atomic_fetch_add(&next_ticket, 1, __ATOMIC_RELAXED);

	__atomic_store_n(&cpu->parked, true, __ATOMIC_RELEASE);
	while (__atomic_load_n(&kernel_lock_serving, __ATOMIC_ACQUIRE) != ticket)
		spin(&spins);
	cpu->parked = false;
	if (cpu->flush) {
		cpu->flush = false;
		reload_cr3();
	}
}

void kernel_unlock(void)
{
	__atomic_store_n(&kernel_lock_serving, kernel_lock_serving + 1, __ATOMIC_RELEASE);
}

void lock_if_needed(void)
{
	if (kernel_lock_needed)
		kernel_lock();
}

void unlock_if_needed(void)
{
	if (kernel_lock_needed)
		kernel_unlock();
}
