/* SPDX-License-Identifier: MIT */
/*
 * sandbox.h: runs one probe in a process of its own, so that nothing it meets can stop the others.
 */
#ifndef VMM_DOCTOR_SANDBOX_H
#define VMM_DOCTOR_SANDBOX_H

#include "finding.h"
#include "machine/kvm.h"
#include "probes.h"

/* Builds a probe guest on the opened `device` and runs the probe. Always gives a finding: if the process dies or does
   not end within its time, that is the finding. */
void sandbox_run(const struct probe *probe, const struct kvm *device, struct finding *finding);

#endif
