/* SPDX-License-Identifier: MIT */
/* wait.c: how parents learn of the end of their children. */
#include "kernel/clock.h"
#include "kernel/memory.h"
#include "kernel/process.h"
#include "kernel/scheduler.h"
#include "kernel/user_memory.h"
#include "linux/errno.h"
#include "linux/hooks.h"
#include "linux/signal.h"
#include "linux/syscall.h"

#define WNOHANG      1u
#define WUNTRACED    2u
#define WEXITED      4u
#define WCONTINUED   8u
#define WNOWAIT      0x01000000u
#define WAIT_OPTIONS (WNOHANG | WUNTRACED | WCONTINUED | 0xe0000000u) /* the last: __WNOTHREAD, __WALL, __WCLONE */

#define P_ALL  0
#define P_PID  1
#define P_PGID 2

/* Which children. */
struct choice {
	int type;
	uint32_t id;
};

static bool is_chosen(const struct process *child, const struct choice *choice)
{
	return child->parent == current_process() &&
	       (choice->type == P_ALL || (choice->type == P_PID && child->pid == choice->id) ||
		(choice->type == P_PGID && process_group(child) == choice->id));
}

/* A zombie of the chosen children; or 0 (WNOHANG), -ECHILD, or interrupted, in *result. */
static struct process *find_zombie(const struct choice *choice, uint32_t options, int64_t *result)
{
	for (;;) {
		bool children = false;

		for (struct process *child = processes; child != NULL; child = child->next) {
			if (!is_chosen(child, choice))
				continue;
			if (child->zombie)
				return child;
			children = true;
		}
		*result = children ? 0 : -ECHILD;
		if (!children || (options & WNOHANG))
			return NULL;
		if (signal_waits()) {
			*result = interrupted(RESTART_SYS);
			return NULL;
		}
		sleep_on(&current_process()->linux_state, NO_DEADLINE);
	}
}

/* struct rusage of a child: its time, and no more. */
static int64_t give_usage(const struct process *child, uint64_t address)
{
	uint64_t usage[18] = {0};

	usage[0] = child->ticks * TICK_NS / NANOSECONDS;
	usage[1] = child->ticks * TICK_NS % NANOSECONDS / 1000;
	return address == 0 ? 0 : copy_to_user(address, usage, sizeof(usage));
}

static void reap(struct process *child)
{
	current_process()->linux_state.child_ticks += child->ticks + child->linux_state.child_ticks;
	process_reap(child);
}

SYSTEM_CALL(wait4, int pid, uint64_t status_address, uint32_t options, uint64_t usage_address)
{
	struct choice choice = {.type = P_ALL};
	struct process *child;
	int64_t result;

	if (options & ~WAIT_OPTIONS)
		return -EINVAL;
	if (pid == INT32_MIN)
		return -ESRCH;
	if (pid > 0)
		choice = (struct choice){P_PID, (uint32_t)pid};
	else if (pid == 0)
		choice = (struct choice){P_PGID, process_group(current_process())};
	else if (pid < -1)
		choice = (struct choice){P_PGID, (uint32_t)-pid};
	child = find_zombie(&choice, options, &result);
	if (child == NULL)
		return result;
	result = child->pid;
	if (status_address != 0 && copy_to_user(status_address, &child->status, sizeof(child->status)) != 0)
		result = -EFAULT;
	if (give_usage(child, usage_address) != 0)
		result = -EFAULT;
	reap(child);
	return result;
}

/* i386 only */
SYSTEM_CALL(waitpid, int pid, uint64_t status_address, uint32_t options)
{
	return sys_wait4(pid, status_address, options, 0);
}

/* siginfo of an ended child */
static struct signal_info end_of(const struct process *child)
{
	int signal = child->status & 0x7f;

	return (struct signal_info){
		.signal = SIGCHLD,
		.code = signal != 0 ? CLD_KILLED : CLD_EXITED,
		.pid = child->pid,
		.value = (uint64_t)(signal != 0 ? signal : child->status >> 8 & 0xff),
	};
}

SYSTEM_CALL(waitid, int type, uint32_t id, uint64_t info_address, uint32_t options, uint64_t usage_address)
{
	struct choice choice = {type, id};
	struct process *child;
	struct signal_info info;
	uint8_t bytes[128];
	int64_t result;

	if ((options & ~(WAIT_OPTIONS | WEXITED | WNOWAIT)) || !(options & (WEXITED | WUNTRACED | WCONTINUED)))
		return -EINVAL;
	if (type != P_ALL && type != P_PID && type != P_PGID)
		return -EINVAL;
	if (type == P_PGID && id == 0)
		choice.id = process_group(current_process());
	child = find_zombie(&choice, options, &result);
	if (child == NULL && result != 0)
		return result;
	memset(bytes, 0, sizeof(bytes));
	if (child != NULL) {
		info = end_of(child);
		signal_user_info(&info, bytes);
		result = give_usage(child, usage_address);
		if (!(options & WNOWAIT))
			reap(child);
	}
	if (info_address != 0 && copy_to_user(info_address, bytes, sizeof(bytes)) != 0)
		return -EFAULT;
	return result;
}

/* A parent that ignores SIGCHLD, or has said so (SA_NOCLDWAIT), leaves no zombies. */
bool linux_tell_parent(struct process *process)
{
	struct process *parent = process->parent;
	struct signal_info info = end_of(process);
	struct signal_action action;

	if (parent == NULL)
		return false;
	info.signal = process->end_signal;
	if (process->end_signal != 0)
		signal_send_process(parent, &info);
	wake(&parent->linux_state);
	if (parent->linux_state.actions == NULL)
		return true;
	action = parent->linux_state.actions->of[SIGCHLD - 1];
	return action.handler != SIG_IGN && !(action.flags & SA_NOCLDWAIT);
}
