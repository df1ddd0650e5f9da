/* SPDX-License-Identifier: MIT */
/*
 * cpu_calls.h: the hypercalls that concern the CPU which makes them, and the events of the host.
 */
#ifndef VMM_RUN_CPU_CALLS_H
#define VMM_RUN_CPU_CALLS_H

#include "run.h"

/* Carries out the call in the CPU's registers and fills in call, args and result of the event. False, and nothing done:
   it is not one of these. */
bool cpu_hypercall(struct run_cpu *cpu, struct event_exit *event);

/* Is this a possible XSAVE image (standard format) of `bytes` bytes with components of xcr0 only? Part of
   VMM_HYPERCALL_FPU, apart for the tests. */
bool fpu_image_valid(const void *image, uint32_t bytes, uint64_t xcr0);

#endif
