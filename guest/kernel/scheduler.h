/* SPDX-License-Identifier: MIT */
/*
 * scheduler.h: who runs next, and sleeping. Round robin: ready threads stand in one queue, the timer sends the running
 * one to its end.
 */
#ifndef KERNEL_SCHEDULER_H
#define KERNEL_SCHEDULER_H

#include "thread.h"

/* Puts a thread at the end of the ready queue; a CPU that idles is called. */
void scheduler_ready(struct thread *thread);

/*
 * The current thread stands aside until somebody calls wake(channel) or scheduler_wake(), or the clock shows
 * `deadline`. The caller asks its condition again: also others may have been woken. Who can be interrupted by signals
 * asks for them before it sleeps; it is woken when one comes. A channel is any address that both sides know.
 */
void sleep_on(const void *channel, uint64_t deadline);
void wake(const void *channel);

/* Wakes at most `limit` sleepers for which match() is true, those who have slept longest first. Returns how many. */
unsigned wake_matching(bool (*match)(struct thread *thread, void *context), void *context, unsigned limit);

/* Makes a thread that sleeps ready; any other is left alone. */
void scheduler_wake(struct thread *thread);

/* Wakes all sleepers whose time has come. */
void scheduler_wake_sleepers(void);

/* The current thread goes to the end of the queue. */
void scheduler_yield(void);

/* Runs another thread. The current one must stand in a queue, or it will not run again. */
void schedule(void);

/* Does anybody wait for the CPU? */
bool scheduler_others_ready(void);

/* A CPU other than the first begins here, in its idle thread. */
_Noreturn void scheduler_start_cpu(uint32_t index);

/* Calls the other CPUs that run in this address space into the kernel, where they wait for the lock, and has them
   forget their TLB: before anything is taken away from its tables. Until the lock is given back nobody uses it in
   ring 3. */
struct space;
void cpus_park(const struct space *space);

/* Makes the CPU on which another thread runs in ring 3 come into the kernel, to see the thread's work. */
void cpus_call(const struct thread *thread);

#endif
