/* SPDX-License-Identifier: MIT */
/*
 * schedule.c: what programs ask about scheduling. There is one way of it, round robin; priorities and the choice of
 * CPUs are remembered or accepted, and change nothing.
 */
#include "kernel/boot_info.h"
#include "kernel/clock.h"
#include "kernel/cpu.h"
#include "kernel/process.h"
#include "kernel/user_memory.h"
#include "linux/errno.h"
#include "linux/syscall.h"
#include "linux/time.h"

#define SCHED_OTHER   0
#define SCHED_FIFO    1
#define SCHED_RR      2
#define SCHED_BATCH   3
#define SCHED_IDLE    5
#define RESET_ON_FORK 0x40000000

#define PRIO_PROCESS 0
#define PRIO_USER    2
#define NICE_MIN     (-20)
#define NICE_MAX     19

static bool is_thread(int tid)
{
	return tid == 0 || (tid > 0 && thread_find((uint32_t)tid) != NULL);
}

static uint64_t all_cpus(void)
{
	return (UINT64_C(1) << boot_info->cpus) - 1;
}

SYSTEM_CALL(sched_getaffinity, int tid, uint32_t bytes, uint64_t address)
{
	uint64_t mask = all_cpus();

	if (bytes < sizeof(mask) || bytes % sizeof(mask) != 0)
		return -EINVAL;
	if (!is_thread(tid))
		return -ESRCH;
	return copy_to_user(address, &mask, sizeof(mask)) != 0 ? -EFAULT : (int64_t)sizeof(mask);
}

SYSTEM_CALL(sched_setaffinity, int tid, uint32_t bytes, uint64_t address)
{
	uint64_t mask = 0;

	if (copy_from_user(&mask, address, bytes < sizeof(mask) ? bytes : sizeof(mask)) != 0)
		return -EFAULT;
	if (!is_thread(tid))
		return -ESRCH;
	return mask & all_cpus() ? 0 : -EINVAL;
}

SYSTEM_CALL(sched_getscheduler, int tid)
{
	return tid < 0 ? -EINVAL : is_thread(tid) ? SCHED_OTHER : -ESRCH;
}

SYSTEM_CALL(sched_getparam, int tid, uint64_t address)
{
	const int32_t priority = 0;

	if (tid < 0 || address == 0)
		return -EINVAL;
	return is_thread(tid) ? copy_to_user(address, &priority, sizeof(priority)) : -ESRCH;
}

static int64_t range_of(int policy, int64_t of_real_time)
{
	switch (policy) {
	case SCHED_FIFO:
	case SCHED_RR:
		return of_real_time;
	case SCHED_OTHER:
	case SCHED_BATCH:
	case SCHED_IDLE:
		return 0;
	default:
		return -EINVAL;
	}
}

/* Real time is not to be had. */
SYSTEM_CALL(sched_setscheduler, int tid, int policy, uint64_t address)
{
	int32_t priority;

	policy &= ~RESET_ON_FORK;
	if (tid < 0 || address == 0 || range_of(policy, 0) != 0)
		return -EINVAL;
	if (copy_from_user(&priority, address, sizeof(priority)) != 0)
		return -EFAULT;
	if (!is_thread(tid))
		return -ESRCH;
	if (policy == SCHED_FIFO || policy == SCHED_RR)
		return priority < 1 || priority > 99 ? -EINVAL : -EPERM;
	return priority == 0 ? 0 : -EINVAL;
}

SYSTEM_CALL(sched_setparam, int tid, uint64_t address)
{
	return sys_sched_setscheduler(tid, SCHED_OTHER, address);
}

SYSTEM_CALL(sched_get_priority_max, int policy)
{
	return range_of(policy, 99);
}

SYSTEM_CALL(sched_get_priority_min, int policy)
{
	return range_of(policy, 1);
}

SYSTEM_CALL(sched_rr_get_interval, int tid, uint64_t address)
{
	struct timespec interval = to_timespec(TICK_NS);

	if (tid < 0)
		return -EINVAL;
	return is_thread(tid) ? copy_to_user(address, &interval, sizeof(interval)) : -ESRCH;
}

/* Of a group or a user: that of the caller stands for all. NULL: there is nobody. */
static struct process *whose(int which, int id)
{
	return which == PRIO_PROCESS && id != 0 ? process_find((uint32_t)id) : current_process();
}

/* As the system call has it: 20 for nice 0, 1 for 19, 40 for -20. */
SYSTEM_CALL(getpriority, int which, int id)
{
	const struct process *process = whose(which, id);

	if (which < PRIO_PROCESS || which > PRIO_USER)
		return -EINVAL;
	return process != NULL ? 20 - process->linux_state.nice : -ESRCH;
}

SYSTEM_CALL(setpriority, int which, int id, int nice)
{
	struct process *process = whose(which, id);

	if (which < PRIO_PROCESS || which > PRIO_USER)
		return -EINVAL;
	if (process == NULL)
		return -ESRCH;
	process->linux_state.nice = (int8_t)(nice < NICE_MIN ? NICE_MIN : nice > NICE_MAX ? NICE_MAX : nice);
	return 0;
}

SYSTEM_CALL(getcpu, uint64_t cpu, uint64_t node)
{
	const uint32_t index = this_cpu()->index, zero = 0;

	if (cpu != 0 && copy_to_user(cpu, &index, sizeof(index)) != 0)
		return -EFAULT;
	return node != 0 ? copy_to_user(node, &zero, sizeof(zero)) : 0;
}
