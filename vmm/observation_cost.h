/* SPDX-License-Identifier: MIT */
/* observation_cost.h: connects the command line and what --calibrate has saved with the summary of a run. */
#ifndef VMM_OBSERVATION_COST_H
#define VMM_OBSERVATION_COST_H

#include "options.h"
#include "report/observation.h"

/* What one observation of a run with these options costs on this kind of host. False: --correct needs a price, and
   there is none. */
bool observation_cost_find(const struct options *options, const char *method, const char *host,
			   struct observation_cost *cost, struct vmm_error *error);

#endif
