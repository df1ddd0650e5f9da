/* SPDX-License-Identifier: MIT */
/*
 * files.h: what processes share of their open files, for the rest of the kernel.
 */
#ifndef LINUX_FILES_H
#define LINUX_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "linux/state.h"

/* For fork: the same descriptors, current directory and program. False: no memory, nothing was done. */
bool files_copy(struct linux_process *child, const struct linux_process *parent);

/* The end of a process: gives all of it back. */
void files_end(struct linux_process *state);

/* The VMM has input for somebody who waits for it. */
void files_input_ready(void);

/* The process group that the terminal's keys speak to. */
uint32_t terminal_foreground(void);

#endif
