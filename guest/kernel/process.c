/* SPDX-License-Identifier: MIT */
/*
 * process.c: clone, exit, and what becomes of children.
 */
#include "process.h"

#include "boot_info.h"
#include "cpu.h"
#include "hypercall.h"
#include "linux/errno.h"
#include "linux/hooks.h"
#include "linux/signal.h"
#include "panic.h"
#include "pool.h"
#include "scheduler.h"
#include "user_memory.h"

/* The first process, and its address space. */
struct space boot_space = {.boot_regions = true, .boot_tables = true, .users = 1};
struct process init = {
	.pid = INIT_PID,
	.leader = &threads[0],
	.threads = &threads[0],
	.space = &boot_space,
};
static struct pool pool = POOL_OF(struct process);
struct process *processes = &init;

struct process *process_find(uint32_t pid)
{
	for (struct process *process = processes; process != NULL; process = process->next)
		if (process->pid == pid)
			return process;
	return NULL;
}

/* A process without threads so far. NULL: no memory. */
static struct process *new_process(const struct clone_request *request)
{
	struct process *parent = current_process(), *process = pool_take(&pool);
	struct space *space;

	if (process == NULL)
		return NULL;
	space = request->share_space ? parent->space : space_copy(current_space());
	if (space == NULL) {
		pool_put(&pool, process);
		return NULL;
	}
	*process = (struct process){
		.end_signal = request->end_signal,
		.parent = parent,
		.space = space,
		.vfork = request->vfork,
	};
	if (!linux_copy_process(process, parent)) {
		if (!request->share_space)
			space_drop(space);
		pool_put(&pool, process);
		return NULL;
	}
	if (request->share_space)
		space->users++;
	process->next = processes->next;
	processes->next = process;
	return process;
}

static void add_thread(struct process *process, struct thread *thread)
{
	thread->process = process;
	thread->sibling = process->threads;
	process->threads = thread;
}

/* The child of a vfork has the parent's memory, which both must not use at a time. */
static void wait_for_vfork(struct process *child)
{
	uint32_t pid = child->pid;

	while (process_find(pid) == child && child->vfork)
		sleep_on(child, NO_DEADLINE);
}

int64_t process_clone(const struct clone_request *request)
{
	struct process *process = current_process();
	int64_t error;
	struct thread *thread = thread_copy(request->stack, &error);
	uint32_t tid;

	if (thread == NULL)
		return error;
	if (!request->thread) {
		process = new_process(request);
		if (process == NULL) {
			thread_release(thread);
			return -ENOMEM;
		}
		process->pid = thread->tid;
		process->leader = thread;
	}
	add_thread(process, thread);
	tid = thread->tid;
	if (request->set_tls)
		thread->fs_base = request->tls;
	thread->set_child_tid = request->set_child_tid;
	thread->linux_state.clear_child_tid = request->clear_child_tid;
	if (!request->share_space) {
		thread->linux_state.alt_stack = current()->linux_state.alt_stack;
		thread->linux_state.alt_stack_bytes = current()->linux_state.alt_stack_bytes;
	}
	if (request->set_parent_tid != 0)
		copy_to_user(request->set_parent_tid, &tid, sizeof(tid));
	thread_publish(thread);
	scheduler_ready(thread);
	if (request->vfork)
		wait_for_vfork(process);
	return tid;
}

/* Called by return_from_fork, as the new thread. */
void process_first_run(void);
void process_first_run(void)
{
	const struct thread *thread = current();

	vmm_changed(VMM_CHANGED_PROCESSES); /* its address space is looked at before it touches anything */
	if (thread->set_child_tid != 0)
		copy_to_user(thread->set_child_tid, &thread->tid, sizeof(thread->tid));
}

void process_release_parent(struct process *process)
{
	if (!process->vfork)
		return;
	process->vfork = false;
	wake(process);
}

static void remove_thread(struct process *process, struct thread *thread)
{
	struct thread **link = &process->threads;

	while (*link != thread)
		link = &(*link)->sibling;
	*link = thread->sibling;
	process->ticks += thread->ticks;
}

/* Who takes the children of a process that has ended: the next one above that has asked for it (prctl(2),
   PR_SET_CHILD_SUBREAPER); NULL: nobody. */
static struct process *reaper_of(const struct process *process)
{
	struct process *above = process->parent;

	while (above != NULL && !above->linux_state.subreaper)
		above = above->parent;
	return above;
}

