/* SPDX-License-Identifier: MIT */
/*
 * hypercall.h: what a guest kernel may ask of the VMM (shared/abi.h). Every argument is the guest's word and checked.
 */
#ifndef VMM_RUN_HYPERCALL_H
#define VMM_RUN_HYPERCALL_H

#include "devices/device.h"
#include "machine/cpu_state.h"
#include "machine/guest_ram.h"
#include "report/event.h"

/* Carries out the call in the registers and fills in call, args and result of the event. */
void hypercall(struct guest_ram *ram, struct device_host *host, const struct cpu_state *state,
	       struct event_exit *event);

#endif
