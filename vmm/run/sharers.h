/* SPDX-License-Identifier: MIT */
/*
 * sharers.h: which other processes map a frame in their user half, too.
 */
#ifndef VMM_RUN_SHARERS_H
#define VMM_RUN_SHARERS_H

#include <stdbool.h>
#include <stddef.h>

#include "machine/guest_ram.h"
#include "processes.h"

/* One process that maps the frame. */
struct sharer {
	gpa_t frame;
	uint32_t process; /* index in the list of processes */
};

struct sharers {
	struct sharer *items; /* by frame, each pair once */
	size_t count, room;
	uint64_t pages_left;
	bool cut_short; /* more pages or tables than allowed, or no memory: some are missing */
};

/* Has the process a live address space other than cr3's? */
bool sharer_is_other(const struct process *process, gpa_t cr3);

/* Walks all address spaces but cr3's, up to the given numbers of pages and tables together. Afterwards sharers_free().
 */
void sharers_find(struct sharers *sharers, const struct guest_ram *ram, const struct process_list *processes, gpa_t cr3,
		  uint64_t pages, uint64_t tables);
void sharers_free(struct sharers *sharers);

/* The `*count` entries of this frame. */
const struct sharer *sharers_of(const struct sharers *sharers, gpa_t frame, size_t *count);

#endif
