/* SPDX-License-Identifier: MIT */
/* cpu_calls.c: hypercalls that concern one CPU or the host's threads. */
#include "cpu_calls.h"

#include <errno.h>
#include <string.h>

#include "abi.h"
#include "walk.h"

/* Intel SDM vol. 1, "XSAVE Header": XSTATE_BV, XCOMP_BV (0: standard format), zeros. */
#define XSAVE_HEADER       512
#define XSAVE_HEADER_BYTES 64

bool fpu_image_valid(const void *image, uint32_t bytes, uint64_t xcr0)
{
	uint64_t header[XSAVE_HEADER_BYTES / sizeof(uint64_t)];

	if (bytes < XSAVE_HEADER + XSAVE_HEADER_BYTES)
		return false;
	memcpy(header, (const uint8_t *)image + XSAVE_HEADER, sizeof(header));
	if (header[0] & ~xcr0)
		return false;
	for (size_t i = 1; i < sizeof(header) / sizeof(header[0]); i++)
		if (header[i] != 0)
			return false;
	return true;
}

static bool is_writable(const struct guest_ram *ram, gpa_t cr3, gva_t gva, uint64_t bytes)
{
	for (uint64_t done = 0; done < bytes;) {
		struct walk walk;

		walk_address(ram, cr3, gva + done, &walk);
		if (!walk.present || !walk.writable || gpa_to_hva(ram, walk.gpa, 1) == NULL)
			return false;
		done += PAGE_SIZE - (gva + done) % PAGE_SIZE;
	}
	return true;
}

/* Components that are not the guest's (the host's protection keys) are none of its business. */
static void trim_image(struct kvm_xsave *image, uint64_t xcr0)
{
	uint64_t components;

	memcpy(&components, (uint8_t *)image + XSAVE_HEADER, sizeof(components));
	components &= xcr0;
	memset((uint8_t *)image + XSAVE_HEADER, 0, XSAVE_HEADER_BYTES);
	memcpy((uint8_t *)image + XSAVE_HEADER, &components, sizeof(components));
}

/* Also where ring 0 has xsave, so that a kernel need not know. What is to be loaded is read before anything is saved:
   one place may serve for both. */
static int64_t call_fpu(struct run_cpu *cpu, uint64_t save_to, uint64_t load_from)
{
	struct guest_ram *ram = cpu->run->ram;
	uint32_t bytes = cpu->run->boot->xsave_bytes;
	uint64_t xcr0 = cpu->run->boot->xcr0;
	struct kvm_xsave saved, loaded;
	int result;

	if (xcr0 == 0 || bytes > sizeof(saved))
		return -ENOSYS;
	if (load_from != 0) {
		memset((uint8_t *)&loaded + bytes, 0, sizeof(loaded) - bytes);
		if (walk_read(ram, cpu->state.cr3, load_from, &loaded, bytes) != bytes)
			return -EFAULT;
		if (!fpu_image_valid(&loaded, bytes, xcr0))
			return -EINVAL;
	}
	if (save_to != 0) {
		if (!is_writable(ram, cpu->state.cr3, save_to, bytes))
			return -EFAULT;
		result = vcpu_get_fpu(cpu->vcpu, &saved);
		if (result != 0)
			return -EIO;
		trim_image(&saved, xcr0);
	}
	if (load_from != 0) {
		result = vcpu_set_fpu(cpu->vcpu, &loaded);
		if (result != 0)
			return result == EINVAL ? -EINVAL : -EIO; /* reserved bits of MXCSR */
	}
	if (save_to != 0 && walk_write(ram, cpu->state.cr3, save_to, &saved, bytes) != bytes)
		return -EFAULT; /* another CPU has unmapped it meanwhile */
	return 0;
}

bool cpu_hypercall(struct run_cpu *cpu, struct event_exit *event)
{
	const uint64_t args[] = {cpu->state.rdi, cpu->state.rsi, cpu->state.rcx};

	switch ((uint32_t)cpu->state.rax) { /* `out` wrote eax */
	case VMM_HYPERCALL_FPU:
		event->call = "fpu";
		event->result = call_fpu(cpu, args[0], args[1]);
		break;
	case VMM_HYPERCALL_HOST_EVENTS:
		event->call = "host_events";
		event->result = __atomic_exchange_n(&cpu->run->host_bits, 0, __ATOMIC_ACQ_REL);
		break;
	case VMM_HYPERCALL_YIELD:
		event->call = "yield";
		event->result = 0;
		cpu->yields = true;
		break;
	default:
		return false;
	}
	memcpy(event->args, args, sizeof(event->args));
	event->device = "hypercall";
	return true;
}

void host_event(struct run *run, uint32_t bits)
{
	if (!run->host_wanted)
		return;
	__atomic_fetch_or(&run->host_bits, bits, __ATOMIC_ACQ_REL);
	(void)kvm_raise(run->kvm, 0, VMM_VECTOR_HOST); /* where it cannot, the kernel asks at its next chance */
}
