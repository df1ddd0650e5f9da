/* SPDX-License-Identifier: MIT */
/*
 * calls.h: what is known of a system call: its row of call_rows.h.
 */
#ifndef VMM_DECODE_CALLS_H
#define VMM_DECODE_CALLS_H

#include "decode.h"

/* The classes that -e takes, as strace has them */
enum call_class {
	OF_NONE,
	OF_DESC = 1,
	OF_FILE = 2,
	OF_MEMORY = 4,
	OF_PROCESS = 8,
	OF_SIGNAL = 16,
	OF_NETWORK = 32,
	OF_IPC = 64,
	OF_CLOCK = 128,
	OF_CREDS = 256,
	OF_PURE = 512,
};

struct call_row {
	const char *name;
	uint16_t classes;
	uint8_t result;             /* RESULT_* of kinds.h */
	bool decoded;               /* `kinds` says how; otherwise plain values */
	uint8_t kinds[DECODE_ARGS]; /* KIND_*, ended by KIND_NONE */
};

#endif
