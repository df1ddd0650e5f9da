/* SPDX-License-Identifier: MIT */
/*
 * run.h: the run loop: enters the guest, decodes each exit, lets the tracer, a device or a hypercall answer, until the
 * guest, the clock or the user ends it.
 */
#ifndef VMM_RUN_RUN_H
#define VMM_RUN_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "boot/boot.h"
#include "devices/device.h"
#include "machine/vcpu.h"
#include "report/stream.h"
#include "tracer.h"

/* vmm's own exit statuses; the others are the guest program's. */
#define STATUS_TIMEOUT     124
#define STATUS_VMM_FAILED  125
#define STATUS_KERNEL_DIED 126
#define STATUS_SIGNAL      128 /* plus its number */

/* When the address-space report is given. */
enum layout_when { LAYOUT_START = 1, LAYOUT_SWITCH = 2, LAYOUT_END = 4 };

struct run {
	/* given */
	struct guest_ram *ram;
	struct vcpu *vcpu;
	struct stream *stream;
	struct writer *writer;
	const char *output; /* name of the report's file, for messages */
	struct symbols *symbols;
	const struct boot_result *boot;
	const char *program; /* name of the user program */
	unsigned layout;     /* LAYOUT_* */
	uint64_t timeout_ns;
	struct tracer tracer;
	struct device_host devices;
	/* found */
	struct cpu_state state;     /* registers at the last exit */
	struct cpu_state last_good; /* the same, before a triple fault */
	uint64_t start_ns;          /* CLOCK_MONOTONIC at the first instruction */
	struct moment moment;       /* of the last exit */
	gpa_t layout_cr3;           /* the last one shown with --layout=switch */
	bool layout_cut, state_lost;
	bool ended;
	int status;
	const char *reason; /* as in struct event_end */
	char message[256];  /* line for standard error; "" for none */
	bool quiet_end;     /* a closed pipe: nobody is there to read a message */
};

/* The address space of the start, before the first instruction. */
void run_show_first_layout(struct run *run);

/* Until the end; afterwards status, reason and message are set. */
void run_guest(struct run *run);

/* After the end: address spaces that are still there, summary, verdict. */
void run_show_end(struct run *run, bool observing);

#endif
