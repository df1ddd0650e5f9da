/* SPDX-License-Identifier: MIT */
/* run.c: the run loop. */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <x86intrin.h>

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
}

/* A signal came: the clock's tick, the timeout or the user. */
static void handle_interruption(struct run *run)
{
	char where[EVENT_SYMBOL + 32];

	run_describe_rip(run, run->state.rip, where, sizeof(where));
	if (signals_timed_out())
		run_end(run, STATUS_TIMEOUT, "timeout",
			"timeout after %g s: the guest was still running in ring %u at %s%s",
			(double)run->timeout_ns / 1e9, run->state.ring, where,
			run->state.ring == 0 && !(run->state.rflags & RFLAGS_IF) ? ", interrupts off" : "");
	else if (signals_received() != 0)
		run_end(run, STATUS_SIGNAL + signals_received(), "interrupted",
			"interrupted by SIG%s; the guest was in ring %u at %s", sigabbrev_np(signals_received()),
			run->state.ring, where);
	else if (vcpu_halted(run->vcpu) && (!(run->state.rflags & RFLAGS_IF) || !vcpu_timer_running(run->vcpu)))
		run_handle_halt(run);
	signals_rearm(run->vcpu);
}

static void handle_exit(struct run *run)
{
	struct vm_exit exit;

	vm_exit_decode(run->vcpu->run, run->vcpu->run_size, &exit);
	switch (exit.reason) {
	case EXIT_IO:
		run_handle_io(run, &exit);
		break;
	case EXIT_MMIO:
		run_handle_mmio(run, &exit);
		break;
	case EXIT_HLT:
		run_handle_halt(run);
		break;
	case EXIT_INTERRUPTED:
		handle_interruption(run);
		break;
	default:
		run_handle_fatal(run, &exit);
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
			devices->code == SIGKILL ? "; so ends also a program for which no memory is left (--memory)"
						 : "");
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

static void check_report(struct run *run)
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

void run_guest(struct run *run)
{
	struct vmm_error error;

	run->start_ns = monotonic_ns();
	run->devices.stopped = signals_stop_requested;
	writer_set_stopped(run->writer, signals_stop_requested);
	if (!signals_start(run->vcpu, run->timeout_ns, &error))
		run_end(run, STATUS_VMM_FAILED, "host-error", "%s", error.text);
	while (!run->ended) {
		int result = vcpu_run(run->vcpu);

		take_moment(run);
		run->last_good = run->state;
		vcpu_state(run->vcpu, &run->state);
		if (result == EINTR)
			handle_interruption(run);
		else if (result != 0)
			run_end(run, STATUS_VMM_FAILED, "host-error", "KVM cannot run the guest (KVM_RUN): %s%s",
				strerror(result), result == EINVAL ? "; it refuses the CPU's registers" : "");
		else
			handle_exit(run);
		check_devices(run);
		check_report(run);
	}
	writer_set_stopped(run->writer, NULL); /* the end of the report is written, however slowly it is read */
	signals_end();
}
