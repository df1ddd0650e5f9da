/* SPDX-License-Identifier: MIT */
/*
 * decode.h: Linux's system calls as strace prints them: each argument as text, and the result.
 *
 * Nothing here knows KVM or page tables: memory is reached through a function that the caller gives, so that all of it
 * is tested without a guest. What cannot be read is shown as its address. All text is printable ASCII.
 */
#ifndef VMM_DECODE_DECODE_H
#define VMM_DECODE_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DECODE_ARGS   6
#define DECODE_BYTES  6144 /* of all arguments together; more is cut */
#define DECODE_RESULT 640

/* Copies up to count bytes at address, with the rights of ring 3; returns how many could be read. */
struct decode_memory {
	void *context;
	size_t (*read)(void *context, uint64_t address, void *to, size_t count);
};

/* A call as the registers have it. */
struct decode_call {
	const struct call_row *row; /* of the table; NULL: not known, plain values */
	unsigned arg_count;         /* for a call without a row */
	bool i386;                  /* 32-bit registers; structures of that interface are not decoded */
	uint64_t args[DECODE_ARGS];
	uint64_t stack; /* rsp: rt_sigreturn finds its frame there */
};

/* The arguments as text. Pointers are into `bytes`: a struct decoded stays where it is. */
struct decoded {
	unsigned count;
	const char *args[DECODE_ARGS];
	const char *output[DECODE_ARGS]; /* of args: what was found only at the return; NULL: nothing */
	char result[DECODE_RESULT];      /* "3", "-1 ENOENT (No such file or directory)", "0x7f0000", "?" */
	uint8_t places[DECODE_ARGS];     /* the argument's place in the row */
	unsigned retry;                  /* bit n: place n is to be read at the return */
	size_t used;
	char bytes[DECODE_BYTES];
};

/* The arguments that are known when the call begins; output arguments are addresses. */
void decode_entry(const struct decode_call *call, const struct decode_memory *memory, struct decoded *decoded);

/* Completes what decode_entry() made with output arguments and the result, -errno or a value. */
void decode_return(const struct decode_call *call, const struct decode_memory *memory, int64_t result,
		   struct decoded *decoded);

/* The row of a call, NULL if there is none. */
const struct call_row *call_row_x86_64(uint64_t number);
const struct call_row *call_row_named(const char *name);

#endif
