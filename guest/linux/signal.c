/* SPDX-License-Identifier: MIT */
/*
 * signal.c: sending signals, and taking them on the way back to ring 3. Handlers are not there yet: take() is the place
 * where the frame for one would be built.
 */
#include "linux/signal.h"

#include "kernel/cpu.h"
#include "kernel/process.h"
#include "kernel/scheduler.h"
#include "kernel/user_memory.h"
#include "linux/errno.h"
#include "linux/syscall.h"

#define SIG_DFL      0
#define SIG_IGN      1
#define SIG_BLOCK    0
#define SIG_UNBLOCK  1
#define SIG_SETMASK  2
#define SIGSET_BYTES 8

/* struct sigaction as the system call has it */
struct kernel_sigaction {
	uint64_t handler, flags, restorer, mask;
};

static uint64_t bit(int signal)
{
	return UINT64_C(1) << (signal - 1);
}

/* Stopping is not there: what would stop a process is ignored. */
#define IGNORED_BY_DEFAULT                                                                                        \
	(bit(SIGCHLD) | bit(SIGCONT) | bit(SIGURG) | bit(SIGWINCH) | bit(SIGSTOP) | bit(SIGTSTP) | bit(SIGTTIN) | \
	 bit(SIGTTOU))
#define UNSTOPPABLE (bit(SIGKILL) | bit(SIGSTOP))

void signal_send(struct process *process, int signal)
{
	struct linux_state *state = &process->linux_state;

	if ((IGNORED_BY_DEFAULT | state->ignored) & bit(signal))
		return;
	state->pending |= bit(signal);
	if (state->pending & ~state->blocked) {
		process->work |= WORK_SIGNAL;
		scheduler_wake(process);
	}
}

/* The default action of every signal that comes this far. */
static void take(int signal)
{
	process_exit(0, (uint64_t)signal);
}

void signal_fault(int signal)
{
	take(signal); /* Linux too: a fault's signal can be neither ignored nor blocked */
}

/* On the way back to ring 3 (traps.S). */
void return_work(struct trap_frame *frame)
{
	struct linux_state *state = &current()->linux_state;
	uint64_t ready = state->pending & ~state->blocked;

	(void)frame;
	current()->work = 0;
	for (int signal = 1; ready != 0; signal++, ready >>= 1)
		if (ready & 1)
			take(signal);
}

struct recipients {
	int signal;
	int64_t count;
};

static void send_to_others(struct process *process, void *context)
{
	struct recipients *recipients = context;

	if (process == current() || process->pid == 1)
		return;
	recipients->count++;
	if (recipients->signal != 0)
		signal_send(process, recipients->signal);
}

/* There are no process groups yet: 0 and the negative pids, -1 apart, find nobody but the caller. */
SYSTEM_CALL(kill, int pid, int signal)
{
	struct process *process = pid > 0 ? process_find((uint32_t)pid) : pid == 0 ? current() : NULL;
	struct recipients recipients = {signal, 0};

	if (signal < 0 || signal > SIGNALS)
		return -EINVAL;
	if (pid == -1) {
		process_each(send_to_others, &recipients);
		return recipients.count > 0 ? 0 : -ESRCH;
	}
	if (process == NULL)
		return -ESRCH;
	if (signal != 0 && process->state != PROCESS_EXITED)
		signal_send(process, signal);
	return 0;
}

SYSTEM_CALL(tkill, int tid, int signal)
{
	return tid <= 0 ? -EINVAL : sys_kill(tid, signal);
}

SYSTEM_CALL(tgkill, int tgid, int tid, int signal)
{
	return tgid <= 0 || tid <= 0 ? -EINVAL : tgid != tid ? -ESRCH : sys_kill(tid, signal);
}

/* Only "default" and "ignore"; a program that installs a handler is told that it cannot. */
SYSTEM_CALL(rt_sigaction, int signal, uint64_t new_action, uint64_t old_action, uint64_t set_bytes)
{
	struct linux_state *state = &current()->linux_state;
	struct kernel_sigaction action = {0}, old = {0};

	if (set_bytes != SIGSET_BYTES || signal < 1 || signal > SIGNALS)
		return -EINVAL;
	if (new_action != 0) {
		if (copy_from_user(&action, new_action, sizeof(action)) != 0)
			return -EFAULT;
		if (bit(signal) & UNSTOPPABLE)
			return -EINVAL;
		if (action.handler != SIG_DFL && action.handler != SIG_IGN)
			return -ENOSYS;
	}
	if (old_action != 0) {
		old.handler = state->ignored & bit(signal) ? SIG_IGN : SIG_DFL;
		if (copy_to_user(old_action, &old, sizeof(old)) != 0)
			return -EFAULT;
	}
	if (new_action == 0)
		return 0;
	if (action.handler == SIG_IGN) {
		state->ignored |= bit(signal);
		state->pending &= ~bit(signal);
	} else {
		state->ignored &= ~bit(signal);
	}
	return 0;
}

SYSTEM_CALL(rt_sigprocmask, int how, uint64_t new_set, uint64_t old_set, uint64_t set_bytes)
{
	struct linux_state *state = &current()->linux_state;
	uint64_t old = state->blocked, set;

	if (set_bytes != SIGSET_BYTES)
		return -EINVAL;
	if (new_set != 0) {
		if (copy_from_user(&set, new_set, sizeof(set)) != 0)
			return -EFAULT;
		if (how == SIG_BLOCK)
			set = old | set;
		else if (how == SIG_UNBLOCK)
			set = old & ~set;
		else if (how != SIG_SETMASK)
			return -EINVAL;
		state->blocked = set & ~UNSTOPPABLE;
		if (state->pending & ~state->blocked)
			current()->work |= WORK_SIGNAL;
	}
	if (old_set != 0 && copy_to_user(old_set, &old, sizeof(old)) != 0)
		return -EFAULT;
	return 0;
}
