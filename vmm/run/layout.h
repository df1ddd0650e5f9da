/* SPDX-License-Identifier: MIT */
/*
 * layout.h: the address-space report: every mapped page of a CR3, merged into regions with names and effective rights,
 * compared with the other address spaces.
 */
#ifndef VMM_RUN_LAYOUT_H
#define VMM_RUN_LAYOUT_H

#include <stdbool.h>

#include "machine/cpu_state.h"
#include "machine/guest_ram.h"
#include "processes.h"
#include "report/event.h"
#include "symbols.h"

struct layout_request {
	const struct guest_ram *ram;
	const struct cpu_state *state; /* CR0 and CR4 decide what ring 0 may do */
	struct symbols *symbols;
	const struct process_list *processes;
	bool other_program; /* not the one whose symbols and sections are known */
	gva_t user_brk;     /* where the heap begins; 0: unknown */
	bool software_cow;  /* this kernel marks copy-on-write pages with PTE_SW_COW */
	gpa_t cr3;
	uint32_t pid, parent;
	const char *name, *when;
};

/* Owns what the event points to. */
struct layout {
	struct event_address_space space;
	struct event_region *regions;
	size_t count, room;
	uint32_t *pids; /* the sharers' pids of all regions, one after the other */
	size_t pid_count, pid_room;
	bool cut_short; /* not everything could be listed */
};

/* Walks the live tables. Returns false when memory is short. Call layout_free() in any case. */
bool layout_build(struct layout *layout, const struct layout_request *request);
void layout_free(struct layout *layout);

#endif
