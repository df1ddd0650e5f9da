/* SPDX-License-Identifier: MIT */
/*
 * recording.h: method `ring` in the run: what the kernel's recorder has written becomes events. All of it does nothing
 * with other methods, and is called with the run's lock held unless it says otherwise.
 */
#ifndef VMM_RUN_RECORDING_H
#define VMM_RUN_RECORDING_H

#include "run.h"

/* Before the first instruction: the rings, and the guest's TSC against the host's. memory: see rings_open(). */
bool recording_open(struct run *run, gpa_t memory, struct vmm_error *error);

/* A thread that empties the rings while the guest runs; from run_guest(), without the lock. */
bool recording_start(struct run *run, struct vmm_error *error);
void recording_join(struct run *run);

/* At an exit of this CPU: reports what was recorded before it, on any CPU. */
void recording_catch_up(struct run_cpu *cpu);

/* After the end: reports what is left, whatever its time. */
void recording_finish(struct run *run);

/* The kernel says that something has changed (VMM_CHANGED_*). */
void recording_changed(struct run_cpu *cpu, const struct site *site);

/* A transition of this CPU was observed by an exit: what it was wanted for is done. */
void recording_observed(struct run_cpu *cpu);

/* Time of the run that belongs to a TSC of the host. */
uint64_t recording_ns(const struct run *run, uint64_t tsc);

#endif
