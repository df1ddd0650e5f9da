/* SPDX-License-Identifier: MIT */
/* recorder.c: what the VMM and the recorder (recorder_asm.h) share; all of it is filled in before the start. */
#include "abi.h"
#include "cpu.h"

/* VMM_PLAN_* by number */
extern uint8_t record_plan[VMM_PLAN_CALLS], record_i386_plan[VMM_PLAN_CALLS];
uint8_t record_plan[VMM_PLAN_CALLS], record_i386_plan[VMM_PLAN_CALLS];

_Static_assert(VMM_PLAN_CALLS >= SYSCALLS_END && VMM_PLAN_CALLS >= I386_SYSCALLS_END, "ring.h");

extern const struct vmm_rings record_rings;
const struct vmm_rings record_rings = {
	.cursor = (uint64_t)&cpus[0].record_cursor,
	.stride = sizeof(struct cpu),
	.cpus = VMM_CPUS_MAX,
	.plan = (uint64_t)record_plan,
	.i386_plan = (uint64_t)record_i386_plan,
};
