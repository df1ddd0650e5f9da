/* SPDX-License-Identifier: MIT */
/* vm_exit.c: struct kvm_run -> struct vm_exit. */
#include "vm_exit.h"

#include <linux/kvm.h>
#include <stdio.h>
#include <string.h>

#ifndef KVM_INTERNAL_ERROR_EMULATION_FLAG_INSTRUCTION_BYTES
#define KVM_INTERNAL_ERROR_EMULATION_FLAG_INSTRUCTION_BYTES (1ULL << 0)
#endif

static void decode_io(struct kvm_run *run, size_t run_size, struct vm_exit *exit)
{
	uint64_t bytes = (uint64_t)run->io.size * run->io.count;

	if (run->io.size != 1 && run->io.size != 2 && run->io.size != 4)
		return;
	if (run->io.data_offset > run_size || bytes > run_size - run->io.data_offset || bytes == 0)
		return;
	exit->reason = EXIT_IO;
	exit->write = run->io.direction == KVM_EXIT_IO_OUT;
	exit->address = run->io.port;
	exit->size = run->io.size;
	exit->count = run->io.count;
	exit->data = (uint8_t *)run + run->io.data_offset;
}

static void decode_mmio(struct kvm_run *run, struct vm_exit *exit)
{
	if (run->mmio.len == 0 || run->mmio.len > sizeof(run->mmio.data))
		return;
	exit->reason = EXIT_MMIO;
	exit->write = run->mmio.is_write;
	exit->address = run->mmio.phys_addr;
	exit->size = run->mmio.len;
	exit->count = 1;
	exit->data = run->mmio.data;
}

static void decode_internal_error(const struct kvm_run *run, struct vm_exit *exit)
{
	const uint8_t *bytes = NULL;

	exit->reason = EXIT_INTERNAL_ERROR;
	exit->code = run->internal.suberror;
	if (exit->code != KVM_INTERNAL_ERROR_EMULATION || run->internal.ndata < 2)
		return;
	/* data[0] flags, data[1]: one byte of length, then the instruction (struct emulation_failure in linux/kvm.h) */
	if (run->internal.data[0] & KVM_INTERNAL_ERROR_EMULATION_FLAG_INSTRUCTION_BYTES) {
		bytes = (const uint8_t *)&run->internal.data[1];
		exit->instruction_size = bytes[0] <= INSTRUCTION_MAX ? bytes[0] : INSTRUCTION_MAX;
		memcpy(exit->instruction, bytes + 1, exit->instruction_size);
	}
}

void vm_exit_decode(struct kvm_run *run, size_t run_size, struct vm_exit *exit)
{
	*exit = (struct vm_exit){.reason = EXIT_UNKNOWN, .code = run->exit_reason};
	switch (run->exit_reason) {
	case KVM_EXIT_IO:
		decode_io(run, run_size, exit);
		break;
	case KVM_EXIT_MMIO:
		decode_mmio(run, exit);
		break;
	case KVM_EXIT_HLT:
		exit->reason = EXIT_HLT;
		break;
	case KVM_EXIT_DEBUG:
		exit->reason = EXIT_DEBUG;
		exit->code = run->debug.arch.exception;
		break;
	case KVM_EXIT_SHUTDOWN:
		exit->reason = EXIT_SHUTDOWN;
		break;
	case KVM_EXIT_INTERNAL_ERROR:
		decode_internal_error(run, exit);
		break;
	case KVM_EXIT_FAIL_ENTRY:
		exit->reason = EXIT_FAIL_ENTRY;
		exit->hardware = run->fail_entry.hardware_entry_failure_reason;
		break;
	case KVM_EXIT_SYSTEM_EVENT:
		exit->reason = EXIT_SYSTEM_EVENT;
		exit->code = run->system_event.type;
		break;
	case KVM_EXIT_INTR:
		exit->reason = EXIT_INTERRUPTED;
		break;
	default:
		break;
	}
}

static void describe_internal_error(const struct vm_exit *exit, char *text, size_t size)
{
	char bytes[3 * INSTRUCTION_MAX + 1] = "";

	for (unsigned i = 0; i < exit->instruction_size; i++)
		snprintf(bytes + 3 * i, 4, " %02x", exit->instruction[i]);
	switch (exit->code) {
	case KVM_INTERNAL_ERROR_EMULATION:
		snprintf(text, size, "KVM could not emulate the instruction that begins with%s",
			 exit->instruction_size > 0 ? bytes : " bytes that it does not tell");
		break;
	case KVM_INTERNAL_ERROR_SIMUL_EX:
		snprintf(text, size, "KVM met two exceptions at once that it cannot deliver");
		break;
	case KVM_INTERNAL_ERROR_DELIVERY_EV:
		snprintf(text, size, "KVM could not deliver an exception or interrupt");
		break;
	default:
		snprintf(text, size, "KVM internal error, suberror %u", exit->code);
	}
}

void vm_exit_describe(const struct vm_exit *exit, char *text, size_t size)
{
	switch (exit->reason) {
	case EXIT_INTERNAL_ERROR:
		describe_internal_error(exit, text, size);
		break;
	case EXIT_FAIL_ENTRY:
		snprintf(text, size, "the CPU refused to enter the guest, hardware reason 0x%llx",
			 (unsigned long long)exit->hardware);
		break;
	case EXIT_SHUTDOWN:
		snprintf(text, size,
			 "triple fault: an exception could not be delivered, nor the double fault after it");
		break;
	case EXIT_SYSTEM_EVENT:
		snprintf(text, size, "the guest asked for system event %u (%s)", exit->code,
			 exit->code == KVM_SYSTEM_EVENT_SHUTDOWN ? "shutdown"
			 : exit->code == KVM_SYSTEM_EVENT_RESET  ? "reset"
								 : "crash or unknown");
		break;
	case EXIT_DEBUG:
		snprintf(text, size, "a debug exit (exception %u) that nobody asked for", exit->code);
		break;
	case EXIT_UNKNOWN:
		snprintf(text, size, "KVM exit reason %u, which this version of vmm does not know", exit->code);
		break;
	default:
		snprintf(text, size, "%s exit", exit_reason_name(exit->reason));
	}
}
