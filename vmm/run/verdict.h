/* SPDX-License-Identifier: MIT */
/*
 * verdict.h: was everything seen? Looks for ways past the trace sites, and says what may be missing and why.
 */
#ifndef VMM_RUN_VERDICT_H
#define VMM_RUN_VERDICT_H

#include <stdbool.h>
#include <stddef.h>

#include "abi.h"
#include "machine/cpu_state.h"
#include "machine/vcpu.h"
#include "tracer.h"

#define VERDICT_DOUBTS 16
#define VERDICT_TEXT   192

struct verdict {
	char texts[VERDICT_DOUBTS][VERDICT_TEXT];
	const char *doubts[VERDICT_DOUBTS];
	size_t count;
};

/* A CPU, and the last registers of it that can be trusted. */
struct verdict_cpu {
	const struct vcpu *vcpu;
	const struct cpu_state *state;
};

/* What is known of the guest's end. */
struct verdict_request {
	const struct tracer *tracer;
	struct verdict_cpu cpus[VMM_CPUS_MAX];
	unsigned cpu_count;
	bool observing;  /* a method other than off */
	bool state_lost; /* the CPU was reset by a triple fault */
	bool layout_cut;
	uint64_t refused; /* records of method `ring` that were none */
};

void verdict_build(struct verdict *verdict, const struct verdict_request *request);

#endif
