/* SPDX-License-Identifier: MIT */
/*
 * system_calls.h: Linux's system calls, for kernels that declare Linux's numbers (vmm_linux_abi): their names, and
 * their arguments decoded from the guest's memory.
 */
#ifndef VMM_RUN_SYSTEM_CALLS_H
#define VMM_RUN_SYSTEM_CALLS_H

#include <stdint.h>

#include "decode/decode.h"
#include "evidence.h"
#include "machine/guest_ram.h"
#include "report/event.h"

struct system_call {
	const char *name; /* NULL: no such call */
	unsigned args;
};

/* By `syscall` with x86-64 numbers, or by `int 0x80` with i386 numbers. Never NULL. */
const struct system_call *system_call_x86_64(uint64_t number);
const struct system_call *system_call_i386(uint64_t number);

/* A call that has begun: what is needed of it at its return. */
struct open_call {
	struct decode_call call;
	struct decoded decoded;
	struct event_call event; /* the same, for the report */
	gpa_t cr3;
};

/* Decodes what is known when the call of this name begins. rsp: of ring 3. Memory is read with the rights of ring 3.
   NULL: the call's arguments are not known (or no memory is left). To be freed. */
struct open_call *system_call_begin(const struct user_memory *user, const char *name, bool i386,
				    const uint64_t args[DECODE_ARGS], uint64_t rsp);

/* Completes it: output arguments and the result. */
void system_call_end(struct open_call *open, const struct user_memory *user, int64_t result);

/* siginfo_t at an address of ring 3, as strace prints it; its address if it cannot be read. */
void system_call_siginfo(const struct user_memory *user, uint64_t address, char *text, size_t size);

/* What a recorder must do about the memory of a call (VMM_PLAN_*). */
uint8_t system_call_plan(const char *name, bool i386);

#endif
