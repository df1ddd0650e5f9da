/* SPDX-License-Identifier: MIT */
/* system.c: what a program asks about the system it runs on. */
#include "linux/system.h"
#include "kernel/boot_info.h"
#include "kernel/clock.h"
#include "kernel/cpu.h"
#include "kernel/frames.h"
#include "kernel/process.h"
#include "kernel/user_memory.h"
#include "linux/errno.h"
#include "linux/syscall.h"

#define GETRANDOM_FLAGS 7

/* The release is that of a Linux whose system calls ours are like; C libraries refuse to start on much older ones. */
SYSTEM_CALL(uname, uint64_t address)
{
	static const struct {
		char system[65], node[65], release[65], version[65], machine[65], domain[65];
	} names = {"Linux", "vmm", "6.1.0", "#1 vmm", "x86_64", "(none)"};

	return copy_to_user(address, &names, sizeof(names));
}

SYSTEM_CALL(sethostname, void)
{
	return -EPERM;
}

SYSTEM_CALL(setdomainname, void)
{
	return -EPERM;
}

SYSTEM_CALL(syslog, void)
{
	return -EPERM;
}

/* There is one personality, Linux's; asking for it without address randomisation changes nothing: there is none. */
SYSTEM_CALL(personality, void)
{
	return 0;
}

static void count(struct thread *thread, void *context)
{
	(void)thread;
	++*(uint16_t *)context;
}

SYSTEM_CALL(sysinfo, uint64_t address)
{
	struct {
		int64_t uptime;
		uint64_t loads[3], memory, free_memory, shared, buffers, swap, free_swap;
		uint16_t threads, padding[3];
		uint64_t high, free_high;
		uint32_t unit, end;
	} info = {
		.uptime = (int64_t)(clock_now() / NANOSECONDS),
		.memory = boot_info->memory_size,
		.free_memory = frames_free() * PAGE_SIZE,
		.unit = 1,
	};
	_Static_assert(sizeof(info) == 112, "Linux's struct sysinfo");

	thread_each(count, &info.threads);
	return copy_to_user(address, &info, sizeof(info));
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
