/* SPDX-License-Identifier: MIT */
/*
 * options.h: the command line as values.
 */
#ifndef VMM_OPTIONS_H
#define VMM_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "decode/filter.h"
#include "expect/expect.h"
#include "machine/error.h"

enum options_action { ACTION_RUN, ACTION_DOCTOR, ACTION_CALIBRATE, ACTION_HELP, ACTION_VERSION };

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
	bool correct;              /* the summary's times: without what observing cost */
	uint64_t observation_cost; /* ns; 0: as --calibrate has saved it */
	unsigned layout;           /* LAYOUT_* of run/run.h */
	uint64_t memory;           /* bytes, a multiple of 2 MiB */
	unsigned cpus;
	uint64_t timeout_ns; /* 0: none */
	struct root_option roots[ROOTS_MAX];
	unsigned root_count;
	char *environment[ENVIRONMENT_MAX]; /* NAME=VALUE of --env */
	unsigned environment_count;
	struct expectations expectations; /* --expect */
};

/* What a command takes beside the options of a run: long options, and words that stand before IMAGE. */
#define OPTION_MORE      1024 /* values of such options begin here */
#define OPTIONS_MORE_MAX 8

struct option;
struct options_more {
	const struct option *options; /* for getopt_long(), ended by zeros; at most OPTIONS_MORE_MAX */
	bool (*option)(void *context, int option, const char *text, struct vmm_error *error);
	unsigned words; /* how many; without them there is no IMAGE */
	bool (*word)(void *context, const char *text, struct vmm_error *error);
	const char *missing; /* the error line if IMAGE or a word is not there */
	void *context;
};

/* As options_parse(), with more; NULL: nothing more. */
bool options_parse_more(struct options *options, int argc, char **argv, const struct options_more *more,
			struct vmm_error *error);

/* Fills in options from argv. On false the error line says what was wrong with which option. */
bool options_parse(struct options *options, int argc, char **argv, struct vmm_error *error);

/* The text of --help. */
extern const char options_help[];

#endif
