/* SPDX-License-Identifier: MIT */
/* signals.c: a timer and two signals. A handler can reach nothing but a static object, so here is the only one. */
#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#define TICK_MAX_NS UINT64_C(1000000000)
#define TICK_MIN_NS UINT64_C(1000000)

static struct {
	struct vcpu *volatile vcpu;
	volatile sig_atomic_t received, timed_out;
	uint64_t deadline; /* CLOCK_MONOTONIC ns; 0: none. Written before the handler is installed */
	timer_t timer;
	bool timer_made;
} watch;

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void on_signal(int number)
{
	int saved = errno;

	if (number == SIGALRM)
		watch.timed_out |= watch.deadline != 0 && now_ns() >= watch.deadline;
	else
		watch.received = number;
	if (watch.vcpu != NULL)
		vcpu_kick(watch.vcpu);
	errno = saved;
}

/* At most a second, at least a millisecond (a timer of nanoseconds would leave no time to run in), and one tick falls
   on the timeout. */
static uint64_t tick_length(uint64_t timeout_ns)
{
	uint64_t ticks = timeout_ns / TICK_MAX_NS + 1;

	if (timeout_ns == 0)
		return TICK_MAX_NS;
	return timeout_ns / ticks < TICK_MIN_NS ? TICK_MIN_NS : timeout_ns / ticks + 1;
}

static bool start_timer(uint64_t timeout_ns, struct vmm_error *error)
{
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
	uint64_t tick = tick_length(timeout_ns);
	struct timespec length = {.tv_sec = (time_t)(tick / 1000000000), .tv_nsec = (long)(tick % 1000000000)};
	struct itimerspec times = {.it_value = length, .it_interval = length};

	if (timer_create(CLOCK_MONOTONIC, &event, &watch.timer) < 0)
		return error_set(error, "cannot create a timer: %s", strerror(errno));
	watch.timer_made = true;
	if (timer_settime(watch.timer, 0, &times, NULL) < 0)
		return error_set(error, "cannot start a timer: %s", strerror(errno));
	return true;
}

bool signals_start(struct vcpu *vcpu, uint64_t timeout_ns, struct vmm_error *error)
{
	/* The user's second Ctrl-C ends a VMM that cannot end its guest. */
	struct sigaction tick = {.sa_handler = on_signal};
	struct sigaction once = {.sa_handler = on_signal, .sa_flags = SA_RESETHAND};

	memset(&watch, 0, sizeof(watch));
	watch.vcpu = vcpu;
	watch.deadline = timeout_ns != 0 ? now_ns() + timeout_ns : 0;
	/* No SA_RESTART: a blocking read for the guest has to notice, too. */
	if (sigaction(SIGALRM, &tick, NULL) < 0 || sigaction(SIGINT, &once, NULL) < 0 ||
	    sigaction(SIGTERM, &once, NULL) < 0)
		return error_set(error, "cannot install signal handlers: %s", strerror(errno));
	return start_timer(timeout_ns, error);
}

void signals_end(void)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN}, usual = {.sa_handler = SIG_DFL};

	if (watch.timer_made)
		timer_delete(watch.timer);
	watch.timer_made = false;
	watch.vcpu = NULL;
	sigaction(SIGALRM, &ignore, NULL);
	sigaction(SIGINT, &usual, NULL); /* a second Ctrl-C ends a VMM that is still writing its report */
	sigaction(SIGTERM, &usual, NULL);
}

bool signals_stop_requested(void)
{
	return watch.received != 0 || watch.timed_out != 0;
}

bool signals_timed_out(void)
{
	return watch.timed_out != 0;
}

int signals_received(void)
{
	return watch.received;
}

void signals_rearm(struct vcpu *vcpu)
{
	__atomic_store_n(&vcpu->run->immediate_exit, 0, __ATOMIC_RELAXED);
	if (signals_stop_requested())
		vcpu_kick(vcpu); /* the signal came between the question and the answer */
}
