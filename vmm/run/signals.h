/* SPDX-License-Identifier: MIT */
/*
 * signals.h: what interrupts a running guest from outside: the clock, and the user.
 */
#ifndef VMM_RUN_SIGNALS_H
#define VMM_RUN_SIGNALS_H

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "machine/error.h"
#include "machine/vcpu.h"

struct signals_request {
	struct vcpu *vcpus; /* those that run; the first in the calling thread */
	unsigned count;
	uint64_t timeout_ns; /* 0: none */
	bool threads;        /* there will be other threads, even with one CPU: signals_add_thread() */
	bool guest_events;   /* the guest learns of a first SIGINT, and of SIGWINCH */
};

/* Starts the clock: vcpu_run() of the first CPU returns EINTR at least once a second (after the first); that of all
   CPUs at the timeout, on SIGTERM and on SIGINT; with guest_events, SIGINT means that from its second time on. SIGPIPE
   is ignored: writes report it. One at a time. */
bool signals_start(const struct signals_request *request, struct vmm_error *error);
void signals_end(void);

/* For threads that shall not get any of these signals: blocks them in the calling thread, until pthread_sigmask() sets
 *before again; threads made meanwhile inherit it. */
void signals_block(sigset_t *before);

/* The thread of another CPU, so that signals_kick() reaches it; forgotten before the threads are joined. */
void signals_add_thread(pthread_t thread);
void signals_forget_threads(void);

/* Makes vcpu_run() of all CPUs, running or the next one, return EINTR. */
void signals_kick(void);

/* VMM_HOST_* that signals have meant for the guest since the last call. */
uint32_t signals_take_guest_events(void);

/* After an EINTR: may the guest go on? */
bool signals_stop_requested(void);
bool signals_timed_out(void);
int signals_received(void); /* SIGINT, SIGTERM, or 0 */

/* Prepares the vCPU for the next vcpu_run() after an EINTR. */
void signals_rearm(struct vcpu *vcpu);

#endif
