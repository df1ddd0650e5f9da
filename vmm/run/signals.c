/* SPDX-License-Identifier: MIT */
/* signals.c: a timer and two signals. A handler can reach nothing but a static object, so here is the only one. */
#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "abi.h"

#define TICK_MAX_NS UINT64_C(1000000000)
#define TICK_MIN_NS UINT64_C(1000000)
#define KICK        SIGUSR1 /* ends KVM_RUN in another thread */

static struct {
	struct vcpu *vcpus;
	unsigned count;
	pthread_t threads[VMM_CPUS_MAX + 1]; /* of CPUs other than the first, and of method `ring` */
	unsigned thread_count;               /* written by the thread that gets the signals */
	bool guest_events;
	volatile sig_atomic_t interrupts, quits, received, timed_out;
	uint32_t events;   /* VMM_HOST_* */
	pthread_t first;   /* gets the signals, runs the first CPU */
	uint64_t deadline; /* CLOCK_MONOTONIC ns; 0: none. Written before the handler is installed */
	timer_t timer;
	bool timer_made;
	bool hangup_handled, quit_handled;
} watch;

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

void signals_kick(void)
{
	unsigned threads = __atomic_load_n(&watch.thread_count, __ATOMIC_ACQUIRE);

	for (unsigned i = 0; i < watch.count; i++)
		vcpu_kick(&watch.vcpus[i]);
	if (threads == 0)
		return;
	if (!pthread_equal(pthread_self(), watch.first))
		pthread_kill(watch.first, KICK);
	for (unsigned i = 0; i < threads; i++)
		if (!pthread_equal(pthread_self(), watch.threads[i]))
			pthread_kill(watch.threads[i], KICK);
}

static void on_signal(int number)
{
	int saved = errno;

	if (number == SIGALRM)
		watch.timed_out |= watch.deadline != 0 && now_ns() >= watch.deadline;
	else if (number == SIGWINCH)
		__atomic_fetch_or(&watch.events, VMM_HOST_RESIZED, __ATOMIC_RELAXED);
	else if (number == SIGINT && watch.guest_events && watch.interrupts++ == 0)
		__atomic_fetch_or(&watch.events, VMM_HOST_INTERRUPT, __ATOMIC_RELAXED);
	else if (number == SIGQUIT && watch.guest_events && watch.quits++ == 0)
		__atomic_fetch_or(&watch.events, VMM_HOST_QUIT, __ATOMIC_RELAXED);
	else {
		/* The user's next one ends a VMM that cannot end its guest. */
		watch.received = number;
		signal(number, SIG_DFL);
	}
	if (watch.count > 0)
		vcpu_kick(&watch.vcpus[0]);
	if (signals_stop_requested())
		signals_kick();
	errno = saved;
}

static void on_kick(int number)
{
	(void)number; /* it has done its work by interrupting KVM_RUN */
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

static bool handle(int number, void (*handler)(int))
{
	/* No SA_RESTART: a blocking read for the guest has to notice, too. */
	struct sigaction action = {.sa_handler = handler};

	return sigaction(number, &action, NULL) == 0;
}

/* The same for signals that whoever started us may have switched off: nohup, and shells in the background. */
static bool handle_if_wanted(int number, bool *handled)
{
	struct sigaction old;

	*handled = sigaction(number, NULL, &old) == 0 && old.sa_handler != SIG_IGN;
	return !*handled || handle(number, on_signal);
}

bool signals_start(const struct signals_request *request, struct vmm_error *error)
{
	memset(&watch, 0, sizeof(watch));
	watch.vcpus = request->vcpus;
	watch.count = request->count;
	watch.first = pthread_self();
	watch.guest_events = request->guest_events;
	watch.deadline = request->timeout_ns != 0 ? now_ns() + request->timeout_ns : 0;
	if (!handle(SIGALRM, on_signal) || !handle(SIGINT, on_signal) || !handle(SIGTERM, on_signal) ||
	    !handle_if_wanted(SIGHUP, &watch.hangup_handled) || !handle_if_wanted(SIGQUIT, &watch.quit_handled) ||
	    (watch.guest_events && !handle(SIGWINCH, on_signal)) ||
	    ((watch.count > 1 || request->threads) && !handle(KICK, on_kick)))
		return error_set(error, "cannot install signal handlers: %s", strerror(errno));
	return start_timer(request->timeout_ns, error);
}

void signals_block(sigset_t *before)
{
	sigset_t blocked;

	/* A fault of our own is this thread's; the kick is meant for it. */
	sigfillset(&blocked);
	sigdelset(&blocked, KICK);
	sigdelset(&blocked, SIGSEGV);
	sigdelset(&blocked, SIGBUS);
	sigdelset(&blocked, SIGFPE);
	sigdelset(&blocked, SIGILL);
	sigdelset(&blocked, SIGABRT);
	pthread_sigmask(SIG_SETMASK, &blocked, before);
}

void signals_add_thread(pthread_t thread)
{
	watch.threads[watch.thread_count] = thread;
	__atomic_store_n(&watch.thread_count, watch.thread_count + 1, __ATOMIC_RELEASE);
}

void signals_forget_threads(void)
{
	__atomic_store_n(&watch.thread_count, 0, __ATOMIC_RELEASE);
}

uint32_t signals_take_guest_events(void)
{
	return __atomic_exchange_n(&watch.events, 0, __ATOMIC_RELAXED);
}

void signals_end(void)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN}, usual = {.sa_handler = SIG_DFL};

	if (watch.timer_made)
		timer_delete(watch.timer);
	watch.timer_made = false;
	watch.count = 0;
	sigaction(SIGALRM, &ignore, NULL);
	sigaction(SIGINT, &usual, NULL); /* a second Ctrl-C ends a VMM that is still writing its report */
	sigaction(SIGTERM, &usual, NULL);
	if (watch.hangup_handled)
		sigaction(SIGHUP, &usual, NULL);
	if (watch.quit_handled)
		sigaction(SIGQUIT, &usual, NULL);
	if (watch.guest_events)
		sigaction(SIGWINCH, &usual, NULL);
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
		vcpu_kick(vcpu); /* a signal came between the question and the answer */
}
