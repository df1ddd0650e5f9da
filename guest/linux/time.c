/* SPDX-License-Identifier: MIT */
/* time.c: clocks and sleeping. A sleep ends at the first timer interrupt after its time. */
#include "linux/time.h"
#include "kernel/clock.h"
#include "kernel/cpu.h"
#include "kernel/process.h"
#include "kernel/scheduler.h"
#include "kernel/user_memory.h"
#include "linux/errno.h"
#include "linux/hooks.h"
#include "linux/signal.h"
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
#define LONG_TIME                INT64_C(0xffffffff) /* seconds: 136 years */

struct timespec to_timespec(uint64_t ns)
{
	return (struct timespec){(int64_t)(ns / NANOSECONDS), (int64_t)(ns % NANOSECONDS)};
}

int64_t time_deadline_of(const struct timespec *time, uint64_t *deadline)
{
	if (time->seconds < 0 || (uint64_t)time->nanoseconds >= NANOSECONDS)
		return -EINVAL;
	*deadline = NO_DEADLINE;
	if (time->seconds < LONG_TIME) /* after that nobody waits */
		*deadline = clock_now() + (uint64_t)time->seconds * NANOSECONDS + (uint64_t)time->nanoseconds;
	return 0;
}

int64_t time_deadline(uint64_t address, uint64_t *deadline)
{
	struct timespec time;

	*deadline = NO_DEADLINE;
	if (address == 0)
		return 0;
	return copy_from_user(&time, address, sizeof(time)) != 0 ? -EFAULT : time_deadline_of(&time, deadline);
}

/* Timer interrupts while any thread of the process ran. */
static uint64_t process_ticks(const struct process *process)
{
	uint64_t ticks = process->ticks;

	for (const struct thread *thread = process->threads; thread != NULL; thread = thread->sibling)
		ticks += thread->ticks;
	return ticks;
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
		*ns = process_ticks(current_process()) * TICK_NS;
		return true;
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
	uint64_t used[4] = {process_ticks(current_process()), 0, current_process()->linux_state.child_ticks, 0};

	if (address != 0 && copy_to_user(address, used, sizeof(used)) != 0)
		return -EFAULT;
	return (int64_t)(clock_now() / TICK_NS);
}

/* struct rusage: times are counted, nothing else. */
SYSTEM_CALL(getrusage, int who, uint64_t address)
{
	uint64_t usage[18] = {0}, ns;

	switch (who) {
	case 0: /* RUSAGE_SELF */
		ns = process_ticks(current_process()) * TICK_NS;
		break;
	case -1: /* RUSAGE_CHILDREN */
		ns = current_process()->linux_state.child_ticks * TICK_NS;
		break;
	case 1: /* RUSAGE_THREAD */
		ns = current()->ticks * TICK_NS;
		break;
	default:
		return -EINVAL;
	}
	usage[0] = ns / NANOSECONDS;
	usage[1] = ns % NANOSECONDS / 1000;
	return copy_to_user(address, usage, sizeof(usage));
}

/* Sleeps until clock_now() is `until`. */
static int64_t sleep(uint64_t until, uint64_t remaining_address)
{
	struct timespec remaining;

	while (clock_now() < until && !signal_waits())
		sleep_on(current(), until);
	if (clock_now() >= until)
		return 0;
	remaining = to_timespec(until - clock_now());
	if (remaining_address != 0 && copy_to_user(remaining_address, &remaining, sizeof(remaining)) != 0)
		return -EFAULT;
	current()->linux_state.restart_until = until;
	return interrupted(RESTART_BLOCK);
}

/* Goes on with a sleep that was interrupted by a signal without a handler. */
SYSTEM_CALL(restart_syscall, void)
{
	return sleep(current()->linux_state.restart_until, 0);
}

SYSTEM_CALL(clock_nanosleep, int clock, int flags, uint64_t request_address, uint64_t remaining_address)
{
	struct timespec request;
	uint64_t now, deadline;
	int64_t result;

	if (!read_clock(clock, &now) || clock == CLOCK_THREAD_CPUTIME_ID)
		return -EINVAL;
	if (copy_from_user(&request, request_address, sizeof(request)) != 0)
		return -EFAULT;
	result = time_deadline_of(&request, &deadline);
	if (result < 0)
		return result;
	if (!(flags & TIMER_ABSTIME))
		return sleep(deadline, remaining_address);
	if (deadline != NO_DEADLINE)
		deadline = deadline > now ? deadline - now : 0; /* time_deadline_of() has added clock_now() */
	result = sleep(deadline, 0);
	return result == -RESTART_BLOCK ? -RESTART_NOHAND : result;
}

