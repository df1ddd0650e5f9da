/* SPDX-License-Identifier: MIT */
/* processes.c: follows the guest's process table. The guest is not trusted: everything is copied once, then checked. */
#include "processes.h"

#include <stdio.h>
#include <string.h>

#include "walk.h"

static struct process *slot(struct process_list *list, size_t index)
{
	while (list->count <= index)
		list->items[list->count++] = (struct process){0};
	return &list->items[index];
}

static void copy(struct process *to, const struct vmm_process *from)
{
	bool same = to->pid == from->pid;
	bool shown = to->layout_shown && same && to->cr3 == (from->cr3 & CR3_ADDRESS);
	bool entered = to->was_in_ring3 && same;

	*to = (struct process){
		.pid = from->pid,
		.parent = from->parent,
		.state = from->state,
		.status = from->status,
		.cr3 = from->cr3 & CR3_ADDRESS,
		.layout_shown = shown,
		.was_in_ring3 = entered,
	};
	memcpy(to->name, from->name, sizeof(to->name));
	to->name[sizeof(to->name) - 1] = '\0';
}

static void update(struct process *known, const struct vmm_process *now,
		   void (*changed)(void *context, enum process_change change, const struct process *process),
		   void *context)
{
	struct process before = *known;

	copy(known, now);
	if (before.state != VMM_PROCESS_FREE && before.pid != known->pid) {
		if (before.state == VMM_PROCESS_LIVE)
			changed(context, CHANGE_EXIT, &before);
		changed(context, CHANGE_REAPED, &before);
		before.state = VMM_PROCESS_FREE;
	}
	if (before.state == VMM_PROCESS_FREE && known->state != VMM_PROCESS_FREE)
		changed(context, CHANGE_START, known);
	else if (before.state == VMM_PROCESS_LIVE && known->state == VMM_PROCESS_LIVE &&
		 (before.cr3 != known->cr3 || strcmp(before.name, known->name) != 0))
		changed(context, CHANGE_EXEC, known);
	if (before.state != VMM_PROCESS_EXITED && known->state == VMM_PROCESS_EXITED) {
		changed(context, CHANGE_EXIT, known);
	} else if (before.state == VMM_PROCESS_LIVE && known->state == VMM_PROCESS_FREE) {
		before.status = known->status; /* it was reaped before anybody looked; the entry still has its end */
		changed(context, CHANGE_EXIT, &before);
	}
	if (before.state != VMM_PROCESS_FREE && known->state == VMM_PROCESS_FREE)
		changed(context, CHANGE_REAPED, &before);
}

void processes_poll(struct process_list *list, const struct guest_ram *ram, gpa_t cr3,
		    void (*changed)(void *context, enum process_change change, const struct process *process),
		    void *context)
{
	struct {
		uint32_t generation, count;
	} head;

	if (list->table == 0 || walk_read(ram, cr3, list->table, &head, sizeof(head)) != sizeof(head) ||
	    head.generation == list->generation)
		return;
	list->generation = head.generation;
	if (head.count > VMM_PROCESSES)
		head.count = VMM_PROCESSES;
	for (uint32_t i = 0; i < head.count; i++) {
		struct vmm_process now;
		gva_t where = list->table + offsetof(struct vmm_process_table, entries) + i * sizeof(now);

		if (walk_read(ram, cr3, where, &now, sizeof(now)) != sizeof(now))
			return;
		update(slot(list, i), &now, changed, context);
	}
}

struct process *process_by_cr3(struct process_list *list, gpa_t cr3)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].state == VMM_PROCESS_LIVE && list->items[i].cr3 == (cr3 & CR3_ADDRESS))
			return &list->items[i];
	return NULL;
}

struct process *process_discover(struct process_list *list, gpa_t cr3, const char *name)
{
	struct process *process = process_by_cr3(list, cr3);

	if (process != NULL)
		return process;
	if (list->count == VMM_PROCESSES) {
		list->overflow = true;
		return NULL;
	}
	process = slot(list, list->count);
	*process = (struct process){
		.pid = (uint32_t)list->count,
		.state = VMM_PROCESS_LIVE,
		.cr3 = cr3 & CR3_ADDRESS,
	};
	snprintf(process->name, sizeof(process->name), "%s", name);
	return process;
}
