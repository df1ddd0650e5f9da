/* SPDX-License-Identifier: MIT */
/*
 * hooks.h: what the kernel's processes ask of Linux's part: copying and giving back what it keeps for them.
 */
#ifndef LINUX_HOOKS_H
#define LINUX_HOOKS_H

#include <stdbool.h>
#include <stdint.h>

struct process;
struct thread;

/* A new process gets what the parent has. False: no memory, nothing was done. */
bool linux_copy_process(struct process *child, const struct process *parent);

/* The end of a thread: robust list, clear_child_tid, signals that were for it. */
void linux_end_thread(struct thread *thread);

/* The end of a process: files, signals, timers. */
void linux_end_process(struct process *process);

/* Sends the parent its signal and wakes it. False: nobody will ask for the status. */
bool linux_tell_parent(struct process *process);

/* At every timer interrupt: alarms whose time has come. */
void linux_tick(void);

/* Something has happened in the VMM's world (VMM_HOST_* of abi.h). */
void linux_host_events(uint64_t events);

#endif
