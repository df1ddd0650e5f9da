/* SPDX-License-Identifier: MIT */
/*
 * process.h: processes: what each one has, their birth and their end.
 */
#ifndef KERNEL_PROCESS_H
#define KERNEL_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi.h"
#include "cpu.h"
#include "linux/state.h"
#include "offsets.h"
#include "space.h"
#include "trap.h"

enum process_state {
	PROCESS_FREE,
	PROCESS_READY,  /* runs, or stands in the ready queue */
	PROCESS_WAITS,  /* for a child, until somebody wakes it */
	PROCESS_SLEEPS, /* until wake_at, or until somebody wakes it */
	PROCESS_EXITED, /* the parent has not asked for its status yet */
};

/* Bits of process->work: why the way back to ring 3 may not be the short one */
#define WORK_SIGNAL 1 /* a signal waits */
#define WORK_FRAME  2 /* the trap frame was changed: all registers have to be loaded, by iretq */

struct process {
	uint32_t work; /* WORK_*; 0 nearly always */
	uint32_t pid;
	enum process_state state;
	int status;                   /* as wait4 gives it; when exited */
	struct process *parent;       /* NULL: the first process, or idle */
	struct process *vfork_parent; /* waits until this one has ended; NULL: nobody does */
	struct space *space;          /* NULL: kernel half only (idle, or exited) */
	struct process *next;         /* in the one queue in which it stands */
	uint64_t wake_at;             /* clock_now() at which a sleep ends */
	uint64_t stack_top;           /* of its kernel stack; 0: this slot never had one */
	uint64_t switch_rsp;          /* on that stack, while another process runs */
	uint64_t fs_base, gs_base;    /* of ring 3 */
	uint64_t ticks;               /* timer interrupts while it ran */
	uint64_t set_child_tid;       /* where a new process writes its own pid first; 0: nowhere */
	struct linux_state linux_state;
	struct fpu_state fpu; /* while another process runs */
};
_Static_assert(offsetof(struct process, work) == PROCESS_WORK, "offsets.h");

/* The frame of the trap from ring 3 that the process is in. */
static inline struct trap_frame *process_frame(const struct process *process)
{
	return (struct trap_frame *)process->stack_top - 1;
}

#define FIRST_STACK_TOP (KERNEL_STACKS + KERNEL_STACK_SLOT) /* of the boot stack, which the first process keeps */

/* All slots; the first process is in the first one. */
extern struct process processes[];

/* The address space of the current process, for whoever looks at more than its root. */
static inline struct space *current_space(void)
{
	struct space *space = current()->space;

	if (space->boot_regions)
		space_take_boot_regions(space);
	return space;
}

/* Completes the process that the VMM prepared, pid 1. Must be called before anything else here. */
void process_start_first(void);

/* A copy of the current process, ready to run, which sees 0 as the result of its system call. `stack`: its rsp, or 0
   for the parent's. Returns its pid, -EAGAIN or -ENOMEM. With `vfork` the caller waits for its end. */
int64_t process_fork(uint64_t stack, uint64_t set_child_tid, bool vfork);

/* Ends the current process: by itself, with a code from 0 to 255, or by a signal that is not 0. */
_Noreturn void process_exit(uint64_t code, uint64_t signal);

/* Takes the status of an exited child: of `pid`, or of any if -1. Returns its pid; 0: children, but none has exited and
   `wait` is false; -ECHILD; -EINTR. */
int64_t process_wait(int64_t pid, bool wait, int *status);

/* The live process with this pid, or NULL. */
struct process *process_find(uint32_t pid);

/* Calls back for each live process. */
void process_each(void (*call)(struct process *process, void *context), void *context);

/* The process that only waits for interrupts. */
struct process *process_new_idle(void (*run)(void));

#endif
