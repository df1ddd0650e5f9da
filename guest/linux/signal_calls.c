/* SPDX-License-Identifier: MIT */
/* signal_calls.c: the system calls about signals, but for those of signal_take.c. */
#include "kernel/clock.h"
#include "kernel/memory.h"
#include "kernel/pool.h"
#include "kernel/process.h"
#include "kernel/scheduler.h"
#include "kernel/user_memory.h"
#include "linux/errno.h"
#include "linux/signal.h"
#include "linux/syscall.h"
#include "linux/time.h"

#define SIG_BLOCK   0
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2

static struct pool actions_pool = POOL_OF(struct signal_actions);

static uint64_t unstoppable(void)
{
	return signal_bit(SIGKILL) | signal_bit(SIGSTOP);
}

struct signal_actions *signal_new_actions(void)
{
	struct signal_actions *actions = pool_take(&actions_pool);

	return actions;
}

void signal_drop_actions(struct signal_actions *actions)
{
	if (actions != NULL)
		pool_put(&actions_pool, actions);
}

static struct signal_info from_me(int signal, int code)
{
	return (struct signal_info){.signal = signal, .code = code, .pid = current_process()->pid};
}

static int64_t send_to_all_others(const struct signal_info *info)
{
	int64_t count = 0;

	for (struct process *process = processes; process != NULL; process = process->next) {
		if (process == current_process() || process->pid == INIT_PID || process->zombie)
			continue;
		count++;
		if (info->signal != 0)
			signal_send_process(process, info);
	}
	return count > 0 ? 0 : -ESRCH;
}

/* Linux, too, takes a thread's number for its process. NULL: there is none. */
static struct process *process_to_signal(int pid)
{
	struct process *process = process_find((uint32_t)pid);
	struct thread *thread;

	if (process != NULL)
		return process;
	thread = thread_find((uint32_t)pid);
	return thread != NULL ? thread->process : NULL;
}

SYSTEM_CALL(kill, int pid, int signal)
{
	struct signal_info info = from_me(signal, SI_USER);
	struct process *process;

	if (signal < 0 || signal > SIGNALS)
		return -EINVAL;
	if (pid == -1)
		return send_to_all_others(&info);
	if (pid <= 0) {
		uint32_t group = pid == 0 ? process_group(current_process()) : (uint32_t)-pid;

		return signal_send_group(group, &info) > 0 ? 0 : -ESRCH;
	}
	process = process_to_signal(pid);
	if (process == NULL)
		return -ESRCH;
	if (signal != 0)
		signal_send_process(process, &info);
	return 0;
}

SYSTEM_CALL(tgkill, int tgid, int tid, int signal)
{
	struct signal_info info = from_me(signal, SI_TKILL);
	struct thread *thread;

	if (tgid <= 0 || tid <= 0 || signal < 0 || signal > SIGNALS)
		return -EINVAL;
	thread = thread_find((uint32_t)tid);
	if (thread == NULL || thread->process->pid != (uint32_t)tgid)
		return -ESRCH;
	if (signal != 0)
		signal_send_thread(thread, &info);
	return 0;
}

SYSTEM_CALL(tkill, int tid, int signal)
{
	struct thread *thread;

	if (tid <= 0)
		return -EINVAL;
	thread = thread_find((uint32_t)tid);
	return thread != NULL ? sys_tgkill((int)thread->process->pid, tid, signal) : -ESRCH;
}

/* What the caller has written of a siginfo_t. Only to oneself may one pretend to be the kernel, or kill(). */
static int64_t read_queued(int pid, int signal, uint64_t address, struct signal_info *info)
{
	struct {
		int32_t signal, error, code, unused;
		uint32_t pid, uid;
		uint64_t value;
	} user;

	if (copy_from_user(&user, address, sizeof(user)) != 0)
		return -EFAULT;
	if ((user.code >= 0 || user.code == SI_TKILL) && (uint32_t)pid != current_process()->pid)
		return -EPERM;
	*info = (struct signal_info){
		.signal = signal, .code = user.code, .pid = user.pid, .uid = user.uid, .value = user.value};
	if (user.code > 0) /* a fault's: there the address is in the place of pid and uid */
		info->address = (uint64_t)user.uid << 32 | user.pid;
	return signal < 0 || signal > SIGNALS ? -EINVAL : 0;
}

SYSTEM_CALL(rt_sigqueueinfo, int pid, int signal, uint64_t address)
{
	struct process *process;
	struct signal_info info;
	int64_t error = read_queued(pid, signal, address, &info);

	if (error < 0)
		return error;
	process = pid > 0 ? process_to_signal(pid) : NULL;
	if (process == NULL)
		return -ESRCH;
	if (signal != 0)
		signal_send_process(process, &info);
	return 0;
}

SYSTEM_CALL(rt_tgsigqueueinfo, int tgid, int tid, int signal, uint64_t address)
{
	struct thread *thread;
	struct signal_info info;
	int64_t error = tgid <= 0 || tid <= 0 ? -EINVAL : read_queued(tgid, signal, address, &info);

	if (error < 0)
		return error;
	thread = thread_find((uint32_t)tid);
	if (thread == NULL || thread->process->pid != (uint32_t)tgid)
		return -ESRCH;
	if (signal != 0)
		signal_send_thread(thread, &info);
	return 0;
}

