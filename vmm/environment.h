/* SPDX-License-Identifier: MIT */
/*
 * environment.h: the environment of the guest's program: a small default one, and --env. Never the caller's.
 */
#ifndef VMM_ENVIRONMENT_H
#define VMM_ENVIRONMENT_H

#include "options.h"

struct environment {
	char *strings[ENVIRONMENT_MAX + 4];
	char terminal[64];
};

/* The array to pass on, ended by NULL. TERM is the caller's if the guest's output goes to a terminal. */
char *const *environment_make(struct environment *environment, const struct options *options);

#endif
