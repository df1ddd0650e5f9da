/* SPDX-License-Identifier: MIT */
/* scheduler.c: two queues, and the switch from one process to another. */
#include "scheduler.h"

#include "boot_info.h"
#include "clock.h"
#include "cpu.h"

struct queue {
	struct process *first, *last;
};

/* switch.S */
void switch_stacks(uint64_t *save_rsp, uint64_t load_rsp);

/* The first process runs from the start; the VMM has told the TSS its stack. */
struct cpu boot_cpu = {
	.current = &processes[0],
	.stack_top = FIRST_STACK_TOP,
	.tss = (struct x86_tss *)(CPU_AREA_PER_CPU + CPU_AREA_TSS),
};
static struct queue ready, sleepers; /* sleepers: by wake_at, the earliest first */

/* Puts a process behind `after`; NULL: to the front. */
static void insert(struct queue *queue, struct process *after, struct process *process)
{
	struct process **link = after != NULL ? &after->next : &queue->first;

	process->next = *link;
	*link = process;
	if (queue->last == after)
		queue->last = process;
}

static void remove(struct queue *queue, struct process *process)
{
	struct process *before = NULL;

	for (struct process *each = queue->first; each != process; each = each->next)
		before = each;
	*(before != NULL ? &before->next : &queue->first) = process->next;
	if (queue->last == process)
		queue->last = before;
}

bool scheduler_others_ready(void)
{
	return ready.first != NULL;
}

void scheduler_ready(struct process *process)
{
	process->state = PROCESS_READY;
	insert(&ready, ready.last, process);
}

void scheduler_wake(struct process *process)
{
	if (process->state == PROCESS_SLEEPS)
		remove(&sleepers, process);
	else if (process->state != PROCESS_WAITS)
		return;
	scheduler_ready(process);
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

void scheduler_wait(enum process_state state)
{
	current()->state = state;
	schedule();
}

void scheduler_sleep(uint64_t wake_at)
{
	struct process *after = NULL;

	for (struct process *each = sleepers.first; each != NULL && each->wake_at <= wake_at; each = each->next)
		after = each;
	current()->wake_at = wake_at;
	insert(&sleepers, after, current());
	scheduler_wait(PROCESS_SLEEPS);
}

/* The idle process. Interrupts come only while it halts; their handlers may make somebody ready. */
static _Noreturn void run_idle(void)
{
	for (;;) {
		if (ready.first != NULL)
			schedule();
		wait_for_interrupt();
	}
}

/* All of a process that is not in its trap frame: address space, FS and GS of ring 3, x87 and SSE, kernel stack. */
static void switch_to(struct process *next)
{
	struct cpu *cpu = &boot_cpu;
	struct process *previous = cpu->current;

	cpu->current = next;
	cpu->stack_top = next->stack_top;
	cpu->tss->rsp[0] = next->stack_top;
	if (previous->space != NULL)
		save_fpu(&previous->fpu);
	if (next->space != NULL) {
		write_cr3(next->space->root);
		write_msr(MSR_FS_BASE, next->fs_base);
		write_msr(MSR_KERNEL_GS_BASE, next->gs_base); /* swapgs makes it ring 3's */
		load_fpu(&next->fpu);
	} else {
		write_cr3(boot_info->kernel_cr3);
	}
	switch_stacks(&previous->switch_rsp, next->switch_rsp);
}

void schedule(void)
{
	struct process *next = ready.first;

	if (next != NULL) {
		remove(&ready, next);
	} else {
		if (boot_cpu.idle == NULL)
			boot_cpu.idle = process_new_idle(run_idle);
		next = boot_cpu.idle;
	}
	if (next != current())
		switch_to(next);
}
