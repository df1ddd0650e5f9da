/* SPDX-License-Identifier: MIT */
/*
 * scheduler.h: who runs next. Round robin: ready processes stand in one queue, the timer sends the running one to its
 * end.
 */
#ifndef KERNEL_SCHEDULER_H
#define KERNEL_SCHEDULER_H

#include "process.h"

/* Puts a process at the end of the ready queue. */
void scheduler_ready(struct process *process);

/* Makes a process that waits or sleeps ready; any other is left alone. */
void scheduler_wake(struct process *process);

/* Wakes all sleepers whose time has come. */
void scheduler_wake_sleepers(void);

/* The current process stands aside: to the end of the queue; until it is woken; until the clock shows wake_at. */
void scheduler_yield(void);
void scheduler_wait(enum process_state state);
void scheduler_sleep(uint64_t wake_at);

/* Runs another process. The current one must stand in a queue, or it will not run again. */
void schedule(void);

/* Does anybody wait for the CPU? */
bool scheduler_others_ready(void);

#endif
