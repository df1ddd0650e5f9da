/* SPDX-License-Identifier: MIT */
/*
 * process.c: the table of processes; fork, exit, wait. The VMM reads process_table (abi.h), a copy of what it reports.
 */
#include "process.h"

#include "boot_info.h"
#include "cpu.h"
#include "hypercall.h"
#include "linux/errno.h"
#include "linux/signal.h"
#include "memory.h"
#include "panic.h"
#include "scheduler.h"
#include "user_memory.h"

#define PROCESS_LIMIT VMM_PROCESSES
#define PID_MAX       32768 /* as in Linux, on a machine of this size */
#define INIT_PID      1
#define IDLE_STACK    (KERNEL_STACK_SLOTS - 1)

struct process processes[PROCESS_LIMIT];
static struct process *const init = &processes[0];
static struct process idle;
/* Of the first process. */
static struct space boot_space = {.boot_regions = true, .boot_tables = true};
static size_t slots_used = 1; /* those above were never in use */
static uint32_t last_pid = INIT_PID;

struct vmm_process_table process_table; /* the VMM has filled in its first entry (boot.S) */

static struct vmm_process *entry_of(const struct process *process)
{
	return &process_table.entries[process - processes];
}

/* Shows the VMM a new process; its name is there already. */
static void publish(const struct process *process)
{
	struct vmm_process *entry = entry_of(process);

	entry->pid = process->pid;
	entry->parent = process->parent != NULL ? process->parent->pid : 0;
	entry->state = VMM_PROCESS_LIVE;
	entry->status = 0;
	entry->cr3 = process->space->root;
	entry->kernel_stack = process->stack_top;
	process_table.count = (uint32_t)slots_used;
	process_table.generation++;
}

/* The end of a process, or of what was left of it. */
static void publish_end(const struct process *process, uint32_t state)
{
	struct vmm_process *entry = entry_of(process);

	entry->state = state;
	entry->status = (uint32_t)process->status;
	entry->cr3 = boot_info->kernel_cr3;
	process_table.generation++;
}

/* What is not 0 of the first process and could not be written down above: all of processes[] in the file would make it
   larger by far. It is current from the start (scheduler.c), in the process table, and has a fresh FPU. */
void process_start_first(void)
{
	init->pid = INIT_PID;
	init->state = PROCESS_READY;
	init->stack_top = FIRST_STACK_TOP;
	init->space = &boot_space;
	boot_space.root = boot_info->user_cr3;
}

/* Maps the kernel stack of a slot; above a guard that is never mapped. It stays: the next process here uses it too. */
static bool map_stack(struct process *process, uint64_t slot)
{
	uint64_t bottom = KERNEL_STACKS + slot * KERNEL_STACK_SLOT + KERNEL_STACK_GUARD;

	if (process->stack_top != 0)
		return true;
	for (uint64_t page = bottom; page < bottom + KERNEL_STACK_SIZE; page += PAGE_SIZE) {
		pte_t *entry = page_table_entry(boot_info->kernel_cr3, page);
		phys_t frame;

		if (entry == NULL)
			return false;
		if (*entry != 0) /* memory ran out after this page, the last time */
			continue;
		frame = frame_take();
		if (frame == 0)
			return false;
		page_table_set(entry, frame | PTE_P | PTE_W | PTE_NX);
	}
	process->stack_top = bottom + KERNEL_STACK_SIZE;
	return true;
}

/* What switch_stacks (switch.S) finds when the process runs for the first time: `begin` is what it returns to. */
static void prepare_switch(struct process *process, void *below, void (*begin)(void))
{
	struct switch_frame {
		uint64_t r15, r14, r13, r12, rbp, rbx;
		void (*rip)(void);
	} *frame = (struct switch_frame *)below - 1;

	frame->rbp = 0; /* the end of the chain of frames; the other registers mean nothing */
	frame->rip = begin;
	process->switch_rsp = (uint64_t)frame;
}

struct process *process_new_idle(void (*run)(void))
{
	if (!map_stack(&idle, IDLE_STACK))
		panic("no memory for the idle process");
	prepare_switch(&idle, (void *)idle.stack_top, run);
	return &idle;
}

struct process *process_find(uint32_t pid)
{
	for (struct process *process = processes; process < processes + slots_used; process++)
		if (process->state != PROCESS_FREE && process->pid == pid)
			return process;
	return NULL;
}

void process_each(void (*call)(struct process *process, void *context), void *context)
{
	for (struct process *process = processes; process < processes + slots_used; process++)
		if (process->state != PROCESS_FREE && process->state != PROCESS_EXITED)
			call(process, context);
}

