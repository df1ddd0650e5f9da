/* SPDX-License-Identifier: MIT */
/* run.c: the run loop. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <x86intrin.h>

#include "recording.h"
#include "run_parts.h"
#include "signals.h"

void run_end(struct run *run, int status, const char *reason, const char *format, ...)
{
	va_list arguments;

	if (run->ended)
		return;
	run->ended = true;
	run->status = status;
	run->reason = reason;
	va_start(arguments, format);
	vsnprintf(run->message, sizeof(run->message), format, arguments);
	va_end(arguments);
	if (run->cpu_count > 1 || run->draining) {
		signals_kick();
		pthread_cond_broadcast(&run->changed);
	}
}

static uint64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void take_moment(struct run *run)
{
	run->moment = (struct moment){.ns = monotonic_ns() - run->start_ns, .tsc = __rdtsc()};
	if (run->rings.count == 0)
		return;
	/* Beside what is recorded there is one clock only. */
	run->moment.ns = recording_ns(run, run->moment.tsc);
}

/* After what was recorded before it. */
static void keep_order(struct run *run)
{
	if (run->rings.count == 0)
		return;
	if (run->moment.ns < run->last_ns)
		run->moment.ns = run->last_ns;
	run->last_ns = run->moment.ns;
}

/* A signal came: the clock's tick, the timeout, the user, or another CPU that ends the run or wants us to park. */
static void handle_interruption(struct run_cpu *cpu)
{
	struct run *run = cpu->run;
	bool first = cpu->vcpu->index == 0;
	uint32_t events = first ? signals_take_guest_events() : 0;
	char where[EVENT_SYMBOL + 32];

	run_describe_rip(run, cpu->state.rip, where, sizeof(where));
	if (events != 0)
		host_event(run, events);
	if (signals_timed_out())
		run_end(run, STATUS_TIMEOUT, "timeout",
			"timeout after %g s: the guest was still running in ring %u at %s%s",
			(double)run->timeout_ns / 1e9, cpu->state.ring, where,
			cpu->state.ring == 0 && !(cpu->state.rflags & RFLAGS_IF) ? ", interrupts off" : "");
	else if (signals_received() != 0)
		run_end(run, STATUS_SIGNAL + signals_received(), "interrupted",
			"interrupted by SIG%s; the guest was in ring %u at %s", sigabbrev_np(signals_received()),
			cpu->state.ring, where);
	else if (first && cpus_asleep_for_ever(run))
		run_handle_halt(cpu);
	signals_rearm(cpu->vcpu);
}

static void handle_exit(struct run_cpu *cpu)
{
	struct vm_exit exit;

	vm_exit_decode(cpu->vcpu->run, cpu->vcpu->run_size, &exit);
	switch (exit.reason) {
	case EXIT_IO:
		run_handle_io(cpu, &exit);
		break;
	case EXIT_MMIO:
		run_handle_mmio(cpu, &exit);
		break;
	case EXIT_HLT:
		run_handle_halt(cpu);
		break;
	case EXIT_INTERRUPTED:
		handle_interruption(cpu);
		break;
	default:
		run_handle_fatal(cpu, &exit);
	}
}

static void check_devices(struct run *run)
{
	const struct device_host *devices = &run->devices;

	switch (devices->end) {
	case GUEST_RUNS:
		break;
	case GUEST_EXITED:
		run_end(run, devices->code, "exit", "%s", "");
		break;
	case GUEST_KILLED:
		run_end(run, STATUS_SIGNAL + devices->code, "signal", "%s: killed by signal %d (SIG%s)%s", run->program,
			devices->code, sigabbrev_np(devices->code) != NULL ? sigabbrev_np(devices->code) : "?",
			devices->no_memory ? ": no memory was left for it; give the guest more (--memory)" : "");
		break;
	case GUEST_PANICKED:
		run_end(run, STATUS_KERNEL_DIED, "panic", "the guest kernel gave up: %s", devices->panic);
		break;
	case GUEST_OUTPUT_CLOSED:
		run->quiet_end = true;
		run_end(run, STATUS_SIGNAL + SIGPIPE, "output-closed", "nobody reads the guest's output");
		break;
	case GUEST_OUTPUT_FAILED:
		run_end(run, STATUS_VMM_FAILED, "host-error", "standard output: cannot write the guest's output: %s",
			strerror(devices->code));
		break;
	}
}

