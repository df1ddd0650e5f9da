/* SPDX-License-Identifier: MIT */
/*
 * processes.h: who runs in which address space. A kernel may keep a struct vmm_process_table (shared/abi.h); it is read
 * from guest memory, without an exit. Without one, each CR3 that reaches ring 3 is counted as a process.
 */
#ifndef VMM_RUN_PROCESSES_H
#define VMM_RUN_PROCESSES_H

#include <stdbool.h>
#include <stddef.h>

#include "abi.h"
#include "machine/guest_ram.h"

struct process {
	uint32_t pid, parent, state, status;
	gpa_t cr3;
	uint32_t tid;       /* of this thread; that of a process's first one is its pid */
	gva_t kernel_stack; /* top; 0: not known */
	bool layout_shown;
	bool other_program; /* not the one that was loaded before the start: its symbols are not known */
	bool was_in_ring3;  /* a return to ring 3 was seen */
	char name[VMM_PROCESS_NAME];
};

struct process_list {
	struct process items[VMM_PROCESSES];
	size_t count;
	gva_t table; /* 0: the kernel keeps none */
	uint32_t generation;
	bool overflow; /* more CR3s than entries: later ones have no pid */
};

enum process_change { CHANGE_START, CHANGE_EXEC, CHANGE_EXIT, CHANGE_REAPED };

/* One more thread, not a process: it has no address space, status or children of its own. */
static inline bool process_is_thread(const struct process *process)
{
	return process->tid != 0 && process->tid != process->pid;
}

/* Compares the guest's table with what was known and calls back for each change. cr3: any that maps the kernel. */
void processes_poll(struct process_list *list, const struct guest_ram *ram, gpa_t cr3,
		    void (*changed)(void *context, enum process_change change, const struct process *process),
		    void *context);

/* The live process of an address space, or NULL. After vfork there may be two: the older one. */
struct process *process_by_cr3(struct process_list *list, gpa_t cr3);

/* The live thread that runs on this kernel stack in this address space; if no stack fits, as process_by_cr3().
   Asks for the stack only if there is more than one to choose from. */
struct process *process_running(struct process_list *list, gpa_t cr3, bool (*stack)(void *context, gva_t *top),
				void *context);

/* For kernels without a table: the process of this CR3, counted as new if it was never seen. NULL: list full. */
struct process *process_discover(struct process_list *list, gpa_t cr3, const char *name);

#endif
