/* SPDX-License-Identifier: MIT */
/* exits.c: what is done about each kind of VM exit. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "abi.h"
#include "cpu_calls.h"
#include "hypercall.h"
#include "recording.h"
#include "run_parts.h"
#include "walk.h"

#define OPCODE_HLT 0xf4

void run_describe_rip(struct run *run, gva_t rip, char *text, size_t size)
{
	char symbol[EVENT_SYMBOL];

	symbols_describe(run->symbols, rip, symbol, sizeof(symbol));
	snprintf(text, size, "%s%s0x%" PRIx64 "%s", symbol, symbol[0] != '\0' ? " (" : "", rip,
		 symbol[0] != '\0' ? ")" : "");
}

struct event run_event(struct run_cpu *cpu, enum event_type type)
{
	struct run *run = cpu->run;
	struct process *thread = tracer_thread(&run->tracer, &cpu->state);

	return (struct event){
		.type = type,
		.ns = run->moment.ns,
		.tsc = run->moment.tsc,
		.cpu = cpu->vcpu->index,
		.pid = thread != NULL ? thread->pid : 0,
		.tid = thread != NULL ? thread->tid : 0,
	};
}

static void observe(struct run_cpu *cpu, const struct site *site)
{
	struct run *run = cpu->run;
	struct completion completion;

	if (site->kind == VMM_SITE_CHANGED) {
		recording_changed(cpu, site);
		return;
	}
	tracer_observe(&run->tracer, site, &cpu->state, &run->moment, &completion);
	if (completion.needed)
		vcpu_jump(cpu->vcpu, completion.rip, completion.rsp, completion.rflags);
	if (run->layout & (LAYOUT_START | LAYOUT_SWITCH))
		run_show_layout(cpu);
	recording_observed(cpu);
}

/* The address of the `in` or `out` of an exit: rip stands at it on most hosts, behind it on some. */
static gva_t io_instruction(struct run_cpu *cpu)
{
	struct run *run = cpu->run;
	uint8_t code[2];
	gva_t rip = cpu->state.rip;

	if (run->tracer.sites.rip_behind == 0 ||
	    walk_read(run->ram, cpu->state.cr3, rip - 2, code, sizeof(code)) != sizeof(code))
		return rip;
	/* Intel SDM vol. 2: ec-ef take the port from dx, 6c-6f are strings, e4-e7 have it in a second byte. */
	if ((code[1] >= 0xec && code[1] <= 0xef) || (code[1] >= 0x6c && code[1] <= 0x6f))
		return rip - 1;
	return code[0] >= 0xe4 && code[0] <= 0xe7 ? rip - 2 : rip;
}

static void emit_exit(struct run_cpu *cpu, struct event_exit *exit)
{
	struct run *run = cpu->run;
	struct event event;
	const struct crossing *inside;
	uint64_t context;

	tracer_poll_processes(&run->tracer, &cpu->state, &run->moment);
	context = tracer_context(&run->tracer, &cpu->state);
	event = run_event(cpu, EVENT_EXIT);
	exit->from = cpu->state.ring;
	exit->rip = exit->reason == EXIT_IO ? io_instruction(cpu) : cpu->state.rip;
	exit->depth = crossings_depth(&run->tracer.crossings, context);
	crossings_count_exit(&run->tracer.crossings, context);
	inside = crossings_innermost(&run->tracer.crossings, context);
	exit->has_entry = inside != NULL;
	exit->entry = inside != NULL ? inside->seq : 0;
	if (!(run->tracer.traced & TRACE_EXIT))
		return;
	tracer_describe(&run->tracer, &cpu->state, exit->rip, exit->symbol, sizeof(exit->symbol));
	event.exit = *exit;
	stream_emit(run->stream, &event);
}

static void access_device(struct run_cpu *cpu, const struct vm_exit *exit, struct event_exit *event)
{
	struct run *run = cpu->run;
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

void run_handle_io(struct run_cpu *cpu, const struct vm_exit *exit)
{
	struct run *run = cpu->run;
	struct event_exit event = {
		.reason = EXIT_IO,
		.write = exit->write,
		.address = exit->address,
		.size = exit->size,
		.count = exit->count,
	};
	const struct site *site = exit->write && exit->count == 1
					  ? site_at_exit(&run->tracer.sites, cpu->state.rip, exit->address, exit->size)
					  : NULL;

	stream_count_exit(run->stream, EXIT_IO, site != NULL);
	if (site != NULL) {
		observe(cpu, site);
		return;
	}
	if (exit->write && exit->address == VMM_PORT_HYPERCALL && exit->size == 4 && exit->count == 1) {
		if (!cpu_hypercall(cpu, &event))
			hypercall(run->ram, &run->devices, &cpu->state, &event);
		vcpu_set_rax(cpu->vcpu, (uint64_t)event.result);
	} else {
		access_device(cpu, exit, &event);
	}
	emit_exit(cpu, &event);
	if (event.call != NULL && strcmp(event.call, "unimplemented") == 0)
		tracer_unimplemented(&run->tracer, &cpu->state, &run->moment);
}

void run_handle_mmio(struct run_cpu *cpu, const struct vm_exit *exit)
{
	struct run *run = cpu->run;
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
	emit_exit(cpu, &event);
}

void run_handle_fatal(struct run_cpu *cpu, const struct vm_exit *exit)
{
	struct run *run = cpu->run;
	struct event_exit event = {.reason = exit->reason};
	char what[EVENT_TEXT], where[EVENT_SYMBOL + 32];

	vm_exit_describe(exit, what, sizeof(what));
	snprintf(event.detail, sizeof(event.detail), "%s", what);
	stream_count_exit(run->stream, exit->reason, false);
	emit_exit(cpu, &event);
	run_describe_rip(run, cpu->state.rip, where, sizeof(where));
	switch (exit->reason) {
	case EXIT_SHUTDOWN:
		run->state_lost = true;
		run_describe_rip(run, cpu->last_good.rip != 0 ? cpu->last_good.rip : run->boot->entry, where,
				 sizeof(where));
		run_end(run, STATUS_KERNEL_DIED, "triple-fault", "the guest kernel died: %s; %s %s", what,
			cpu->last_good.rip != 0 ? "the last exit before it was at"
						: "nothing was seen since its start at",
			where);
		break;
	case EXIT_UNKNOWN:
		run_end(run, STATUS_VMM_FAILED, "host-error", "%s, at %s", what, where);
		break;
	case EXIT_SYSTEM_EVENT:
		run_end(run, STATUS_KERNEL_DIED, "system-event", "%s, at %s", what, where);
		break;
	default:
		run_end(run, STATUS_KERNEL_DIED, "internal-error", "the guest kernel died: %s, at %s", what, where);
	}
}

void run_handle_halt(struct run_cpu *cpu)
{
	struct run *run = cpu->run;
	struct event_exit event = {.reason = EXIT_HLT};
	uint8_t code;
	char where[EVENT_SYMBOL + 32];

	/* rip stands behind the instruction: name the hlt itself. */
	if (walk_read(run->ram, cpu->state.cr3, cpu->state.rip - 1, &code, 1) == 1 && code == OPCODE_HLT)
		cpu->state.rip--;
	stream_count_exit(run->stream, EXIT_HLT, false);
	emit_exit(cpu, &event);
	run_describe_rip(run, cpu->state.rip, where, sizeof(where));
	run_end(run, STATUS_KERNEL_DIED, "halted", "the guest halted for ever at %s: %s", where,
		cpu->state.rflags & RFLAGS_IF ? "interrupts are on, but no timer is running that could wake it"
					      : "hlt with interrupts off (RFLAGS.IF=0)");
}
