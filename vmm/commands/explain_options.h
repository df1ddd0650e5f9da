/* SPDX-License-Identifier: MIT */
/*
 * explain_options.h: the command line of `vmm explain`.
 */
#ifndef VMM_COMMANDS_EXPLAIN_OPTIONS_H
#define VMM_COMMANDS_EXPLAIN_OPTIONS_H

#include "explain.h"
#include "options.h"
#include "run/symbols.h"

struct explain_options {
	struct access access; /* without its address */
	const char *address;  /* as given */
	enum explain_moment moment;
	uint64_t seq;
	bool has_ring, has_operation;
};

extern const char explain_help[];

bool explain_options_parse(struct explain_options *asked, struct options *options, int argc, char **argv,
			   struct vmm_error *error);

/* The address that is meant: a number, or a symbol of the images, with +OFFSET or without. */
bool explain_address(const struct explain_options *asked, const struct symbols *symbols, gva_t *address,
		     struct vmm_error *error);

#endif
