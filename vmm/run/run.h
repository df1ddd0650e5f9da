/* SPDX-License-Identifier: MIT */
/*
 * run.h: the run loop: enters the guest, decodes each exit, lets the tracer, a device or a hypercall answer, until the
 * guest, the clock or the user ends it.
 */
#ifndef VMM_RUN_RUN_H
#define VMM_RUN_RUN_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "boot/boot.h"
#include "devices/device.h"
#include "machine/vcpu.h"
#include "report/progress.h"
#include "report/stream.h"
#include "rings.h"
#include "tracer.h"

/* vmm's own exit statuses; the others are the guest program's. */
#define STATUS_TIMEOUT     124
#define STATUS_VMM_FAILED  125
#define STATUS_KERNEL_DIED 126
#define STATUS_SIGNAL      128 /* plus its number */

/* When the address-space report is given. */
enum layout_when { LAYOUT_START = 1, LAYOUT_SWITCH = 2, LAYOUT_END = 4 };

struct run;

/* What belongs to one CPU. All of it but the vCPU's page is touched only with the run's lock held. */
struct run_cpu {
	struct run *run;
	struct vcpu *vcpu;
	struct cpu_state state;     /* registers at the last exit */
	struct cpu_state last_good; /* the same, before a triple fault */
	gpa_t layout_cr3;           /* the last one shown with --layout=switch */
	bool inside;                /* in KVM_RUN; atomic */
	bool yields;                /* it has asked for others to run first (VMM_HYPERCALL_YIELD) */
	pthread_t thread;           /* of CPUs other than the first, which runs in the main thread */
};

struct run {
	/* given */
	const struct kvm *kvm;
	struct guest_ram *ram;
	struct vcpu *vcpus;
	unsigned cpu_count;
	struct stream *stream;
	struct writer *writer;
	const char *output; /* name of the report's file, for messages */
	struct symbols *symbols;
	const struct boot_result *boot;
	const char *program; /* name of the user program */
	unsigned layout;     /* LAYOUT_* */
	uint64_t timeout_ns;
	bool stop_wanted;          /* the run ends when the event with this number has been shown, */
	uint64_t stop_seq;         /* at the exit that it tells of: the guest executes nothing more */
	struct progress *progress; /* NULL: none is shown */
	struct tracer tracer;
	struct device_host devices;
	/* One CPU at a time handles its exit, so that the order of events is the order of their times. */
	pthread_mutex_t lock;
	pthread_cond_t changed; /* parked, pausing or ended */
	unsigned threads;       /* that were started: CPUs 1 to this one */
	unsigned parked;        /* CPUs that stand still because of pausing */
	bool pausing;
	bool host_wanted;   /* the kernel has an entry site for VMM_VECTOR_HOST */
	uint32_t host_bits; /* VMM_HOST_* not fetched yet; atomic */
	/* found */
	struct run_cpu cpus[VMM_CPUS_MAX];
	struct run_cpu *last;         /* whose exit was the last */
	uint64_t start_ns;            /* CLOCK_MONOTONIC at the first instruction */
	struct moment moment;         /* of the last exit */
	struct rings rings;           /* method `ring` */
	pthread_t drainer;            /* the thread that empties them */
	bool draining;                /* it was started */
	uint64_t start_tsc;           /* the host's, at start_ns */
	uint64_t tsc_khz, tsc_offset; /* of the guest: offset = its counter minus the host's */
	uint64_t last_ns;             /* of the latest event, with method `ring` */
	bool layout_cut, state_lost;
	bool ended;
	int status;
	const char *reason; /* as in struct event_end */
	char message[256];  /* line for standard error; "" for none */
	bool quiet_end;     /* a closed pipe: nobody is there to read a message */
};

/* After `given` has been filled in, and the tracer's sites: prepares the rest. */
void run_init(struct run *run);

/* Tells the guest that something happened outside (VMM_HOST_*): it learns the bits by VMM_HYPERCALL_HOST_EVENTS, and
   gets interrupt VMM_VECTOR_HOST to make it ask. Does nothing for kernels without an entry site for it. From any
   thread, as long as the VM is open. */
void host_event(struct run *run, uint32_t bits);

/* The address space of the start, before the first instruction. */
void run_show_first_layout(struct run *run);

/* Until the end; afterwards status, reason and message are set. */
void run_guest(struct run *run);

/* After the end: address spaces that are still there, summary, verdict. */
void run_show_end(struct run *run, bool observing);

#endif