SYSTEM_CALL(nanosleep, uint64_t request_address, uint64_t remaining_address)
{
	return sys_clock_nanosleep(CLOCK_MONOTONIC, 0, request_address, remaining_address);
}

/* struct itimerval */
struct interval {
	int64_t interval_seconds, interval_microseconds, seconds, microseconds;
};

static uint64_t next_alarm = NO_DEADLINE; /* of any process, or earlier */

static void set_alarm(struct linux_process *state, uint64_t at, uint64_t interval)
{
	state->alarm_at = at;
	state->alarm_interval = interval;
	if (at != 0 && at < next_alarm)
		next_alarm = at;
}

static void ring(struct process *process, uint64_t now)
{
	struct linux_process *state = &process->linux_state;

	if (state->alarm_at == 0 || process->zombie)
		return;
	if (state->alarm_at <= now) {
		set_alarm(state, state->alarm_interval != 0 ? now + state->alarm_interval : 0, state->alarm_interval);
		signal_send(process, SIGALRM);
	}
	if (state->alarm_at != 0 && state->alarm_at < next_alarm)
		next_alarm = state->alarm_at;
}

void linux_tick(void)
{
	uint64_t now;

	if (next_alarm == NO_DEADLINE)
		return;
	now = clock_now();
	if (now < next_alarm)
		return;
	next_alarm = NO_DEADLINE;
	for (struct process *process = processes; process != NULL; process = process->next)
		ring(process, now);
}

/* What is left of an alarm, in nanoseconds. */
static uint64_t alarm_left(const struct linux_process *state)
{
	uint64_t now = clock_now();

	if (state->alarm_at == 0)
		return 0;
	return state->alarm_at > now ? state->alarm_at - now : 1;
}

SYSTEM_CALL(alarm, uint32_t seconds)
{
	struct linux_process *state = &current_process()->linux_state;
	uint64_t left = alarm_left(state);

	set_alarm(state, seconds != 0 ? clock_now() + seconds * NANOSECONDS : 0, 0);
	return (int64_t)((left + NANOSECONDS / 2) / NANOSECONDS + (left != 0 && left < NANOSECONDS / 2));
}

/* ITIMER_REAL only: the others count the time of a process, which we know to a tick at best. */
static int64_t give_interval(uint64_t address)
{
	const struct linux_process *state = &current_process()->linux_state;
	uint64_t left = alarm_left(state), every = state->alarm_interval;
	struct interval value = {
		(int64_t)(every / NANOSECONDS),
		(int64_t)(every % NANOSECONDS / 1000),
		(int64_t)(left / NANOSECONDS),
		(int64_t)(left % NANOSECONDS / 1000),
	};

	return address == 0 ? 0 : copy_to_user(address, &value, sizeof(value));
}

SYSTEM_CALL(getitimer, int which, uint64_t address)
{
	return which != 0 ? -EINVAL : give_interval(address);
}

SYSTEM_CALL(setitimer, int which, uint64_t new_address, uint64_t old_address)
{
	struct interval value = {0};
	uint64_t first, every;

	if (which != 0)
		return -EINVAL;
	if (new_address != 0 && copy_from_user(&value, new_address, sizeof(value)) != 0)
		return -EFAULT;
	if ((uint64_t)value.microseconds >= 1000000 || (uint64_t)value.interval_microseconds >= 1000000 ||
	    (uint64_t)value.seconds > LONG_TIME || (uint64_t)value.interval_seconds > LONG_TIME)
		return -EINVAL;
	if (give_interval(old_address) != 0)
		return -EFAULT;
	first = (uint64_t)value.seconds * NANOSECONDS + (uint64_t)value.microseconds * 1000;
	every = (uint64_t)value.interval_seconds * NANOSECONDS + (uint64_t)value.interval_microseconds * 1000;
	set_alarm(&current_process()->linux_state, first != 0 ? clock_now() + first : 0, every);
	return 0;
}
