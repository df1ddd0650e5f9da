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
#include "machine/cpu_state.h"
#include "machine/guest_ram.h"
#include "processes.h"
#include "report/stream.h"
#include "sites.h"
#include "symbols.h"

/* When something happened. */
struct moment {
	uint64_t ns, tsc;
};

struct tracer {
	struct guest_ram *ram;
	struct stream *stream;
	struct symbols *symbols;
	struct site_table sites;
	struct process_list processes;
	struct crossings crossings;
	unsigned traced;     /* TRACE_* */
	const char *program; /* name for processes of kernels without a table */
	unsigned ring;       /* where the CPU must be now, by the transitions seen */
	uint64_t missed;     /* transitions that cannot have been the next one: something in between was not seen */
	uint64_t missed_seq; /* the first of them */
	uint64_t entries, returns;
	uint64_t unreadable; /* frames that no page of the guest holds: what is said of them is not evidence */
};

/* What the VMM must do for the guest before it goes on, on hosts whose CPU leaves a transition undone. */
struct completion {
	bool needed;
	uint64_t rip, rsp, rflags;
};

/* The CPU stands at an armed site: emits the transition (if its cause is traced) and pairs it. */
void tracer_observe(struct tracer *tracer, const struct site *site, const struct cpu_state *state,
		    const struct moment *moment, struct completion *completion);

/* Emits what the guest's process table says is new. Called before each event. */
void tracer_poll_processes(struct tracer *tracer, const struct cpu_state *state, const struct moment *moment);

/* The process of the current CR3, NULL if unknown. */
struct process *tracer_process(struct tracer *tracer, gpa_t cr3);

/* Key of that process in the list of crossings. */
uint64_t tracer_context(struct tracer *tracer, gpa_t cr3);

void tracer_close(struct tracer *tracer);

#endif
