/* SPDX-License-Identifier: MIT */
/*
 * thread.h: threads: what the scheduler runs. Each has a kernel stack and registers; what threads share is in their
 * process (process.h).
 */
#ifndef KERNEL_THREAD_H
#define KERNEL_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi.h"
#include "cpu.h"
#include "fpu.h"
#include "linux/state.h"
#include "offsets.h"
#include "trap.h"

struct process;

enum thread_state {
	THREAD_FREE,
	THREAD_READY,  /* runs, or stands in the ready queue */
	THREAD_SLEEPS, /* until somebody wakes it, or its time has come */
	THREAD_ENDED,  /* the first thread of a process that still has others, or is a zombie */
};

/* Bits of thread->work: why the way back to ring 3 may not be the short one */
#define WORK_SIGNAL  1 /* a signal waits, or the process ends */
#define WORK_FRAME   2 /* the trap frame was changed: all registers have to be loaded, by iretq */
#define WORK_RESTART 4 /* the system call was interrupted; its result says how to go on (linux/signal.c) */

struct thread {
	uint32_t work; /* WORK_*; 0 nearly always */
	uint32_t tid;
	uint8_t uncaptured; /* the recorder could not read the buffer of its system call */
	enum thread_state state;
	struct process *process;   /* NULL: an idle thread */
	struct thread *sibling;    /* the next thread of the process */
	struct thread *next;       /* in the one queue in which it stands */
	const void *channel;       /* what it sleeps for */
	uint64_t wake_at;          /* clock_now() at which a sleep ends at the latest; NO_DEADLINE */
	uint64_t stack_top;        /* of its kernel stack; 0: this slot never had one */
	uint64_t switch_rsp;       /* on that stack, while another thread runs */
	uint64_t fs_base, gs_base; /* of ring 3 */
	uint64_t ticks;            /* timer interrupts while it ran */
	uint64_t set_child_tid;    /* where a new thread writes its own tid first; 0: nowhere */
	uint64_t fault_vector, fault_error, fault_address; /* of its latest fault: a handler is told */
	struct fpu_image *fpu;                             /* while another thread runs; NULL: it never had to wait */
	struct linux_thread linux_state;
};
_Static_assert(offsetof(struct thread, work) == THREAD_WORK && offsetof(struct thread, uncaptured) == THREAD_UNCAPTURED,
	       "offsets.h");

#define THREAD_LIMIT VMM_PROCESSES
#define NO_DEADLINE  UINT64_MAX

/* The frame of the trap from ring 3 that the thread is in. */
static inline struct trap_frame *thread_frame(const struct thread *thread)
{
	return (struct trap_frame *)thread->stack_top - 1;
}

#define FIRST_STACK_TOP (KERNEL_STACKS + KERNEL_STACK_SLOT) /* of the boot stack, which the first thread keeps */

/* All slots; the first thread is in the first one. */
extern struct thread threads[];

/* A slot with a kernel stack and a tid, for a thread that goes on as the current one is: same registers, but rax = 0,
   and its own stack if that is not 0. NULL: there is none left (-EAGAIN), or no memory (-ENOMEM), in *error. */
struct thread *thread_copy(uint64_t stack, int64_t *error);

/* The live thread with this tid, or NULL. */
struct thread *thread_find(uint32_t tid);

/* Calls back for each live thread of all processes. */
void thread_each(void (*call)(struct thread *thread, void *context), void *context);

/* Gives the slot back. It may be the current thread's, which then must not sleep or return any more. */
void thread_release(struct thread *thread);

/* Room for its FPU registers; false: no memory. */
bool thread_needs_fpu(struct thread *thread);

/* The thread that runs on a CPU which has nothing else to do. */
struct thread *thread_idle(uint32_t cpu);

/* Tells the VMM (abi.h) of a new or changed thread; of its end. */
void thread_publish(const struct thread *thread);
void thread_publish_end(const struct thread *thread, uint32_t state, int status);

/* The name under which the VMM shows it. */
char *thread_name(const struct thread *thread); /* VMM_PROCESS_NAME bytes */

#endif
