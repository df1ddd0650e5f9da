/* SPDX-License-Identifier: MIT */
/*
 * measure.h: what one observation costs on this machine. A built-in guest makes null system calls and times them
 * itself; vmm runs it with each method, the methods taking turns, so that what else the machine does meets all of them
 * alike. A call is two observations, its entry and its return: half of what it takes longer than with method `off` is
 * one.
 */
#ifndef VMM_CALIBRATE_MEASURE_H
#define VMM_CALIBRATE_MEASURE_H

#include <stdbool.h>
#include <stddef.h>

#include "machine/error.h"

#define CALIBRATE_CALLS   10 /* in a batch: few, so that some batches are not interrupted on a busy machine */
#define CALIBRATE_BATCHES 64 /* in a run; the quickest counts */
#define CALIBRATE_ROUNDS  7  /* runs of each way */
#define CALIBRATE_WAYS    7

/* A method, and what becomes of the events: "none" (as with -q), or a format of a report that goes to /dev/null. */
struct calibrated_way {
	const char *method, *report;
	char why_not[160];                /* the method does not exist here; "": it does */
	double call_ns[CALIBRATE_ROUNDS]; /* a call's time, sorted */
	double each_ns[CALIBRATE_ROUNDS]; /* an observation's, round by round against `off`, sorted; `off`: 0 */
	double quickest_ns;               /* an observation's, by the quickest runs of this and of `off` */
};

struct calibration {
	struct calibrated_way ways[CALIBRATE_WAYS]; /* the first one is `off` */
};

/* Takes some seconds. */
bool calibration_measure(struct calibration *calibration, struct vmm_error *error);

/* The k-th tenth of CALIBRATE_ROUNDS sorted numbers: 0 least, 5 median, 9 the 90th percentile. */
double calibration_tenth(const double *sorted, unsigned tenth);

#endif
