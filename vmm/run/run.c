/* SPDX-License-Identifier: MIT */
/* run.c: the run loop. */
#include "run.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <x86intrin.h>

#include "abi.h"
#include "hypercall.h"
#include "layout.h"
#include "signals.h"
#include "verdict.h"
#include "vm_exit.h"
#include "walk.h"

#define OPCODE_HLT 0xf4

static void end(struct run *run, int status, const char *reason, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The first reason counts. */
static void end(struct run *run, int status, const char *reason, const char *format, ...)
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

/* "at memcpy+0x4 (0xffffffff80001234)" */
static void describe_rip(struct run *run, gva_t rip, char *text, size_t size)
{
	char symbol[EVENT_SYMBOL];

	symbols_describe(run->symbols, rip, symbol, sizeof(symbol));
	snprintf(text, size, "%s%s0x%" PRIx64 "%s", symbol, symbol[0] != '\0' ? " (" : "", rip,
		 symbol[0] != '\0' ? ")" : "");
}

static struct event new_event(struct run *run, enum event_type type)
{
	struct process *process = tracer_process(&run->tracer, run->state.cr3);

	return (struct event){
		.type = type,
		.ns = run->moment.ns,
		.tsc = run->moment.tsc,
		.cpu = run->vcpu->index,
		.pid = process != NULL ? process->pid : 0,
	};
}

/* After one that had to be cut short there are no more: such tables could keep a VMM busy for hours. */
static void show_layout(struct run *run, gpa_t cr3, const struct process *process, const char *when)
{
	struct layout_request request = {
		.ram = run->ram,
		.state = &run->state,
		.symbols = run->symbols,
		.processes = &run->tracer.processes,
		.user_brk = run->boot->user_brk,
		.software_cow = run->tracer.sites.linux_abi,
		.cr3 = cr3,
		.pid = process != NULL ? process->pid : 0,
		.parent = process != NULL ? process->parent : 0,
		.name = process != NULL ? process->name : run->program,
		.when = when,
	};
	struct event event = new_event(run, EVENT_ADDRESS_SPACE);
	struct layout layout;

	if (run->layout_cut)
		return;
	event.pid = request.pid;
	if (layout_build(&layout, &request)) {
		event.address_space = layout.space;
		stream_emit(run->stream, &event);
	}
	run->layout_cut |= layout.cut_short;
	layout_free(&layout);
}

void run_show_first_layout(struct run *run)
{
	run->state.cr0 = CR0_WP;
	run->state.cr3 = run->boot->user_cr3;
	run->state.cr4 = (strstr(run->boot->protections, "smap") ? CR4_SMAP : 0) |
			 (strstr(run->boot->protections, "smep") ? CR4_SMEP : 0);
	if (run->layout & LAYOUT_START) {
		/* The guest has not run, so its table of processes is empty; what is mapped here becomes its first one.
		 */
		struct process first = {.pid = 1, .cr3 = run->boot->user_cr3};
		const char *slash = strrchr(run->program, '/');

		snprintf(first.name, sizeof(first.name), "%s", slash != NULL ? slash + 1 : run->program);
		show_layout(run, run->boot->user_cr3, &first, "start");
	}
	run->layout_cr3 = run->boot->user_cr3;
}

/* Each address space once, when it is first met; with --layout=switch at every change. */
static void show_layout_at_transition(struct run *run)
{
	gpa_t cr3 = run->state.cr3 & CR3_ADDRESS;
	struct process *process = tracer_process(&run->tracer, cr3);

	if (process != NULL && !process->layout_shown) {
		process->layout_shown = true;
		if ((run->layout & LAYOUT_START) && cr3 != run->boot->user_cr3)
			show_layout(run, cr3, process, "start");
	}
	if ((run->layout & LAYOUT_SWITCH) && cr3 != run->layout_cr3)
		show_layout(run, cr3, process, "switch");
	run->layout_cr3 = cr3;
}

static void observe(struct run *run, const struct site *site)
{
	struct completion completion;

	tracer_observe(&run->tracer, site, &run->state, &run->moment, &completion);
	if (completion.needed)
		vcpu_jump(run->vcpu, completion.rip, completion.rsp, completion.rflags);
	if (run->layout & (LAYOUT_START | LAYOUT_SWITCH))
		show_layout_at_transition(run);
}

/* The address of the `in` or `out` of an exit: rip stands at it on most hosts, behind it on some. */
static gva_t io_instruction(const struct run *run)
{
	uint8_t code[2];
	gva_t rip = run->state.rip;

	if (run->tracer.sites.rip_behind == 0 ||
	    walk_read(run->ram, run->state.cr3, rip - 2, code, sizeof(code)) != sizeof(code))
		return rip;
	/* Intel SDM vol. 2: ec-ef take the port from dx, 6c-6f are strings, e4-e7 have it in a second byte. */
	if ((code[1] >= 0xec && code[1] <= 0xef) || (code[1] >= 0x6c && code[1] <= 0x6f))
		return rip - 1;
	return code[0] >= 0xe4 && code[0] <= 0xe7 ? rip - 2 : rip;
}

static void emit_exit(struct run *run, struct event_exit *exit)
{
	struct event event;
	uint64_t context = tracer_context(&run->tracer, run->state.cr3);

	tracer_poll_processes(&run->tracer, &run->state, &run->moment);
	event = new_event(run, EVENT_EXIT);
	exit->from = run->state.ring;
	exit->rip = exit->reason == EXIT_IO ? io_instruction(run) : run->state.rip;
	exit->depth = crossings_depth(&run->tracer.crossings, context);
	crossings_count_exit(&run->tracer.crossings, context);
	if (!(run->tracer.traced & TRACE_EXIT))
		return;
	symbols_describe(run->symbols, exit->rip, exit->symbol, sizeof(exit->symbol));
	event.exit = *exit;
	stream_emit(run->stream, &event);
}

static void access_device(struct run *run, const struct vm_exit *exit, struct event_exit *event)
{
	const struct device *device = device_at((uint16_t)exit->address);

	event->device = device != NULL ? device->name : NULL;
	for (unsigned i = 0; i < exit->count; i++) {
		struct device_access access = {
			.write = exit->write,
			.port = (uint16_t)exit->address,
			.size = exit->size,
			.value = exit->write ? 0 : UINT32_MAX,
		};

		if (exit->write)
			memcpy(&access.value, exit->data + i * exit->size, exit->size);
		if (device != NULL)
			device->access(&run->devices, &access);
		if (!exit->write)
			memcpy(exit->data + i * exit->size, &access.value, exit->size);
	}
	if (device == NULL)
		snprintf(event->detail, sizeof(event->detail), "no device at this port%s",
			 exit->write ? "" : "; it reads as all ones");
}

static void handle_io(struct run *run, const struct vm_exit *exit)
{
	struct event_exit event = {
		.reason = EXIT_IO,
		.write = exit->write,
		.address = exit->address,
		.size = exit->size,
		.count = exit->count,
	};
	const struct site *site = exit->write && exit->count == 1
					  ? site_at_exit(&run->tracer.sites, run->state.rip, exit->address, exit->size)
					  : NULL;

	stream_count_exit(run->stream, EXIT_IO, site != NULL);
	if (site != NULL) {
		observe(run, site);
		return;
	}
	if (exit->write && exit->address == VMM_PORT_HYPERCALL && exit->size == 4 && exit->count == 1) {
		hypercall(run->ram, &run->devices, &run->state, &event);
		vcpu_set_rax(run->vcpu, (uint64_t)event.result);
	} else {
		access_device(run, exit, &event);
	}
	emit_exit(run, &event);
}

static void handle_mmio(struct run *run, const struct vm_exit *exit)
{
	struct event_exit event = {
		.reason = EXIT_MMIO,
		.write = exit->write,
		.address = exit->address,
		.size = exit->size,
		.count = 1,
	};

	stream_count_exit(run->stream, EXIT_MMIO, false);
	if (!exit->write)
		memset(exit->data, 0xff, exit->size);
	snprintf(event.detail, sizeof(event.detail), "nothing at this physical address%s",
		 exit->write ? "" : "; it reads as all ones");
	emit_exit(run, &event);
}

/* Exits after which the guest cannot go on. */
static void handle_fatal(struct run *run, const struct vm_exit *exit)
{
	struct event_exit event = {.reason = exit->reason};
	char what[EVENT_TEXT], where[EVENT_SYMBOL + 32];

	vm_exit_describe(exit, what, sizeof(what));
	snprintf(event.detail, sizeof(event.detail), "%s", what);
	stream_count_exit(run->stream, exit->reason, false);
	emit_exit(run, &event);
	describe_rip(run, run->state.rip, where, sizeof(where));
	switch (exit->reason) {
	case EXIT_SHUTDOWN:
		run->state_lost = true;
		describe_rip(run, run->last_good.rip != 0 ? run->last_good.rip : run->boot->entry, where,
			     sizeof(where));
		end(run, STATUS_KERNEL_DIED, "triple-fault", "the guest kernel died: %s; %s %s", what,
		    run->last_good.rip != 0 ? "the last exit before it was at" : "nothing was seen since its start at",
		    where);
		break;
	case EXIT_UNKNOWN:
		end(run, STATUS_VMM_FAILED, "host-error", "%s, at %s", what, where);
		break;
	case EXIT_SYSTEM_EVENT:
		end(run, STATUS_KERNEL_DIED, "system-event", "%s, at %s", what, where);
		break;
	default:
		end(run, STATUS_KERNEL_DIED, "internal-error", "the guest kernel died: %s, at %s", what, where);
	}
}

static void handle_halt(struct run *run)
{
	struct event_exit event = {.reason = EXIT_HLT};
	uint8_t code;
	char where[EVENT_SYMBOL + 32];

	/* rip stands behind the instruction: name the hlt itself. */
	if (walk_read(run->ram, run->state.cr3, run->state.rip - 1, &code, 1) == 1 && code == OPCODE_HLT)
		run->state.rip--;
	stream_count_exit(run->stream, EXIT_HLT, false);
	emit_exit(run, &event);
	describe_rip(run, run->state.rip, where, sizeof(where));
	end(run, STATUS_KERNEL_DIED, "halted", "the guest halted for ever at %s: %s", where,
	    run->state.rflags & RFLAGS_IF ? "interrupts are on, but no timer is running that could wake it"
					  : "hlt with interrupts off (RFLAGS.IF=0)");
}

/* A signal came: the clock's tick, the timeout or the user. */
static void handle_interruption(struct run *run)
{
	char where[EVENT_SYMBOL + 32];

	describe_rip(run, run->state.rip, where, sizeof(where));
	if (signals_timed_out())
		end(run, STATUS_TIMEOUT, "timeout",
		    "timeout after %g s: the guest was still running in ring %u at %s%s", (double)run->timeout_ns / 1e9,
		    run->state.ring, where,
		    run->state.ring == 0 && !(run->state.rflags & RFLAGS_IF) ? ", interrupts off" : "");
	else if (signals_received() != 0)
		end(run, STATUS_SIGNAL + signals_received(), "interrupted",
		    "interrupted by %s; the guest was in ring %u at %s", strsignal(signals_received()), run->state.ring,
		    where);
	else if (vcpu_halted(run->vcpu) && (!(run->state.rflags & RFLAGS_IF) || !vcpu_timer_running(run->vcpu)))
		handle_halt(run);
	signals_rearm(run->vcpu);
}

static void handle_exit(struct run *run)
{
	struct vm_exit exit;

	vm_exit_decode(run->vcpu->run, run->vcpu->run_size, &exit);
	switch (exit.reason) {
	case EXIT_IO:
		handle_io(run, &exit);
		break;
	case EXIT_MMIO:
		handle_mmio(run, &exit);
		break;
	case EXIT_HLT:
		handle_halt(run);
		break;
	case EXIT_INTERRUPTED:
		handle_interruption(run);
		break;
	default:
		handle_fatal(run, &exit);
	}
}

static void check_devices(struct run *run)
{
	const struct device_host *devices = &run->devices;

	switch (devices->end) {
	case GUEST_RUNS:
		break;
	case GUEST_EXITED:
		end(run, devices->code, "exit", "%s", "");
		break;
	case GUEST_KILLED:
		end(run, STATUS_SIGNAL + devices->code, "signal", "%s: killed by signal %d (SIG%s)", run->program,
		    devices->code, sigabbrev_np(devices->code) != NULL ? sigabbrev_np(devices->code) : "?");
		break;
	case GUEST_PANICKED:
		end(run, STATUS_KERNEL_DIED, "panic", "the guest kernel gave up: %s", devices->panic);
		break;
	case GUEST_OUTPUT_CLOSED:
		run->quiet_end = true;
		end(run, STATUS_SIGNAL + SIGPIPE, "output-closed", "nobody reads the guest's output");
		break;
	case GUEST_OUTPUT_FAILED:
		end(run, STATUS_VMM_FAILED, "host-error", "standard output: cannot write the guest's output: %s",
		    strerror(devices->code));
		break;
	}
}

static void check_report(struct run *run)
{
	int error = writer_error(run->writer);

	if (error == EPIPE) {
		run->quiet_end = true;
		end(run, STATUS_SIGNAL + SIGPIPE, "output-closed", "nobody reads the report");
	} else if (error != 0) {
		end(run, STATUS_VMM_FAILED, "host-error", "%s: cannot write the report: %s", run->output,
		    strerror(error));
	}
}

void run_guest(struct run *run)
{
	struct vmm_error error;

	run->start_ns = monotonic_ns();
	run->devices.stopped = signals_stop_requested;
	if (!signals_start(run->vcpu, run->timeout_ns, &error))
		end(run, STATUS_VMM_FAILED, "host-error", "%s", error.text);
	while (!run->ended) {
		int result = vcpu_run(run->vcpu);

		take_moment(run);
		run->last_good = run->state;
		vcpu_state(run->vcpu, &run->state);
		if (result == EINTR)
			handle_interruption(run);
		else if (result != 0)
			end(run, STATUS_VMM_FAILED, "host-error", "KVM cannot run the guest (KVM_RUN): %s%s",
			    strerror(result), result == EINVAL ? "; it refuses the CPU's registers" : "");
		else
			handle_exit(run);
		check_devices(run);
		check_report(run);
	}
	signals_end();
}

static void show_last_layouts(struct run *run)
{
	const struct process *last = NULL; /* the one that the CPU was in, if it is not alive any more */
	bool any = false;

	for (size_t i = 0; i < run->tracer.processes.count; i++) {
		const struct process *process = &run->tracer.processes.items[i];

		if (process->state != VMM_PROCESS_FREE && process->cr3 == (run->state.cr3 & CR3_ADDRESS))
			last = process;
		if (process->state != VMM_PROCESS_LIVE || process->cr3 == 0)
			continue;
		show_layout(run, process->cr3, process, "end");
		any = true;
	}
	if (!any)
		show_layout(run, run->state.cr3, last, "end");
}

void run_show_end(struct run *run, bool observing)
{
	struct verdict_request request = {
		.tracer = &run->tracer,
		.vcpu = run->vcpu,
		.state = &run->state,
		.observing = observing,
		.state_lost = run->state_lost,
	};
	struct verdict verdict;
	struct event event = new_event(run, EVENT_END);

	if ((run->layout & LAYOUT_END) && !run->state_lost)
		show_last_layouts(run);
	request.layout_cut = run->layout_cut;
	verdict_build(&verdict, &request);
	stream_emit_summary(run->stream, run->moment.ns);
	event.end = (struct event_end){
		.status = run->status,
		.reason = run->reason,
		.verdict = verdict.count == 0 ? "complete" : "incomplete",
		.doubts = verdict.doubts,
		.doubt_count = verdict.count,
	};
	snprintf(event.end.message, sizeof(event.end.message), "%s", run->message);
	stream_emit(run->stream, &event);
}
