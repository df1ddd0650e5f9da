/* SPDX-License-Identifier: MIT */
/*
 * options.h: the command line as values.
 */
#ifndef VMM_OPTIONS_H
#define VMM_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "machine/error.h"

enum options_action { ACTION_RUN, ACTION_DOCTOR, ACTION_HELP, ACTION_VERSION };

enum method { METHOD_TRAP, METHOD_OFF };

#define DEFAULT_MEMORY (UINT64_C(64) << 20)

struct options {
	enum options_action action;
	const char *image;
	char **arguments;       /* of the guest: IMAGE and what follows; ended by NULL */
	unsigned trace;         /* TRACE_* of run/sites.h */
	const char *trace_text; /* as given, for the report */
	enum method method;
	const char *format, *output, *kernel;
	bool summary, quiet, allow_wx;
	unsigned layout; /* LAYOUT_* of run/run.h */
	uint64_t memory; /* bytes, a multiple of 2 MiB */
	unsigned cpus;
	uint64_t timeout_ns; /* 0: none */
};

/* Fills in options from argv. On false the error line says what was wrong with which option. */
bool options_parse(struct options *options, int argc, char **argv, struct vmm_error *error);

/* The text of --help. */
extern const char options_help[];

#endif