void check_report(struct run *run)
{
	int error = writer_error(run->writer);

	if (error == EPIPE) {
		run->quiet_end = true;
		run_end(run, STATUS_SIGNAL + SIGPIPE, "output-closed", "nobody reads the report");
	} else if (error != 0 && error != ECANCELED) { /* cancelled: the next exit says by what */
		run_end(run, STATUS_VMM_FAILED, "host-error", "%s: cannot write the report: %s", run->output,
			strerror(error));
	}
}

void run_init(struct run *run)
{
	pthread_mutex_init(&run->lock, NULL);
	pthread_cond_init(&run->changed, NULL);
	for (unsigned i = 0; i < run->cpu_count; i++) {
		run->cpus[i].run = run;
		run->cpus[i].vcpu = &run->vcpus[i];
	}
	run->last = &run->cpus[0];
	run->host_wanted = site_find(&run->tracer.sites, VMM_SITE_ENTRY, VMM_VECTOR_HOST) != NULL;
}

/* What a vcpu_run() has brought. */
static void handle_result(struct run_cpu *cpu, int result)
{
	struct run *run = cpu->run;

	run->last = cpu;
	take_moment(run);
	recording_catch_up(cpu);
	keep_order(run);
	run->moment.cpu = cpu->vcpu->index;
	if (result == EINTR)
		handle_interruption(cpu);
	else if (result != 0)
		run_end(run, STATUS_VMM_FAILED, "host-error", "KVM cannot run the guest (KVM_RUN): %s%s",
			strerror(result), result == EINVAL ? "; it refuses the CPU's registers" : "");
	else
		handle_exit(cpu);
	if (stream_wants_times(run->stream))
		stream_exit_handled(run->stream, monotonic_ns() - run->start_ns - run->moment.ns);
	check_devices(run);
	check_report(run);
	if (run->progress != NULL)
		progress_tick(run->progress, run->moment.ns);
	if (run->stop_wanted && stream_shown(run->stream) > run->stop_seq)
		run_end(run, 0, "stopped", "%s", "");
}

/*
 * Outside of KVM_RUN there is one CPU at a time: tables, report and devices need no locks of their own, and the time of
 * an exit is taken in here, so that the order of events is the order of their times. A device or hypercall that waits
 * (for the console's input, say) makes the other CPUs wait at their next exit; a kernel for several CPUs uses
 * VMM_HYPERCALL_FILE, which does not wait.
 */
void run_cpu(struct run_cpu *cpu)
{
	struct run *run = cpu->run;
	bool ended = false;

	while (!ended) {
		int result;

		__atomic_store_n(&cpu->inside, true, __ATOMIC_RELEASE);
		result = vcpu_run(cpu->vcpu);
		__atomic_store_n(&cpu->inside, false, __ATOMIC_RELEASE);
		pthread_mutex_lock(&run->lock);
		cpu->last_good = cpu->state;
		vcpu_state(cpu->vcpu, &cpu->state);
		if (!run->ended)
			handle_result(cpu, result);
		cpus_park(cpu);
		ended = run->ended;
		pthread_mutex_unlock(&run->lock);
		if (cpu->yields)
			sched_yield();
		cpu->yields = false;
	}
}

void run_guest(struct run *run)
{
	const struct signals_request signals = {
		.vcpus = run->vcpus,
		.count = run->cpu_count,
		.timeout_ns = run->timeout_ns,
		.guest_events = run->host_wanted,
		.threads = run->rings.count != 0,
	};
	struct vmm_error error;

	run->start_ns = monotonic_ns();
	run->start_tsc = __rdtsc();
	run->devices.stopped = signals_stop_requested;
	writer_set_stopped(run->writer, signals_stop_requested);
	if (signals_start(&signals, &error) && recording_start(run, &error) && cpus_start(run, &error)) {
		run_cpu(&run->cpus[0]);
	} else {
		pthread_mutex_lock(&run->lock); /* some CPUs may run already */
		run_end(run, STATUS_VMM_FAILED, "host-error", "%s", error.text);
		pthread_mutex_unlock(&run->lock);
	}
	cpus_join(run);
	recording_join(run);
	recording_finish(run);
	writer_set_stopped(run->writer, NULL); /* the end of the report is written, however slowly it is read */
	signals_end();
}
