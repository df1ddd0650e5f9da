/* SPDX-License-Identifier: MIT */
/* calibrate.h: `vmm --calibrate`: what one observation costs with each method, printed, and saved for later runs. */
#ifndef VMM_CALIBRATE_CALIBRATE_H
#define VMM_CALIBRATE_CALIBRATE_H

#include "machine/error.h"

/* Prints to standard output, as text or as one line of JSON. False: the error line says why. */
bool calibrate(bool json, const char *version, struct vmm_error *error);

#endif
