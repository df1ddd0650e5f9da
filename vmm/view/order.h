/* SPDX-License-Identifier: MIT */
/*
 * order.h: do two runs take the same steps, thread by thread? Steps come from both sides in any order; those of the
 * side that is ahead wait for the other's. At most ORDER_WAITING wait in all: for a thread that is too far ahead, only
 * a hash of what follows is kept, which still says whether it is the same.
 */
#ifndef VMM_VIEW_ORDER_H
#define VMM_VIEW_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ORDER_WAITING 65536
#define ORDER_CONTEXT 3 /* steps shown before and after a difference */
#define ORDER_TEXT    112
#define ORDER_THREADS 8192

struct order_step {
	uint64_t hash, line; /* line of the file, from 1 */
	char text[ORDER_TEXT];
};

struct order_thread {
	unsigned process, thread; /* by order of appearance, from 1 */
	uint64_t same;            /* how many steps are the same, from the first on */
	bool differs;
	bool somewhere;                            /* ... but not known where, behind `same` steps */
	struct order_step before[ORDER_CONTEXT];   /* the last of those, a ring: step n is at n % ORDER_CONTEXT */
	struct order_step after[2][ORDER_CONTEXT]; /* of each side, from the difference on */
	unsigned after_count[2];                   /* 0: that side has ended */
	/* the steps of the side that is ahead */
	struct order_step *waiting;
	size_t first, count, room;
	unsigned ahead;
	bool hashed; /* too many: only hashes from here on */
	uint64_t rest_hash[2], rest_count[2];
};

struct order {
	struct order_thread *threads;
	size_t thread_count, thread_room;
	size_t waiting;  /* in all */
	bool incomplete; /* too many threads, or no memory: not all was compared */
};

/* side: 0 or 1. An order that is all zero is empty. */
void order_add(struct order *order, unsigned side, unsigned process, unsigned thread, const struct order_step *step);

/* Both sides have ended: the differences are now in the threads. */
void order_finish(struct order *order);

void order_close(struct order *order);

#endif
