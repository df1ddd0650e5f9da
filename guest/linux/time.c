/* SPDX-License-Identifier: MIT */
/* time.c: clocks and sleeping. A sleep ends at the first timer interrupt after its time. */
#include "kernel/clock.h"
#include "kernel/cpu.h"
#include "kernel/scheduler.h"
#include "kernel/user_memory.h"
#include "linux/errno.h"
#include "linux/syscall.h"

#define CLOCK_REALTIME           0
#define CLOCK_MONOTONIC          1
#define CLOCK_PROCESS_CPUTIME_ID 2
#define CLOCK_THREAD_CPUTIME_ID  3
#define CLOCK_MONOTONIC_RAW      4
#define CLOCK_REALTIME_COARSE    5
#define CLOCK_MONOTONIC_COARSE   6
#define CLOCK_BOOTTIME           7
#define TIMER_ABSTIME            1

struct timespec {
	int64_t seconds, nanoseconds;
};

static struct timespec to_timespec(uint64_t ns)
{
	return (struct timespec){(int64_t)(ns / NANOSECONDS), (int64_t)(ns % NANOSECONDS)};
}

/* Nanoseconds, or false: there is no such clock. */
static bool read_clock(int clock, uint64_t *ns)
{
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
		*ns = clock_wall();
		return true;
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
		*ns = clock_now();
		return true;
	case CLOCK_PROCESS_CPUTIME_ID:
	case CLOCK_THREAD_CPUTIME_ID:
		*ns = current()->ticks * TICK_NS;
		return true;
	default:
		return false;
	}
}

SYSTEM_CALL(clock_gettime, int clock, uint64_t address)
{
	struct timespec time;
	uint64_t ns;

	if (!read_clock(clock, &ns))
		return -EINVAL;
	time = to_timespec(ns);
	return copy_to_user(address, &time, sizeof(time));
}

SYSTEM_CALL(clock_getres, int clock, uint64_t address)
{
	bool by_ticks = clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC && clock != CLOCK_MONOTONIC_RAW &&
			clock != CLOCK_BOOTTIME;
	struct timespec resolution = to_timespec(by_ticks ? TICK_NS : 1);
	uint64_t ns;

	if (!read_clock(clock, &ns))
		return -EINVAL;
	return address == 0 ? 0 : copy_to_user(address, &resolution, sizeof(resolution));
}

SYSTEM_CALL(gettimeofday, uint64_t time_address, uint64_t zone_address)
{
	struct timespec time = to_timespec(clock_wall());
	uint64_t zone = 0; /* two 32-bit numbers: UTC */

	time.nanoseconds /= 1000; /* a struct timeval has microseconds there */
	if (time_address != 0 && copy_to_user(time_address, &time, sizeof(time)) != 0)
		return -EFAULT;
	return zone_address == 0 ? 0 : copy_to_user(zone_address, &zone, sizeof(zone));
}

SYSTEM_CALL(time, uint64_t address)
{
	int64_t seconds = (int64_t)(clock_wall() / NANOSECONDS);

	if (address != 0 && copy_to_user(address, &seconds, sizeof(seconds)) != 0)
		return -EFAULT;
	return seconds;
}

/* In units of a tick, which is Linux's hundredth of a second. What is spent in ring 0 is not told apart. */
SYSTEM_CALL(times, uint64_t address)
{
	uint64_t used[4] = {current()->ticks}; /* user, system, children's user, children's system */

	if (address != 0 && copy_to_user(address, used, sizeof(used)) != 0)
		return -EFAULT;
	return (int64_t)(clock_now() / TICK_NS);
}

/* `until` is on the clock of clock_now(). */
static int64_t sleep(uint64_t until, uint64_t remaining_address)
{
	struct timespec remaining;
	uint64_t now;

	if (until > clock_now())
		scheduler_sleep(until);
	now = clock_now();
	if (now >= until)
		return 0;
	remaining = to_timespec(until - now); /* woken early: by a signal */
	if (remaining_address != 0 && copy_to_user(remaining_address, &remaining, sizeof(remaining)) != 0)
		return -EFAULT;
	return -EINTR;
}

SYSTEM_CALL(clock_nanosleep, int clock, int flags, uint64_t request_address, uint64_t remaining_address)
{
	struct timespec request;
	uint64_t ns, now;

	if (!read_clock(clock, &now) || clock == CLOCK_THREAD_CPUTIME_ID)
		return -EINVAL;
	if (copy_from_user(&request, request_address, sizeof(request)) != 0)
		return -EFAULT;
	if (request.seconds < 0 || (uint64_t)request.nanoseconds >= NANOSECONDS)
		return -EINVAL;
	if (request.seconds > INT64_MAX / (int64_t)NANOSECONDS / 2)
		request.seconds = INT64_MAX / (int64_t)NANOSECONDS / 2; /* 146 years: nobody will know */
	ns = (uint64_t)request.seconds * NANOSECONDS + (uint64_t)request.nanoseconds;
	if (!(flags & TIMER_ABSTIME))
		return sleep(clock_now() + ns, remaining_address);
	return sleep(ns > now ? clock_now() + (ns - now) : 0, 0);
}

SYSTEM_CALL(nanosleep, uint64_t request_address, uint64_t remaining_address)
{
	return sys_clock_nanosleep(CLOCK_MONOTONIC, 0, request_address, remaining_address);
}
