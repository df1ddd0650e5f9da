/* SPDX-License-Identifier: MIT */
/*
 * doctor.h: what this host's KVM can do, found out by running small probe guests.
 */
#ifndef VMM_DOCTOR_DOCTOR_H
#define VMM_DOCTOR_DOCTOR_H

#include <stdio.h>

/* Prints one line a finding, with a fix where there is one. Returns 0 if guests can run here, else 125. */
int doctor(FILE *out);

#endif
