/* SPDX-License-Identifier: MIT */
/*
 * people.h: the processes and threads of a trace by order of appearance, from 1. Two runs of the same programs number
 * them alike, whatever their pids are.
 */
#ifndef VMM_VIEW_PEOPLE_H
#define VMM_VIEW_PEOPLE_H

#include <stddef.h>

#include "report/event.h"

#define PEOPLE_PROCESSES 4096
#define PEOPLE_THREADS   256 /* of one process */

struct person {
	uint32_t pid;    /* in this run */
	unsigned parent; /* by order of appearance; 0: unknown */
	char name[EVENT_NAME];
	bool ended;
	uint32_t status; /* then: as wait4 gives it */
	bool replaced;   /* its pid belongs to a later one now */
	uint32_t *tids;  /* in order of appearance */
	unsigned thread_count, thread_room;
};

struct people {
	struct person *processes;
	unsigned count, room;
	bool incomplete; /* there were too many, or memory was short */
};

/* The number of the process; a new one where it was not seen before. 0: nobody (pid 0), or one too many. */
unsigned people_process(struct people *people, uint32_t pid);

/* The number of the thread in its process (a number that people_process() gave). 0: one too many. */
unsigned people_thread(struct people *people, unsigned process, uint32_t tid);

/* What a line of type process says. */
void people_event(struct people *people, const struct event *event);

void people_close(struct people *people);

#endif
