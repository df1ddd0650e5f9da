/* SPDX-License-Identifier: MIT */
/*
 * saved.h: what `vmm --calibrate` has found out, in a small text file, for later runs: $XDG_CACHE_HOME/vmm/calibration,
 * or
 * ~/.cache/vmm/calibration. It holds for one version of vmm, one kind of KVM and one model of CPU.
 */
#ifndef VMM_CALIBRATE_SAVED_H
#define VMM_CALIBRATE_SAVED_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "measure.h"

#define CPU_NAME 64

struct calibration_place {
	const char *version; /* of vmm */
	const char *host;    /* kvm_kind_name() */
	char cpu[CPU_NAME];  /* "unknown" if nobody says */
};

/* This machine; `host` must stay. */
void calibration_here(struct calibration_place *place, const char *version, const char *host);

/* Saves quickest_ns of each way. Leaves the file's name in `path`, or in the error line what was wrong with it. */
bool calibration_save(const struct calibration *calibration, const struct calibration_place *place, char path[PATH_MAX],
		      struct vmm_error *error);

/* ns of one observation by this method with this report (measure.h); 0: it was not measured here. */
uint64_t calibration_saved(const struct calibration_place *place, const char *method, const char *report);

#endif
