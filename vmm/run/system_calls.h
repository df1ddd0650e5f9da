/* SPDX-License-Identifier: MIT */
/*
 * system_calls.h: the Linux names of system calls, for kernels that declare Linux's numbers (vmm_linux_abi).
 */
#ifndef VMM_RUN_SYSTEM_CALLS_H
#define VMM_RUN_SYSTEM_CALLS_H

#include <stdint.h>

struct system_call {
	const char *name; /* NULL: no such call */
	unsigned args;
};

/* By `syscall` with x86-64 numbers, or by `int 0x80` with i386 numbers. Never NULL. */
const struct system_call *system_call_x86_64(uint64_t number);
const struct system_call *system_call_i386(uint64_t number);

#endif
