/* SPDX-License-Identifier: MIT */
/* recording.c: empties the rings: by a thread while the guest runs, and before whatever an exit says. */
#include "recording.h"

#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <time.h>
#include <x86intrin.h>

#include "run_parts.h"
#include "signals.h"

#define PAUSE_MIN_NS 200000 /* of the thread, after a round that found something */
#define PAUSE_MAX_NS 20000000
#define BATCH        1024  /* records between two looks at whether the run has ended */
#define SETTLE_TSC   10000 /* a store is seen by other CPUs long before (some microseconds) */
#define WAIT_MS      50

/* The guest's counter minus the host's: asked for between two looks at the host's, three times; the closest counts. */
static bool find_tsc_offset(struct run *run)
{
	uint64_t best = UINT64_MAX;

	for (unsigned i = 0; i < 3; i++) {
		uint64_t guest = 0, before = __rdtsc(), after;

		if (!vcpu_get_msr(&run->vcpus[0], MSR_TSC, &guest))
			return false;
		after = __rdtsc();
		if (after - before >= best)
			continue;
		best = after - before;
		run->tsc_offset = guest - (before + best / 2);
	}
	return true;
}

bool recording_open(struct run *run, gpa_t memory, struct vmm_error *error)
{
	run->tsc_khz = vcpu_tsc_khz(&run->vcpus[0]);
	if (run->tsc_khz == 0 || !find_tsc_offset(run))
		return error_set(error, "--method ring: KVM does not say what the guest's time-stamp counter counts "
					"(KVM_GET_TSC_KHZ, KVM_GET_MSRS); use --method trap");
	if (!rings_open(&run->rings, &run->tracer.sites, run->ram, run->boot->user_cr3, memory, run->cpu_count, error))
		return false;
	/* The process table is looked at when there is an exit: without one nobody would know whose the first is. */
	for (unsigned i = 0; i < run->cpu_count; i++)
		ring_close(&run->rings, i);
	return true;
}

uint64_t recording_ns(const struct run *run, uint64_t tsc)
{
	uint64_t ticks = tsc - run->start_tsc;

	if ((int64_t)ticks < 0)
		return 0;
	return ticks / run->tsc_khz * 1000000 + ticks % run->tsc_khz * 1000000 / run->tsc_khz;
}

/* Time does not go back in a report: a record whose CPU was interrupted while it wrote may come late. Nor does it run
   ahead: a time that has not come yet was not read from the counter. */
static struct moment moment_of(struct run *run, uint64_t guest_tsc, unsigned cpu)
{
	struct moment moment = {.tsc = guest_tsc - run->tsc_offset, .cpu = cpu};
	uint64_t now = __rdtsc();

	if ((int64_t)(moment.tsc - run->start_tsc) > (int64_t)(now - run->start_tsc))
		moment.tsc = now;
	moment.ns = recording_ns(run, moment.tsc);
	if (moment.ns < run->last_ns)
		moment.ns = run->last_ns;
	run->last_ns = moment.ns;
	return moment;
}

static bool report_one(struct run *run, uint64_t limit)
{
	struct cpu_state state = {.cr0 = run->cpus[0].state.cr0, .cr4 = run->cpus[0].state.cr4};
	struct evidence evidence;
	struct record record;
	struct moment moment;
	const struct site *site;
	unsigned cpu = 0;

	if (!rings_take(&run->rings, limit, &record, &cpu))
		return false;
	state.tss_base = CPU_AREA_PER_CPU + cpu * CPU_AREA_SIZE + CPU_AREA_TSS;
	site = record_decode(&record, &run->tracer.sites, &state, &evidence);
	if (site == NULL) {
		run->rings.refused++;
		return true;
	}
	moment = moment_of(run, record_tsc(&record), cpu);
	tracer_observe_record(&run->tracer, site, &state, &evidence, &moment);
	return true;
}

static uint64_t guest_tsc(const struct run *run)
{
	return __rdtsc() + run->tsc_offset;
}

/* Does this CPU run, in the middle of a record? One that has been stopped there will not go on before we do. */
static bool is_busy(const struct run *run, unsigned cpu)
{
	return __atomic_load_n(&run->cpus[cpu].inside, __ATOMIC_ACQUIRE) && ring_is_writing(&run->rings, cpu);
}

/* Until no other CPU can still finish a record older than `limit`: the host may have interrupted it, so that takes its
   time, but not for ever. */
static void let_others_finish(const struct run *run, const struct run_cpu *cpu, uint64_t limit)
{
	bool busy = run->cpu_count > 1;

	while (guest_tsc(run) - limit < SETTLE_TSC && run->cpu_count > 1)
		_mm_pause();
	while (busy && guest_tsc(run) - limit < run->tsc_khz * WAIT_MS) {
		busy = false;
		for (unsigned i = 0; i < run->cpu_count; i++)
			busy |= &run->cpus[i] != cpu && is_busy(run, i);
		if (busy)
			sched_yield();
	}
}

