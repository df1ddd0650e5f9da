/* SPDX-License-Identifier: MIT */
/*
 * state.h: what Linux's system calls remember for each process. fork copies it. All zero: the state at the start.
 */
#ifndef LINUX_STATE_H
#define LINUX_STATE_H

#include <stdint.h>

struct linux_state {
	uint64_t pending, blocked, ignored; /* signals: bit n - 1 stands for signal n */
	uint32_t closed_files;              /* bit n: file descriptor n, of the three, is closed */
};

#endif
