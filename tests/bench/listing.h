/* SPDX-License-Identifier: MIT */
/*
 * listing.h: the kernel's disassembly, as a list of where its instructions are. It is the second witness when
 * instructions are counted by stepping: every step must lead from one instruction to one that can follow it.
 */
#ifndef BENCH_LISTING_H
#define BENCH_LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct instruction {
	uint64_t address;
	bool jumps; /* the next one may be anywhere */
};

struct listing {
	struct instruction *instructions; /* by address */
	size_t count;
};

/* Reads lines "ADDRESS MNEMONIC ...", as tests/bench/run makes them with objdump. Ends the process if it cannot. */
void listing_read(struct listing *listing, const char *path);

/* How many instructions were executed on the way from the one at `from` to the one at `to`: 1, or 2 if a step was
   swallowed; 0: there is no such way. */
unsigned listing_steps(const struct listing *listing, uint64_t from, uint64_t to);

#endif
