/* SPDX-License-Identifier: MIT */
/* cpus.c: several CPUs: a thread for each but the first, and the question whether all of them sleep for ever. */
#include <signal.h>
#include <string.h>

#include "run_parts.h"
#include "signals.h"

static void *cpu_thread(void *argument)
{
	run_cpu(argument);
	return NULL;
}

bool cpus_start(struct run *run, struct vmm_error *error)
{
	sigset_t before;
	bool done = true;

	if (run->cpu_count == 1)
		return true;
	signals_block(&before); /* the clock and the user are the first thread's business */
	pthread_mutex_lock(&run->lock);
	for (unsigned i = 1; done && i < run->cpu_count; i++) {
		int result = pthread_create(&run->cpus[i].thread, NULL, cpu_thread, &run->cpus[i]);

		if (result == 0) {
			run->threads++;
			signals_add_thread(run->cpus[i].thread);
		} else {
			done = error_set(error, "cannot start a thread for CPU %u: %s", i, strerror(result));
		}
	}
	pthread_mutex_unlock(&run->lock);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return done;
}

void cpus_join(struct run *run)
{
	signals_forget_threads();
	for (unsigned i = 1; i <= run->threads; i++)
		pthread_join(run->cpus[i].thread, NULL);
	run->threads = 0;
}

void cpus_park(struct run_cpu *cpu)
{
	struct run *run = cpu->run;

	while (cpu->vcpu->index != 0 && run->pausing && !run->ended) {
		run->parked++;
		pthread_cond_broadcast(&run->changed);
		pthread_cond_wait(&run->changed, &run->lock);
		run->parked--;
	}
}

/* Halted, with nothing left that could wake it but another CPU. */
static bool is_asleep(const struct run_cpu *cpu)
{
	bool interrupts = cpu->state.rflags & RFLAGS_IF;
	bool host = cpu->vcpu->index == 0 && cpu->run->host_wanted;

	return vcpu_halted(cpu->vcpu) && !(interrupts && (host || vcpu_interrupt_expected(cpu->vcpu)));
}

bool cpus_asleep_for_ever(struct run *run)
{
	bool asleep = is_asleep(&run->cpus[0]);

	if (!asleep || run->cpu_count == 1)
		return asleep;
	/* One CPU may wake another while we look at a third. So all have to stand still, outside of KVM_RUN. */
	run->pausing = true;
	signals_kick();
	while (run->parked < run->cpu_count - 1 && !run->ended)
		pthread_cond_wait(&run->changed, &run->lock);
	for (unsigned i = 1; asleep && i < run->cpu_count; i++)
		asleep = is_asleep(&run->cpus[i]);
	run->pausing = false;
	pthread_cond_broadcast(&run->changed);
	return asleep && !run->ended;
}
