/* SPDX-License-Identifier: MIT */
/*
 * process.h: processes: an address space, what its threads share, their birth and their end.
 */
#ifndef KERNEL_PROCESS_H
#define KERNEL_PROCESS_H

#include "space.h"
#include "thread.h"

struct process {
	uint32_t pid;
	bool zombie;            /* all threads have ended; nobody has asked for the status yet */
	bool ending;            /* all threads are to end, with `status` */
	int status;             /* as wait4 gives it */
	bool no_memory;         /* a fault found none: SIGKILL is on its way */
	int end_signal;         /* to the parent, at the end */
	struct process *next;   /* in the list of all */
	struct process *parent; /* NULL: nobody will ask for its status */
	struct thread *leader;  /* its tid is the pid */
	struct thread *threads; /* live ones */
	struct space *space;    /* NULL: a zombie */
	bool vfork;     /* it lends its parent's memory, or is to look so: the parent waits until it has ended or
			   runs another program */
	uint64_t ticks; /* of threads that have ended */
	struct linux_process linux_state;
};

#define INIT_PID 1

/* The list of all, zombies too; the first process is its first. */
extern struct process *processes;

static inline struct process *current_process(void)
{
	return current()->process;
}

/* The address space of the current process, for whoever looks at more than its root. */
static inline struct space *current_space(void)
{
	struct space *space = current_process()->space;

	if (space->boot_regions)
		space_take_boot_regions(space);
	return space;
}

/* The address space of the first process; `root`: its CR3. */
extern struct space boot_space;
extern struct process init;

/* Completes the process that the VMM prepared, pid 1: what is not 0 of its thread and could not be written down, since
   all of threads[] in the file would make that larger by far. The thread is current from the start (scheduler.c), and
   in the process table. Must be called before anything else here. */
static inline void process_start_first(uint64_t root)
{
	threads[0].tid = INIT_PID;
	threads[0].state = THREAD_READY;
	threads[0].stack_top = FIRST_STACK_TOP;
	threads[0].process = &init;
	boot_space.root = root;
}

/* What a new process or thread is to be. */
struct clone_request {
	bool thread;      /* one more thread of the process, in the same address space (share_space) */
	bool share_space; /* a process in the same address space */
	bool vfork;       /* the caller waits for the end of the new process, or for its next program */
	int end_signal;
	uint64_t stack; /* rsp; 0: the caller's */
	bool set_tls;
	uint64_t tls;             /* FS base */
	uint64_t set_child_tid;   /* 0: nowhere */
	uint64_t clear_child_tid; /* 0: nowhere */
	uint64_t set_parent_tid;  /* 0: nowhere */
};

/* A copy of the current thread, ready to run, which sees 0 as the result of its system call. Returns its tid, or
   -EAGAIN, -ENOMEM. */
int64_t process_clone(const struct clone_request *request);

/* Ends the current thread; with the last one the process ends. */
_Noreturn void process_end_thread(uint64_t code);

/* Ends the current process: by itself, with a code from 0 to 255, or by a signal that is not 0. */
_Noreturn void process_exit(uint64_t code, uint64_t signal);

/* Ends all other threads of the current process, for execve. False: it is itself to end. */
bool process_end_others(void);

/* Another address space for the current process, whose only thread is the current one; the old one goes. */
void process_replace_space(struct space *space);

/* Its vfork parent goes on. */
void process_release_parent(struct process *process);

/* Its process group and session; children have their parent's. */
static inline uint32_t process_group(const struct process *process)
{
	return process->linux_state.group != 0 ? process->linux_state.group : INIT_PID;
}

static inline uint32_t process_session(const struct process *process)
{
	return process->linux_state.session != 0 ? process->linux_state.session : INIT_PID;
}

struct process *process_find(uint32_t pid); /* zombies too; or NULL */

/* Forgets a zombie. */
void process_reap(struct process *process);

#endif
