/* SPDX-License-Identifier: MIT */
/*
 * crossings.h: pairs each return with its entry. Crossings nest (a page fault inside a system call), and each process
 * has its own tree, because a kernel may switch between entry and return.
 */
#ifndef VMM_RUN_CROSSINGS_H
#define VMM_RUN_CROSSINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "machine/guest_ram.h"
#include "report/event.h"

#define CROSSINGS_OPEN_MAX 1024

/* An entry whose return has not been seen yet. */
struct open_call; /* of system_calls.h */

struct crossing {
	uint64_t context; /* thread, or CPU and CR3 where threads are unknown: tracer_context() */
	unsigned from;    /* ring */
	gva_t next;       /* where it goes on: behind a system call, at the instruction of a fault or interrupt */
	gva_t frame;      /* where the CPU pushed its frame; 0 for `syscall`, which pushes none */
	enum cause cause;
	const char *name;
	bool has_number;
	bool hidden;            /* its events are not shown, it is only paired */
	bool selected;          /* by name (-e): its return is shown, too */
	struct open_call *call; /* a system call whose arguments were decoded; freed with the crossing */
	uint64_t seq, ns, exits;
	uint64_t faults, interrupts; /* that came in between */
};

struct crossings {
	struct crossing open[CROSSINGS_OPEN_MAX]; /* oldest first, all contexts mixed */
	size_t count;
	uint64_t dropped; /* entries forgotten because too many were open */
	/* entries inside one that has returned, which themselves were not seen to return */
	uint64_t unreturned, unreturned_seq; /* how many, and the first */
};

/* How many crossings are open in the context. */
unsigned crossings_depth(const struct crossings *crossings, uint64_t context);

/* The innermost one of the context that is shown; NULL: none. */
const struct crossing *crossings_innermost(const struct crossings *crossings, uint64_t context);

/* Takes over entry->call. */
void crossings_enter(struct crossings *crossings, const struct crossing *entry);

/* The entry that belongs to a return of this context to ring `to`, whose frame (iret) lies at `frame`, or 0 (sysret).
   It and everything that was opened inside it are closed. Returns false if there is none: the first return of a new
   process, for instance. entry->call is the caller's to free. */
bool crossings_leave(struct crossings *crossings, uint64_t context, unsigned to, gva_t frame, struct crossing *entry);

/* One more exit of the guest's own inside every open crossing of the context. */
void crossings_count_exit(struct crossings *crossings, uint64_t context);

/* One more exception or interrupt inside every open crossing of the context. */
void crossings_count_nested(struct crossings *crossings, uint64_t context, enum cause cause);

/* The process is gone: none of its crossings will return. */
void crossings_forget(struct crossings *crossings, uint64_t context);

void crossings_close(struct crossings *crossings);

#endif
