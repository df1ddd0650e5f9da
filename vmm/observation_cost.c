/* SPDX-License-Identifier: MIT */
/* observation_cost.c: --observation-cost, or the file of --calibrate; nothing is read unless there is a summary. */
#include "observation_cost.h"

#include <string.h>

#include "calibrate/saved.h"
#include "version.h"

/* Formats that were not measured cost about as much as JSON. */
static const char *report_of(const struct options *options)
{
	if (options->quiet)
		return "none";
	return strcmp(options->format, "text") == 0 ? "text" : "json";
}

bool observation_cost_find(const struct options *options, const char *method, const char *host,
			   struct observation_cost *cost, struct vmm_error *error)
{
	struct calibration_place place;

	*cost = (struct observation_cost){
		.method = method,
		.each_ns = options->observation_cost,
		.source = "option",
		.correct = options->correct,
	};
	if (!options->summary || options->method == METHOD_OFF || cost->each_ns != 0)
		return true;
	calibration_here(&place, VMM_VERSION, host);
	cost->each_ns = calibration_saved(&place, method, report_of(options));
	cost->source = "calibration";
	if (options->correct && cost->each_ns == 0)
		return error_set(error,
				 "--correct: what an observation by method %s costs on this machine is not known: run "
				 "vmm --calibrate once, or give --observation-cost NS",
				 method);
	return true;
}
