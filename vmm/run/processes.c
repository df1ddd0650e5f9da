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
	uint32_t tid = from->tid != 0 ? from->tid : from->pid;
	bool same = to->pid == from->pid && to->tid == tid;
	bool shown = to->layout_shown && same && to->cr3 == (from->cr3 & CR3_ADDRESS);
	bool entered = to->was_in_ring3 && same;

	*to = (struct process){
		.pid = from->pid,
		.parent = from->parent,
		.state = from->state,
		.status = from->status,
		.cr3 = from->cr3 & CR3_ADDRESS,
		.tid = tid,
		.kernel_stack = from->kernel_stack,
		.layout_shown = shown,
		.other_program = from->program != 0,
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
	if (before.state != VMM_PROCESS_FREE && (before.pid != known->pid || before.tid != known->tid)) {
		if (before.state == VMM_PROCESS_LIVE)
			changed(context, CHANGE_EXIT, &before);
		changed(context, CHANGE_REAPED, &before);
		before.state = VMM_PROCESS_FREE;
	}
	if (before.state == VMM_PROCESS_FREE && known->state != VMM_PROCESS_FREE)
		changed(context, CHANGE_START, known);
	else if (before.state == VMM_PROCESS_LIVE && known->state == VMM_PROCESS_LIVE && before.cr3 != known->cr3)
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

static bool lives_in(const struct process *process, gpa_t cr3)
{
	return process->state == VMM_PROCESS_LIVE && process->cr3 == (cr3 & CR3_ADDRESS);
}

struct process *process_by_cr3(struct process_list *list, gpa_t cr3)
{
	for (size_t i = 0; i < list->count; i++)
		if (lives_in(&list->items[i], cr3) && !process_is_thread(&list->items[i]))
			return &list->items[i];
	return NULL;
}

struct process *process_running(struct process_list *list, gpa_t cr3, bool (*stack)(void *context, gva_t *top),
				void *context)
{
	struct process *only = NULL;
	size_t found = 0;
	gva_t top;

	for (size_t i = 0; i < list->count; i++) {
		if (!lives_in(&list->items[i], cr3))
			continue;
		only = &list->items[i];
		found++;
	}
	if (found < 2)
		return only;
	if (stack(context, &top))
		for (size_t i = 0; i < list->count; i++)
			if (lives_in(&list->items[i], cr3) && list->items[i].kernel_stack == top)
				return &list->items[i];
	return process_by_cr3(list, cr3);
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
		.tid = (uint32_t)list->count,
		.state = VMM_PROCESS_LIVE,
		.cr3 = cr3 & CR3_ADDRESS,
	};
	snprintf(process->name, sizeof(process->name), "%s", name);
	return process;
}
