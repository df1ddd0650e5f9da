/* SPDX-License-Identifier: MIT */
/*
 * signals.h: what interrupts a running guest from outside: the clock, and the user.
 */
#ifndef VMM_RUN_SIGNALS_H
#define VMM_RUN_SIGNALS_H

#include <stdbool.h>
#include <stdint.h>

#include "machine/error.h"
#include "machine/vcpu.h"

/* Starts the clock: vcpu_run() returns EINTR at least once a second (after the first), at the timeout (0: none), and on
   SIGINT and SIGTERM. SIGPIPE is ignored: writes report it. One at a time. */
bool signals_start(struct vcpu *vcpu, uint64_t timeout_ns, struct vmm_error *error);
void signals_end(void);

/* After an EINTR: may the guest go on? */
bool signals_stop_requested(void);
bool signals_timed_out(void);
int signals_received(void); /* SIGINT, SIGTERM, or 0 */

/* Prepares the vCPU for the next vcpu_run() after an EINTR. */
void signals_rearm(struct vcpu *vcpu);

#endif
