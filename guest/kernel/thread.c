/* SPDX-License-Identifier: MIT */
/*
 * thread.c: the slots of threads. The VMM reads process_table (abi.h), one entry for each slot.
 */
#include "thread.h"

#include "boot_info.h"
#include "linux/errno.h"
#include "memory.h"
#include "page_table.h"
#include "process.h"
#include "switch.h"

#define TID_MAX 32768 /* as in Linux, on a machine of this size */

struct thread threads[THREAD_LIMIT];
static size_t slots_used = 1; /* those above were never in use */
static uint32_t last_tid = INIT_PID;

struct vmm_process_table process_table; /* the VMM has filled in its first entry (boot.S) */

static struct vmm_process *entry_of(const struct thread *thread)
{
	return &process_table.entries[thread - threads];
}

char *thread_name(const struct thread *thread)
{
	return entry_of(thread)->name;
}

/* The VMM may read the table while another CPU changes it. Stores become visible in their order (AMD APM vol. 2,
   "Memory Ordering"), and this keeps the compiler to it: what an entry says first, then its state, then that something
   is new. */
static void in_order(void)
{
	asm volatile("" : : : "memory");
}

static void tell_change(void)
{
	in_order();
	process_table.generation++;
	in_order();
	vmm_changed(VMM_CHANGED_PROCESSES);
}

void thread_publish(const struct thread *thread)
{
	struct vmm_process *entry = entry_of(thread);
	const struct process *process = thread->process;

	entry->pid = process->pid;
	entry->tid = thread->tid;
	entry->parent = process->parent != NULL ? process->parent->pid : 0;
	entry->status = 0;
	entry->program = process->linux_state.other_program;
	entry->kernel_stack = thread->stack_top;
	entry->cr3 = process->space->root;
	in_order();
	entry->state = VMM_PROCESS_LIVE;
	process_table.count = (uint32_t)slots_used;
	tell_change();
}

void thread_publish_end(const struct thread *thread, uint32_t state, int status)
{
	struct vmm_process *entry = entry_of(thread);

	entry->status = (uint32_t)status;
	in_order();
	entry->state = state;
	in_order();
	entry->cr3 = boot_info->kernel_cr3;
	tell_change();
}

/* Maps the kernel stack of a slot; above a guard that is never mapped. It stays: the next thread here uses it too. */
static bool map_stack(struct thread *thread)
{
	uint64_t slot = (uint64_t)(thread - threads);
	uint64_t bottom = KERNEL_STACKS + slot * KERNEL_STACK_SLOT + KERNEL_STACK_GUARD;

	if (thread->stack_top != 0)
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
	thread->stack_top = bottom + KERNEL_STACK_SIZE;
	return true;
}

bool thread_needs_fpu(struct thread *thread)
{
	if (thread->fpu == NULL) {
		phys_t frame = frame_take_zeroed(); /* zeroed: xsave leaves some bytes as they are */

		if (frame == 0)
			return false;
		thread->fpu = phys_to_virt(frame);
	}
	return true;
}

struct thread *thread_idle(uint32_t cpu)
{
	static struct thread idle[VMM_CPUS_MAX];
	struct thread *thread = &idle[cpu];

	thread->stack_top = CPU_AREA_PER_CPU + cpu * CPU_AREA_SIZE + CPU_AREA_IDLE_STACK + CPU_AREA_IDLE_STACK_SIZE;
	thread->state = THREAD_READY;
	return thread;
}

struct thread *thread_find(uint32_t tid)
{
	for (struct thread *thread = threads; thread < threads + slots_used; thread++)
		if (thread->tid == tid && thread->state != THREAD_FREE && thread->state != THREAD_ENDED)
			return thread;
	return NULL;
}

void thread_each(void (*call)(struct thread *thread, void *context), void *context)
{
	for (struct thread *thread = threads; thread < threads + slots_used; thread++)
		if (thread->state != THREAD_FREE && thread->state != THREAD_ENDED)
			call(thread, context);
}

static struct thread *free_slot(void)
{
	for (struct thread *thread = threads + 1; thread < threads + slots_used; thread++)
		if (thread->state == THREAD_FREE)
			return thread;
	return slots_used < THREAD_LIMIT ? &threads[slots_used] : NULL;
}

static bool tid_in_use(uint32_t tid)
{
	for (const struct thread *thread = threads; thread < threads + slots_used; thread++)
		if (thread->state != THREAD_FREE && thread->tid == tid)
			return true;
	return false;
}

/* Tids are in use a second time only after TID_MAX threads. */
static uint32_t new_tid(void)
{
	static bool wrapped;

	do {
		if (last_tid == TID_MAX) {
			last_tid = 1;
			wrapped = true;
		}
		last_tid++;
	} while (wrapped && tid_in_use(last_tid));
	return last_tid;
}

struct thread *thread_copy(uint64_t stack, int64_t *error)
{
	struct thread *from = current(), *thread = free_slot();
	struct trap_frame *frame;

	*error = thread == NULL ? -EAGAIN : -ENOMEM;
	if (thread == NULL || !map_stack(thread) || !thread_needs_fpu(thread))
		return NULL;
	thread->work = 0;
	thread->tid = new_tid();
	thread->sibling = NULL;
	thread->ticks = 0;
	thread->fs_base = from->fs_base;
	thread->gs_base = from->gs_base;
	thread->set_child_tid = 0;
	thread->linux_state = (struct linux_thread){.blocked = from->linux_state.blocked};
	memcpy(entry_of(thread)->name, entry_of(from)->name, VMM_PROCESS_NAME);
	fpu_save(thread->fpu);

	frame = thread_frame(thread);
	*frame = *thread_frame(from);
	frame->rax = 0;
	if (stack != 0)
		frame->rsp = stack;
	prepare_switch(thread, frame, return_from_fork);
	if (thread == threads + slots_used)
		slots_used++;
	thread->state = THREAD_ENDED; /* taken, but not yet somebody whom others could find */
	return thread;
}

void thread_release(struct thread *thread)
{
	thread->state = THREAD_FREE;
	thread->process = NULL;
}
