/* SPDX-License-Identifier: MIT */
/* recorder.c: what the VMM and the recorder (recorder_asm.h) share; all of it is filled in before the start. */
#include "abi.h"
#include "cpu.h"

/* VMM_PLAN_* by number */
extern uint8_t record_plan[SYSCALLS_END], record_i386_plan[I386_SYSCALLS_END];
uint8_t record_plan[SYSCALLS_END], record_i386_plan[I386_SYSCALLS_END];

_Static_assert(SYSCALLS_END == I386_SYSCALLS_END, "one length");

extern const struct vmm_rings record_rings;
const struct vmm_rings record_rings = {
	.cursor = (uint64_t)&cpus[0].record_cursor,
	.stride = sizeof(struct cpu),
	.cpus = VMM_CPUS_MAX,
	.calls = SYSCALLS_END,
	.plan = (uint64_t)record_plan,
	.i386_plan = (uint64_t)record_i386_plan,
};