static struct process *free_slot(void)
{
	for (struct process *process = init + 1; process < processes + slots_used; process++)
		if (process->state == PROCESS_FREE)
			return process;
	return slots_used < PROCESS_LIMIT ? &processes[slots_used] : NULL;
}

/* Pids are in use a second time only after PID_MAX processes. */
static uint32_t new_pid(void)
{
	static bool wrapped;

	do {
		if (last_pid == PID_MAX) {
			last_pid = 1;
			wrapped = true;
		}
		last_pid++;
	} while (wrapped && process_find(last_pid) != NULL);
	return last_pid;
}

int64_t process_fork(uint64_t stack, uint64_t set_child_tid, bool vfork)
{
	struct process *parent = current(), *child = free_slot();
	struct trap_frame *frame;

	if (child == NULL)
		return -EAGAIN;
	if (!map_stack(child, (uint64_t)(child - processes)))
		return -ENOMEM;
	child->space = space_copy(current_space());
	if (child->space == NULL)
		return -ENOMEM;
	child->pid = new_pid();
	child->parent = parent;
	child->vfork_parent = vfork ? parent : NULL;
	child->work = 0;
	child->status = 0;
	child->ticks = 0;
	child->fs_base = parent->fs_base;
	child->gs_base = parent->gs_base;
	child->set_child_tid = set_child_tid;
	child->linux_state = parent->linux_state;
	child->linux_state.pending = 0;
	memcpy(entry_of(child)->name, entry_of(parent)->name, VMM_PROCESS_NAME);
	save_fpu(&child->fpu);

	frame = process_frame(child);
	*frame = *process_frame(parent);
	frame->rax = 0;
	if (stack != 0)
		frame->rsp = stack;
	prepare_switch(child, frame, return_from_fork);

	if (child == processes + slots_used)
		slots_used++;
	scheduler_ready(child);
	publish(child);
	if (vfork)
		while (child->vfork_parent == parent)
			scheduler_wait(PROCESS_WAITS);
	return child->pid;
}

/* Called by return_from_fork, as the new process. */
void process_first_run(void);
void process_first_run(void)
{
	const struct process *process = current();

	if (process->set_child_tid != 0)
		copy_to_user(process->set_child_tid, &process->pid, sizeof(process->pid));
}

static void wake_if_waiting(struct process *parent)
{
	if (parent->state == PROCESS_WAITS)
		scheduler_wake(parent);
}

/* The end of a process other than the first: what it had goes back, its children to the first, its status to its
   parent. */
static _Noreturn __attribute__((noinline)) void leave(struct process *process, int status)
{
	struct process *parent = process->parent;
	struct space *space = process->space;

	for (struct process *child = processes; child < processes + slots_used; child++)
		if (child->state != PROCESS_FREE && child->parent == process) {
			child->parent = init;
			entry_of(child)->parent = init->pid;
			process_table.generation++;
			if (child->state == PROCESS_EXITED)
				wake_if_waiting(init);
		}
	write_cr3(boot_info->kernel_cr3);
	process->space = NULL;
	space_destroy(space);
	process->status = status;
	process->state = PROCESS_EXITED;
	publish_end(process, VMM_PROCESS_EXITED);
	process->vfork_parent = NULL;
	wake_if_waiting(parent);
	schedule();
	panic("an exited process runs");
}

void process_exit(uint64_t code, uint64_t signal)
{
	struct process *process = current();

	if (process != init)
		leave(process, (int)(code << 8 | signal));
	hypercall(VMM_HYPERCALL_EXIT, code, signal, 0);
	panic("the VMM runs a guest that has ended");
}

int64_t process_wait(int64_t pid, bool wait, int *status)
{
	struct process *parent = current();

	for (;;) {
		bool children = false;

		for (struct process *child = processes; child < processes + slots_used; child++) {
			if (child->state == PROCESS_FREE || child->parent != parent || (pid != -1 && child->pid != pid))
				continue;
			children = true;
			if (child->state != PROCESS_EXITED)
				continue;
			*status = child->status;
			child->state = PROCESS_FREE;
			child->parent = NULL;
			publish_end(child, VMM_PROCESS_FREE);
			return child->pid;
		}
		if (!children)
			return -ECHILD;
		if (!wait)
			return 0;
		if (parent->work & WORK_SIGNAL)
			return -EINTR;
		scheduler_wait(PROCESS_WAITS);
	}
}
