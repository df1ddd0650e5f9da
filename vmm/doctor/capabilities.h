/* SPDX-License-Identifier: MIT */
/*
 * capabilities.h: what KVM says of itself, where nothing has to be tried.
 */
#ifndef VMM_DOCTOR_CAPABILITIES_H
#define VMM_DOCTOR_CAPABILITIES_H

#include <stddef.h>

#include "finding.h"
#include "machine/kvm.h"

struct capability {
	long number;
	const char *name, *use;
	bool counts; /* the answer is a number, not yes or no */
};

/* Those that guests run without; kvm_open() insists on the others. */
extern const struct capability capabilities[];
extern const size_t capability_count;

void capability_check(const struct kvm *kvm, const struct capability *capability, struct finding *finding);

#endif