/* Children that nobody takes vanish when they end. */
static void leave_children(struct process *process)
{
	struct process *reaper = reaper_of(process), *next;

	for (struct process *child = processes; child != NULL; child = next) {
		next = child->next;
		if (child->parent != process)
			continue;
		child->parent = reaper;
		if (child->zombie) {
			if (!linux_tell_parent(child))
				process_reap(child);
			continue;
		}
		thread_publish(child->leader);
		if (child->linux_state.death_signal != 0)
			signal_send(child, child->linux_state.death_signal);
	}
}

void process_reap(struct process *process)
{
	struct process **link = &processes;

	while (*link != process)
		link = &(*link)->next;
	*link = process->next;
	thread_publish_end(process->leader, VMM_PROCESS_FREE, process->status);
	thread_release(process->leader);
	pool_put(&pool, process);
}

/* What a process had goes back, its status to its parent. The current thread was its last, and its kernel stack stays
   in use until the CPU has left it; nobody else can take the slot before, because we hold the lock until then. */
static void end_process(struct process *process)
{
	struct space *space = process->space;

	linux_end_process(process);
	leave_children(process);
	write_cr3(boot_info->kernel_cr3);
	process->space = NULL;
	space_drop(space);
	process_release_parent(process);
	process->zombie = true;
	thread_publish_end(process->leader, VMM_PROCESS_EXITED, process->status);
	if (!linux_tell_parent(process))
		process_reap(process);
}

/* The end of the guest: with its first process. */
static _Noreturn void end_guest(uint64_t code, uint64_t signal)
{
	hypercall(VMM_HYPERCALL_EXIT, code, signal, init.no_memory);
	panic("the VMM runs a guest that has ended");
}

static _Noreturn __attribute__((noinline)) void leave(struct thread *thread)
{
	struct process *process = thread->process;

	linux_end_thread(thread);
	remove_thread(process, thread);
	thread->state = THREAD_ENDED;
	if (process->threads == NULL) {
		if (process == &init)
			end_guest((uint64_t)process->status >> 8 & 0xff, (uint64_t)process->status & 0x7f);
		end_process(process);
	} else {
		wake(process); /* process_end_others() */
		if (thread != process->leader) {
			thread_publish_end(thread, VMM_PROCESS_FREE, 0);
			thread_release(thread);
		}
	}
	schedule();
	panic("a thread runs that has ended");
}

void process_end_thread(uint64_t code)
{
	struct process *process = current_process();

	if (process->threads->sibling == NULL && !process->ending)
		process->status = (int)(code << 8);
	leave(current());
}

/* Has all other threads of the process end on their way back to ring 3. */
static void end_siblings(struct process *process)
{
	for (struct thread *thread = process->threads; thread != NULL; thread = thread->sibling) {
		if (thread == current())
			continue;
		thread->work |= WORK_SIGNAL;
		scheduler_wake(thread);
		cpus_call(thread);
	}
}

static _Noreturn __attribute__((noinline)) void exit_other(struct process *process, uint64_t code, uint64_t signal)
{
	if (!process->ending) {
		process->ending = true;
		process->status = (int)(code << 8 | signal);
		end_siblings(process);
	}
	leave(current());
}

/* The rest is apart: what it needs to save would be saved for the first process, too. */
void process_exit(uint64_t code, uint64_t signal)
{
	struct process *process = current_process();

	if (process == &init)
		end_guest(code, signal);
	exit_other(process, code, signal);
}

bool process_end_others(void)
{
	struct process *process = current_process();
	struct thread *thread = current();

	if (process->ending)
		return false;
	if (process->threads->sibling == NULL)
		return true;
	process->ending = true;
	end_siblings(process);
	while (process->threads->sibling != NULL)
		sleep_on(process, NO_DEADLINE);
	process->ending = false;
	thread->work = 0;
	if (thread != process->leader) { /* it takes the place of the first thread, and its number */
		thread_publish_end(thread, VMM_PROCESS_FREE, 0);
		thread_release(process->leader);
		process->leader = thread;
		thread->tid = process->pid;
	}
	return true;
}

void process_replace_space(struct space *space)
{
	struct process *process = current_process();
	struct space *old = process->space;

	process->space = space;
	write_cr3(space->root);
	vmm_changed(VMM_CHANGED_SPACE);
	space_drop(old);
	process_release_parent(process);
	thread_publish(current());
}
