/* SPDX-License-Identifier: MIT */
/*
 * options.h: the command line as values.
 */
#ifndef VMM_OPTIONS_H
#define VMM_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "decode/filter.h"
#include "machine/error.h"

enum options_action { ACTION_RUN, ACTION_DOCTOR, ACTION_HELP, ACTION_VERSION };

enum method { METHOD_TRAP, METHOD_RING, METHOD_OFF };

/* As --method takes it: "trap" */
const char *method_name(enum method method);

#define DEFAULT_MEMORY (UINT64_C(64) << 20)

#define ROOTS_MAX       32
#define ENVIRONMENT_MAX 256

/* --root DIRECTORY[:/MOUNT][:rw]; the texts are parts of the command line, not ended by NUL */
struct root_option {
	const char *directory, *mount; /* mount NULL: the guest's / */
	int directory_length, mount_length;
	bool writable;
};

struct options {
	enum options_action action;
	const char *image;
	char **arguments;         /* of the guest: IMAGE and what follows; ended by NULL */
	unsigned trace;           /* TRACE_* of run/sites.h */
	struct call_filter calls; /* single calls and classes of -e */
	const char *trace_text;   /* as given, for the report */
	enum method method;
	const char *format, *output, *kernel;
	bool summary, quiet, allow_wx;
	unsigned layout; /* LAYOUT_* of run/run.h */
	uint64_t memory; /* bytes, a multiple of 2 MiB */
	unsigned cpus;
	uint64_t timeout_ns; /* 0: none */
	struct root_option roots[ROOTS_MAX];
	unsigned root_count;
	char *environment[ENVIRONMENT_MAX]; /* NAME=VALUE of --env */
	unsigned environment_count;
};

/* Fills in options from argv. On false the error line says what was wrong with which option. */
bool options_parse(struct options *options, int argc, char **argv, struct vmm_error *error);

/* The text of --help. */
extern const char options_help[];

#endif