/* Up to when everything has been recorded: `limit`, or for a CPU in the middle of a record the one before that. */
static uint64_t known_until(const struct run *run, uint64_t limit)
{
	if (run->cpu_count == 1)
		return limit;
	while (guest_tsc(run) - limit < SETTLE_TSC)
		_mm_pause();
	for (unsigned i = 0; i < run->cpu_count; i++) {
		uint64_t newest = ring_newest(&run->rings, i);

		if (!ring_is_writing(&run->rings, i))
			continue;
		if (newest == 0)
			newest = run->rings.cpus[i].taken_tsc;
		limit = newest < limit ? newest : limit;
	}
	return limit;
}

/* What a CPU has recorded was before its exit. If it seems not so, KVM was wrong about the guest's counter: an emulated
   AMD-V host says that a second VM's begins at 0, and lets it be the host's own. */
static uint64_t correct_offset(struct run *run, const struct run_cpu *cpu, uint64_t now)
{
	uint64_t newest = ring_newest(&run->rings, cpu->vcpu->index);

	if (newest == 0 || (int64_t)(newest - now) <= 0)
		return now;
	run->tsc_offset += newest - now;
	return newest;
}

void recording_catch_up(struct run_cpu *cpu)
{
	struct run *run = cpu->run;
	uint64_t limit;

	if (run->rings.count == 0)
		return;
	limit = correct_offset(run, cpu, run->moment.tsc + run->tsc_offset);
	let_others_finish(run, cpu, limit);
	while (!run->ended && report_one(run, limit))
		;
}

void recording_finish(struct run *run)
{
	if (run->rings.count == 0)
		return;
	while (report_one(run, UINT64_MAX))
		;
	if (run->moment.ns < run->last_ns) /* another CPU recorded something before it stopped: that ends the report */
		run->moment.ns = run->last_ns;
}

static void sleep_unlocked(struct run *run, uint64_t ns)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += (long)ns;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_cond_timedwait(&run->changed, &run->lock, &until);
}

/* The guest's CPUs need the lock at each exit: it is given back between batches. */
static void *drain(void *argument)
{
	struct run *run = argument;
	uint64_t pause = PAUSE_MIN_NS;

	pthread_mutex_lock(&run->lock);
	while (!run->ended) {
		uint64_t limit = known_until(run, guest_tsc(run));
		unsigned taken = 0;

		while (taken < BATCH && report_one(run, limit))
			taken++;
		check_report(run);
		if (taken > 0)
			pause = PAUSE_MIN_NS;
		else if (pause < PAUSE_MAX_NS)
			pause *= 2;
		if (!run->ended)
			sleep_unlocked(run, taken < BATCH ? pause : 1);
	}
	pthread_mutex_unlock(&run->lock);
	return NULL;
}

bool recording_start(struct run *run, struct vmm_error *error)
{
	sigset_t before;
	int result;

	if (run->rings.count == 0)
		return true;
	signals_block(&before);
	result = pthread_create(&run->drainer, NULL, drain, run);
	if (result == 0) {
		run->draining = true;
		signals_add_thread(run->drainer);
	} else {
		error_set(error, "cannot start a thread for the recorded transitions: %s", strerror(result));
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return result == 0;
}

void recording_join(struct run *run)
{
	if (run->draining)
		pthread_join(run->drainer, NULL);
	run->draining = false;
}

void recording_changed(struct run_cpu *cpu, const struct site *site)
{
	struct run *run = cpu->run;

	/* With one CPU what has changed is looked at when the next transition comes, as with method `trap`. With
	   several, another one may be about to record a transition of the new process. */
	if (run->cpu_count > 1 && site->vector == VMM_CHANGED_PROCESSES)
		tracer_poll_processes(&run->tracer, &cpu->state, &run->moment);
	ring_close(&run->rings, cpu->vcpu->index);
}

/* Is there a process whose address space is still to be shown, when it is first met? That needs an exit. */
static bool waits_for_layout(struct run *run)
{
	struct process_list *processes = &run->tracer.processes;

	for (size_t i = 0; (run->layout & LAYOUT_START) && i < processes->count; i++) {
		const struct process *process = &processes->items[i];

		if (process->state == VMM_PROCESS_LIVE && !process->layout_shown && !process_is_thread(process) &&
		    process->cr3 != 0 && process_by_cr3(processes, process->cr3) == process)
			return true;
	}
	return false;
}

void recording_observed(struct run_cpu *cpu)
{
	struct run *run = cpu->run;

	if (run->rings.count == 0)
		return;
	ring_reopen(&run->rings, cpu->vcpu->index);
	if (waits_for_layout(run))
		ring_close(&run->rings, cpu->vcpu->index);
}
