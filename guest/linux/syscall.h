/* SPDX-License-Identifier: MIT */
/*
 * syscall.h: how a system call is written. The entry stub (kernel/traps.S) calls it with its arguments in registers, as
 * C passes them, so it may have any number of parameters up to six. To add one: write it, and add a line to calls.h.
 */
#ifndef LINUX_SYSCALL_H
#define LINUX_SYSCALL_H

#include <stdint.h>

/* Returns the result, or a negative errno. Only the tables call it, which need no prototype. */
#define SYSTEM_CALL(name, ...)           \
	int64_t sys_##name(__VA_ARGS__); \
	int64_t sys_##name(__VA_ARGS__)

#endif
