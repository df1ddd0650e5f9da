/* SPDX-License-Identifier: MIT */
/*
 * tracer.h: turns an exit at a trace site into the transition that the CPU just made. Everything is read from the CPU's
 * registers, the frame that it pushed and the live page tables; nothing is asked of the kernel's C code.
 */
#ifndef VMM_RUN_TRACER_H
#define VMM_RUN_TRACER_H

#include <stdbool.h>
#include <stdint.h>

#include "crossings.h"
#include "decode/filter.h"
#include "evidence.h"
#include "machine/cpu_state.h"
#include "machine/guest_ram.h"
#include "missing_calls.h"
#include "processes.h"
#include "report/stream.h"
#include "sites.h"
#include "symbols.h"

/* When something happened, and on which CPU. */
struct moment {
	uint64_t ns, tsc;
	unsigned cpu;
};

struct tracer {
	struct guest_ram *ram;
	struct stream *stream;
	struct symbols *symbols;
	struct site_table sites;
	struct process_list processes;
	struct crossings crossings;
	struct missing_calls missing_calls;
	unsigned traced;              /* TRACE_*: what is shown */
	struct call_filter filter;    /* and what of single system calls */
	unsigned armed;               /* TRACE_*: what is observed, shown or not: tracer_needs() */
	const char *program;          /* name for processes of kernels without a table */
	unsigned rings[VMM_CPUS_MAX]; /* where each CPU must be now, by the transitions seen */
	uint64_t last_seq;            /* of the last transition shown */
	uint64_t missed;     /* transitions that cannot have been the next one: something in between was not seen */
	uint64_t missed_seq; /* the first of them */
	uint64_t entries, returns;
	const struct evidence *evidence; /* of a transition that was recorded, while it is observed; NULL otherwise */
	uint64_t unreadable; /* frames that no page of the guest holds: what is said of them is not evidence */
};

/* What the VMM must do for the guest before it goes on, on hosts whose CPU leaves a transition undone. */
struct completion {
	bool needed;
	uint64_t rip, rsp, rflags;
};

/* The causes whose sites must be armed to show these causes and calls. */
unsigned tracer_needs(unsigned traced, const struct call_filter *filter);

/* The CPU stands at an armed site: emits the transition (if its cause is traced) and pairs it. */
void tracer_observe(struct tracer *tracer, const struct site *site, const struct cpu_state *state,
		    const struct moment *moment, struct completion *completion);

/* The same for a transition that the kernel's recorder has written down: memory and process table may be newer. */
void tracer_observe_record(struct tracer *tracer, const struct site *site, const struct cpu_state *state,
			   const struct evidence *evidence, const struct moment *moment);

/* Emits what the guest's process table says is new. Called before each event. */
void tracer_poll_processes(struct tracer *tracer, const struct cpu_state *state, const struct moment *moment);

/* The kernel says that it lacks a system call: a note the first time. */
void tracer_unimplemented(struct tracer *tracer, const struct cpu_state *state, const struct moment *moment);

/* The process of an address space, NULL if unknown. */
struct process *tracer_process(struct tracer *tracer, gpa_t cr3);

/* The thread that the CPU runs: of those with its CR3, the one on whose kernel stack it enters ring 0 (TSS.RSP0). NULL
   if unknown. */
struct process *tracer_thread(struct tracer *tracer, const struct cpu_state *state);

/* "function+0x10" of an address in the thread that the CPU runs; "": unknown, as in a program that was loaded later. */
void tracer_describe(struct tracer *tracer, const struct cpu_state *state, gva_t address, char *text, size_t size);

/* Key of that thread in the list of crossings. */
uint64_t tracer_context(struct tracer *tracer, const struct cpu_state *state);

void tracer_close(struct tracer *tracer);

#endif