static int64_t set_action(struct process *process, int signal, const struct signal_action *action)
{
	struct linux_process *state = &process->linux_state;

	if (state->actions == NULL) {
		if (action->handler == SIG_DFL && action->flags == 0 && action->mask == 0)
			return 0;
		state->actions = signal_new_actions();
		if (state->actions == NULL)
			return -ENOMEM;
		memset(state->actions, 0, sizeof(*state->actions));
	}
	state->actions->of[signal - 1] = *action;
	state->actions->of[signal - 1].mask &= ~unstoppable();
	if (signal_action_of(process, signal).handler == SIG_IGN) {
		signal_forget(&state->signals, signal_bit(signal));
		for (struct thread *thread = process->threads; thread != NULL; thread = thread->sibling)
			signal_forget(&thread->linux_state.signals, signal_bit(signal));
	}
	return 0;
}

SYSTEM_CALL(rt_sigaction, int signal, uint64_t new_address, uint64_t old_address, uint64_t set_bytes)
{
	struct process *process = current_process();
	struct signal_action action, old = {0};
	int64_t result;

	if (set_bytes != SIGSET_BYTES)
		return -EINVAL;
	if (new_address != 0 && copy_from_user(&action, new_address, sizeof(action)) != 0)
		return -EFAULT;
	if (signal < 1 || signal > SIGNALS || (new_address != 0 && (signal_bit(signal) & unstoppable())))
		return -EINVAL;
	if (process->linux_state.actions != NULL)
		old = process->linux_state.actions->of[signal - 1];
	if (new_address != 0) {
		result = set_action(process, signal, &action);
		if (result < 0)
			return result;
	}
	return old_address == 0 ? 0 : copy_to_user(old_address, &old, sizeof(old));
}

SYSTEM_CALL(rt_sigprocmask, int how, uint64_t new_address, uint64_t old_address, uint64_t set_bytes)
{
	struct thread *thread = current();
	struct linux_thread *state = &thread->linux_state;
	uint64_t old = state->blocked, set;

	if (set_bytes != SIGSET_BYTES)
		return -EINVAL;
	if (new_address != 0) {
		if (copy_from_user(&set, new_address, sizeof(set)) != 0)
			return -EFAULT;
		if (how == SIG_BLOCK)
			set = old | set;
		else if (how == SIG_UNBLOCK)
			set = old & ~set;
		else if (how != SIG_SETMASK)
			return -EINVAL;
		state->blocked = set & ~unstoppable();
		signal_recheck(thread);
	}
	return old_address == 0 ? 0 : copy_to_user(old_address, &old, sizeof(old));
}

SYSTEM_CALL(rt_sigpending, uint64_t address, uint64_t set_bytes)
{
	const struct thread *thread = current();
	uint64_t set = (thread->linux_state.signals.pending | thread->process->linux_state.signals.pending) &
		       thread->linux_state.blocked;

	if (set_bytes > SIGSET_BYTES)
		return -EINVAL;
	return copy_to_user(address, &set, set_bytes);
}

int64_t signal_use_mask(uint64_t address, uint64_t set_bytes)
{
	struct thread *thread = current();
	uint64_t set;

	if (address == 0)
		return 0;
	if (set_bytes != SIGSET_BYTES)
		return -EINVAL;
	if (copy_from_user(&set, address, sizeof(set)) != 0)
		return -EFAULT;
	thread->linux_state.saved_blocked = thread->linux_state.blocked;
	thread->linux_state.restore_blocked = true;
	thread->linux_state.blocked = set & ~unstoppable();
	thread->work |= WORK_FRAME; /* return_work() restores the mask */
	signal_recheck(thread);
	return 0;
}

SYSTEM_CALL(pause, void)
{
	while (!signal_waits())
		sleep_on(current(), NO_DEADLINE);
	return interrupted(RESTART_NOHAND);
}

SYSTEM_CALL(rt_sigsuspend, uint64_t address, uint64_t set_bytes)
{
	int64_t result = address == 0 ? -EFAULT : signal_use_mask(address, set_bytes);

	return result < 0 ? result : sys_pause();
}

SYSTEM_CALL(rt_sigtimedwait, uint64_t address, uint64_t info_address, uint64_t timeout_address, uint64_t set_bytes)
{
	struct thread *thread = current();
	struct signal_info info;
	uint8_t user_info[128];
	uint64_t set, deadline;
	int64_t result;

	if (set_bytes != SIGSET_BYTES)
		return -EINVAL;
	if (copy_from_user(&set, address, sizeof(set)) != 0)
		return -EFAULT;
	result = time_deadline(timeout_address, &deadline);
	if (result < 0)
		return result;
	while (!signal_dequeue(thread, set & ~unstoppable(), &info)) {
		if (deadline <= clock_now())
			return -EAGAIN;
		if (signal_waits())
			return -EINTR;
		sleep_on(&thread->linux_state.signals, deadline);
	}
	if (info_address != 0) {
		signal_user_info(&info, user_info);
		if (copy_to_user(info_address, user_info, sizeof(user_info)) != 0)
			return -EFAULT;
	}
	return info.signal;
}
