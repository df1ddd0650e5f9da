/* SPDX-License-Identifier: MIT */
/* system.c: what a program asks about the system it runs on. */
#include "linux/system.h"
#include "kernel/cpu.h"
#include "kernel/process.h"
#include "kernel/user_memory.h"
#include "linux/errno.h"
#include "linux/syscall.h"

#define RLIMIT_STACK  3
#define RLIMIT_CORE   4
#define RLIMIT_NPROC  6
#define RLIMIT_NOFILE 7
#define RLIMITS       16
#define RLIM_INFINITY UINT64_MAX

#define GETRANDOM_FLAGS 7

/* The release is that of a Linux whose system calls ours are like; C libraries refuse to start on much older ones. */
SYSTEM_CALL(uname, uint64_t address)
{
	static const struct {
		char system[65], node[65], release[65], version[65], machine[65], domain[65];
	} names = {"Linux", "vmm", "6.1.0", "#1 vmm", "x86_64", "(none)"};

	return copy_to_user(address, &names, sizeof(names));
}

struct limit {
	uint64_t soft, hard;
};

static struct limit limit_of(unsigned resource)
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

/* The limits are what they are: a program may set them to that, and to nothing else. */
SYSTEM_CALL(prlimit64, int pid, uint32_t resource, uint64_t new_address, uint64_t old_address)
{
	struct limit limit = limit_of(resource), new_limit;

	if (pid != 0 && process_find((uint32_t)pid) == NULL)
		return -ESRCH;
	if (resource >= RLIMITS)
		return -EINVAL;
	if (new_address != 0) {
		if (copy_from_user(&new_limit, new_address, sizeof(new_limit)) != 0)
			return -EFAULT;
		if (new_limit.soft > new_limit.hard)
			return -EINVAL;
		if (new_limit.soft != limit.soft || new_limit.hard != limit.hard)
			return -EPERM;
	}
	return old_address == 0 ? 0 : copy_to_user(old_address, &limit, sizeof(limit));
}

SYSTEM_CALL(getrlimit, uint32_t resource, uint64_t address)
{
	struct limit limit = limit_of(resource);

	return resource < RLIMITS ? copy_to_user(address, &limit, sizeof(limit)) : -EINVAL;
}

/* Well mixed, but made of nothing that could not be guessed: rdrand is not in every CPU. Not for secrets. */
uint64_t random_bits(void)
{
	static uint64_t state;
	uint64_t bits;

	state += read_tsc() | 1;
	bits = state; /* the finalizer of splitmix64 */
	bits = (bits ^ bits >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	bits = (bits ^ bits >> 27) * UINT64_C(0x94d049bb133111eb);
	return bits ^ bits >> 31;
}

SYSTEM_CALL(getrandom, uint64_t buffer, uint64_t bytes, uint32_t flags)
{
	uint64_t filled = 0;

	if (flags & ~(uint32_t)GETRANDOM_FLAGS)
		return -EINVAL;
	if (!user_range(buffer, bytes))
		return -EFAULT;
	while (filled < bytes) {
		uint64_t random = random_bits();
		uint64_t part = bytes - filled < sizeof(random) ? bytes - filled : sizeof(random);

		if (copy_to_user(buffer + filled, &random, part) != 0)
			return filled > 0 ? (int64_t)filled : -EFAULT;
		filled += part;
	}
	return (int64_t)filled;
}
