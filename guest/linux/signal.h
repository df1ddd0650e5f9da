/* SPDX-License-Identifier: MIT */
/*
 * signal.h: sending signals, and what the rest of the kernel asks about them. Taking them: signal_take.c.
 */
#ifndef LINUX_SIGNAL_H
#define LINUX_SIGNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/thread.h"

#define SIGINT    2
#define SIGQUIT   3
#define SIGILL    4
#define SIGTRAP   5
#define SIGABRT   6
#define SIGBUS    7
#define SIGFPE    8
#define SIGKILL   9
#define SIGSEGV   11
#define SIGPIPE   13
#define SIGALRM   14
#define SIGTERM   15
#define SIGCHLD   17
#define SIGCONT   18
#define SIGSTOP   19
#define SIGTSTP   20
#define SIGTTIN   21
#define SIGTTOU   22
#define SIGURG    23
#define SIGWINCH  28
#define SIGNALS   64 /* 1 to 64 */
#define SIGRT_MIN 32

/* siginfo's si_code: who sent it, or what kind of fault it was */
#define SI_USER     0
#define SI_KERNEL   0x80
#define SI_TKILL    (-6)
#define SEGV_MAPERR 1
#define SEGV_ACCERR 2
#define FPE_INTDIV  1
#define ILL_ILLOPN  2
#define TRAP_BRKPT  1
#define TRAP_TRACE  2
#define BUS_ADRERR  2
#define CLD_EXITED  1
#define CLD_KILLED  2

#define SIG_DFL      0
#define SIG_IGN      1
#define SIGSET_BYTES 8

#define SA_NOCLDWAIT 0x2
#define SA_SIGINFO   0x4
#define SA_RESTORER  0x04000000
#define SA_ONSTACK   0x08000000
#define SA_RESTART   0x10000000
#define SA_NODEFER   0x40000000
#define SA_RESETHAND 0x80000000

/* struct sigaction as the system call has it */
struct signal_action {
	uint64_t handler, flags, restorer, mask;
};

struct signal_actions {
	struct signal_action of[SIGNALS]; /* of signal n at n - 1 */
};

/* What a handler is told; the part of siginfo that any of our signals uses. */
struct signal_info {
	int32_t signal, code;
	uint32_t pid, uid; /* of a fault: unused */
	uint64_t address;  /* of a fault */
	uint64_t value;    /* of SIGCHLD: the status; of queued ones: sigval */
};

static inline uint64_t signal_bit(int signal)
{
	return UINT64_C(1) << (signal - 1);
}

/* The action of a process for a signal. */
struct signal_action signal_action_of(const struct process *process, int signal);

/* Leaves a signal for a thread, or for any thread of a process, which takes it on its way back to ring 3. */
void signal_send_thread(struct thread *thread, const struct signal_info *info);
void signal_send_process(struct process *process, const struct signal_info *info);

/* The same from the kernel, which has no more to say. */
void signal_send(struct process *process, int signal);

/* To all processes of a group; returns how many there were. */
unsigned signal_send_group(uint32_t group, const struct signal_info *info);

/* The current thread made a fault in ring 3: neither to be blocked nor ignored. */
void signal_fault(int signal, int code, uint64_t address);

/* Takes the oldest signal of `wanted` that waits for a thread. False: there is none. */
bool signal_dequeue(struct thread *thread, uint64_t wanted, struct signal_info *info);

/* Forgets signals that wait. */
void signal_forget(struct signal_queue *queue, uint64_t signals);

/* After a change of the thread's mask, or of what waits for it. */
void signal_recheck(struct thread *thread);

/* A table of actions of any content, NULL: no memory; and its end. */
struct signal_actions *signal_new_actions(void);
void signal_drop_actions(struct signal_actions *actions);

/* For calls that wait with another mask: takes the mask at `address` (0: none) until the call has returned and a
   handler was called. 0 or a negative errno. */
int64_t signal_use_mask(uint64_t address, uint64_t set_bytes);

/* siginfo_t, 128 bytes, as ring 3 sees it. */
void signal_user_info(const struct signal_info *info, uint8_t bytes[128]);

/* Has the current thread something to see on its way back to ring 3? Then a system call that waits gives up. */
static inline bool signal_waits(void)
{
	return current()->work & WORK_SIGNAL;
}

/* Results of such a system call; ring 3 never sees them. The way back turns each into a restart of the call or into
   EINTR, depending on the signal's action. */
#define RESTART_SYS    512 /* restart, if there is no handler or it has SA_RESTART */
#define RESTART_NOINT  513 /* restart always */
#define RESTART_NOHAND 514 /* restart, if there is no handler */
#define RESTART_BLOCK  516 /* restart_syscall, if there is no handler */

static inline int64_t interrupted(int how)
{
	current()->work |= WORK_RESTART;
	return -how;
}

#endif
