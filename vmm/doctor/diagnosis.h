/* SPDX-License-Identifier: MIT */
/*
 * diagnosis.h: why /dev/kvm does not work, and what to do about it. A pure function of the facts.
 */
#ifndef VMM_DOCTOR_DIAGNOSIS_H
#define VMM_DOCTOR_DIAGNOSIS_H

#include <stdbool.h>

#include "device_facts.h"
#include "finding.h"

/* True: the device works. Otherwise finding's text says what is wrong and its fix what to do. */
bool diagnose(const struct device_facts *facts, struct finding *finding);

#endif
