/* SPDX-License-Identifier: MIT */
/* limits.c: resource limits, which a process inherits; a copy of its own it gets when it changes them. */
#include "linux/limits.h"

#include "kernel/memory.h"
#include "kernel/pool.h"
#include "kernel/process.h"
#include "kernel/user_memory.h"
#include "linux/errno.h"
#include "linux/syscall.h"

#define NOFILE_MAX 1048576 /* Linux's fs.nr_open */

struct limit {
	uint64_t soft, hard;
};

struct limits {
	unsigned users;
	struct limit of[RLIMITS];
};

static struct pool pool = POOL_OF(struct limits);

static struct limit limit_at_start(unsigned resource)
{
	switch (resource) {
	case RLIMIT_STACK:
		return (struct limit){USER_STACK_SIZE, RLIM_INFINITY};
	case RLIMIT_CORE:
		return (struct limit){0, 0};
	case RLIMIT_NPROC:
		return (struct limit){VMM_PROCESSES, VMM_PROCESSES};
	case RLIMIT_NOFILE:
		return (struct limit){1024, 4096};
	default:
		return (struct limit){RLIM_INFINITY, RLIM_INFINITY};
	}
}

static struct limit get(const struct process *process, unsigned resource)
{
	const struct limits *limits = process->linux_state.limits;

	return limits != NULL ? limits->of[resource] : limit_at_start(resource);
}

uint64_t limit_of(const struct process *process, unsigned resource)
{
	return get(process, resource).soft;
}

void limits_hold(struct limits *limits)
{
	if (limits != NULL)
		limits->users++;
}

void limits_drop(struct limits *limits)
{
	if (limits != NULL && --limits->users == 0)
		pool_put(&pool, limits);
}

/* Limits that are the process's alone; NULL: no memory. */
static struct limits *own_limits(struct process *process)
{
	struct limits *old = process->linux_state.limits, *own;

	if (old != NULL && old->users == 1)
		return old;
	own = pool_take(&pool);
	if (own == NULL)
		return NULL;
	for (unsigned i = 0; i < RLIMITS; i++)
		own->of[i] = get(process, i);
	own->users = 1;
	limits_drop(old);
	process->linux_state.limits = own;
	return own;
}

/* Root may raise any limit. */
static int64_t set(struct process *process, unsigned resource, uint64_t address)
{
	struct limits *limits;
	struct limit limit;

	if (copy_from_user(&limit, address, sizeof(limit)) != 0)
		return -EFAULT;
	if (limit.soft > limit.hard)
		return -EINVAL;
	if (resource == RLIMIT_NOFILE && limit.hard > NOFILE_MAX)
		return -EPERM;
	limits = own_limits(process);
	if (limits == NULL)
		return -ENOMEM;
	limits->of[resource] = limit;
	return 0;
}

SYSTEM_CALL(prlimit64, int pid, uint32_t resource, uint64_t new_address, uint64_t old_address)
{
	struct process *process = pid == 0 ? current_process() : process_find((uint32_t)pid);
	struct limit old;
	int64_t error = 0;

	if (resource >= RLIMITS)
		return -EINVAL;
	if (process == NULL || process->zombie)
		return -ESRCH;
	old = get(process, resource);
	if (new_address != 0)
		error = set(process, resource, new_address);
	if (error == 0 && old_address != 0)
		error = copy_to_user(old_address, &old, sizeof(old));
	return error;
}

SYSTEM_CALL(getrlimit, uint32_t resource, uint64_t address)
{
	struct limit limit;

	if (resource >= RLIMITS)
		return -EINVAL;
	limit = get(current_process(), resource);
	return copy_to_user(address, &limit, sizeof(limit));
}

SYSTEM_CALL(setrlimit, uint32_t resource, uint64_t address)
{
	return resource >= RLIMITS ? -EINVAL : set(current_process(), resource, address);
}
