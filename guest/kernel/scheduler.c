/* SPDX-License-Identifier: MIT */
/* scheduler.c: two queues, and the switch from one thread to another. */
#include "scheduler.h"

#include "apic.h"
#include "boot_info.h"
#include "clock.h"
#include "lock.h"
#include "panic.h"
#include "process.h"
#include "switch.h"

struct queue {
	struct thread *first, *last;
};

/* The first thread runs from the start; the VMM has told the TSS its stack. */
struct cpu cpus[VMM_CPUS_MAX] = {
	[0] =
		{
			.current = &threads[0],
			.stack_top = FIRST_STACK_TOP,
			.self = &cpus[0],
			.tss = (struct x86_tss *)(CPU_AREA_PER_CPU + CPU_AREA_TSS),
			.started = true,
		},
};
static struct queue ready, sleepers; /* sleepers: by wake_at, the earliest first */
static struct thread *idle_threads[VMM_CPUS_MAX];

/* Puts a thread behind `after`; NULL: to the front. */
static void insert(struct queue *queue, struct thread *after, struct thread *thread)
{
	struct thread **link = after != NULL ? &after->next : &queue->first;

	thread->next = *link;
	*link = thread;
	if (queue->last == after)
		queue->last = thread;
}

static void remove(struct queue *queue, struct thread *thread)
{
	struct thread *before = NULL;

	for (struct thread *each = queue->first; each != thread; each = each->next)
		before = each;
	*(before != NULL ? &before->next : &queue->first) = thread->next;
	if (queue->last == thread)
		queue->last = before;
}

bool scheduler_others_ready(void)
{
	return ready.first != NULL;
}

/* Somebody is ready: a CPU that idles shall look. */
static void call_idle_cpu(void)
{
	for (uint32_t i = 0; i < boot_info->cpus; i++)
		if (cpus[i].idle && &cpus[i] != this_cpu()) {
			cpus[i].idle = false;
			apic_call_cpu(i);
			return;
		}
}

void scheduler_ready(struct thread *thread)
{
	thread->state = THREAD_READY;
	insert(&ready, ready.last, thread);
	if (kernel_lock_is_needed())
		call_idle_cpu();
}

void scheduler_wake(struct thread *thread)
{
	if (thread->state != THREAD_SLEEPS)
		return;
	remove(&sleepers, thread);
	scheduler_ready(thread);
}

void wake(const void *channel)
{
	struct thread *next;

	for (struct thread *thread = sleepers.first; thread != NULL; thread = next) {
		next = thread->next;
		if (thread->channel == channel)
			scheduler_wake(thread);
	}
}

unsigned wake_matching(bool (*match)(struct thread *thread, void *context), void *context, unsigned limit)
{
	struct thread *next;
	unsigned count = 0;

	for (struct thread *thread = sleepers.first; thread != NULL && count < limit; thread = next) {
		next = thread->next;
		if (match(thread, context)) {
			scheduler_wake(thread);
			count++;
		}
	}
	return count;
}

void scheduler_wake_sleepers(void)
{
	while (sleepers.first != NULL && sleepers.first->wake_at <= clock_now())
		scheduler_wake(sleepers.first);
}

void scheduler_yield(void)
{
	scheduler_ready(current());
	schedule();
}

void sleep_on(const void *channel, uint64_t deadline)
{
	struct thread *thread = current(), *after = NULL;

	for (struct thread *each = sleepers.first; each != NULL && each->wake_at <= deadline; each = each->next)
		after = each;
	thread->channel = channel;
	thread->wake_at = deadline;
	thread->state = THREAD_SLEEPS;
	insert(&sleepers, after, thread);
	schedule();
}

/* The idle thread. Interrupts come only while it halts; their handlers may make somebody ready. */
static _Noreturn void run_idle(void)
{
	for (;;) {
		struct cpu *cpu = this_cpu();

		if (ready.first != NULL) {
			cpu->idle = false;
			if (cpu->index != 0)
				clock_start();
			schedule();
			continue;
		}
		if (cpu->index != 0) /* the first one keeps the time for all sleepers */
			clock_stop();
		cpu->idle = true;
		unlock_if_needed();
		wait_for_interrupt();
		lock_if_needed();
	}
}

/* All of a thread that is not in its trap frame: address space, FS and GS of ring 3, x87 and SSE, kernel stack. */
static void switch_to(struct thread *next)
{
	struct cpu *cpu = this_cpu();
	struct thread *previous = cpu->current;
	struct fpu_image *save = NULL;

	cpu->current = next;
	cpu->stack_top = next->stack_top;
	cpu->tss->rsp[0] = next->stack_top;
	if (previous->process != NULL && previous->state != THREAD_ENDED && previous->state != THREAD_FREE) {
		if (!thread_needs_fpu(previous))
			panic("no memory for the registers of the first thread");
		save = previous->fpu;
	}
	if (next->process != NULL) {
		write_cr3(next->process->space->root);
		write_msr(MSR_FS_BASE, next->fs_base);
		write_msr(MSR_KERNEL_GS_BASE, next->gs_base); /* swapgs makes it ring 3's */
		fpu_switch(save, next->fpu);
	} else {
		write_cr3(boot_info->kernel_cr3);
		if (save != NULL)
			fpu_save(save);
	}
	vmm_changed(VMM_CHANGED_SPACE);
	switch_stacks(&previous->switch_rsp, next->switch_rsp);
}

void schedule(void)
{
	struct thread *next = ready.first;

	if (next != NULL) {
		remove(&ready, next);
	} else {
		uint32_t index = this_cpu()->index;

		if (idle_threads[index] == NULL) {
			idle_threads[index] = thread_idle(index);
			prepare_switch(idle_threads[index], (void *)idle_threads[index]->stack_top, run_idle);
		}
		next = idle_threads[index];
	}
	if (next != current())
		switch_to(next);
}

void scheduler_start_cpu(uint32_t index)
{
	struct cpu *cpu = &cpus[index];

	idle_threads[index] = thread_idle(index); /* it runs already, on its stack: this is it */
	cpu->current = idle_threads[index];
	cpu->stack_top = cpu->current->stack_top;
	cpu->self = cpu;
	cpu->index = index;
	cpu->tss = (struct x86_tss *)(CPU_AREA_PER_CPU + index * CPU_AREA_SIZE + CPU_AREA_TSS);
	write_msr(MSR_GS_BASE, (uint64_t)cpu);
	lock_is_needed();
	kernel_lock();
	apic_start();
	cpu->started = true;
	run_idle();
}

/* Waits until a CPU stands still, for the lock. */
static void park(struct cpu *cpu)
{
	unsigned spins = 0;

	cpu->flush = true;
	if (!__atomic_load_n(&cpu->parked, __ATOMIC_ACQUIRE))
		apic_call_cpu(cpu->index);
	while (!__atomic_load_n(&cpu->parked, __ATOMIC_ACQUIRE))
		spin(&spins);
}

void cpus_park(const struct space *space)
{
	if (!kernel_lock_is_needed())
		return;
	for (uint32_t i = 0; i < boot_info->cpus; i++) {
		struct process *process;

		if (&cpus[i] == this_cpu() || !cpus[i].started)
			continue;
		process = cpus[i].current->process;
		if (process != NULL && process->space == space)
			park(&cpus[i]);
	}
}

void cpus_call(const struct thread *thread)
{
	if (!kernel_lock_is_needed())
		return;
	for (uint32_t i = 0; i < boot_info->cpus; i++)
		if (&cpus[i] != this_cpu() && cpus[i].started && cpus[i].current == thread)
			apic_call_cpu(i);
}
