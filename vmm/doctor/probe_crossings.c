/* SPDX-License-Identifier: MIT */
/* probe_crossings.c: does each way into ring 0, out of it, and out of the guest do what the manuals say? */
#include "probes.h"

#include <inttypes.h>

#define LOOP_LIMIT_NS    UINT64_C(50000000)
#define LOOP_FIRST_COUNT (UINT64_C(1) << 14)
#define LOOP_LAST_COUNT  (UINT64_C(1) << 28)
#define UNUSED(argument) ((void)(argument))

/* An error code for a gate: AMD APM vol. 2, "Selector-Error Code": index * 8, IDT bit. */
#define GATE_ERROR(vector) ((vector)*8 + 2)

bool probe_starts(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	struct probe_stop stop;

	UNUSED(unused);
	probe_run(guest, &(struct probe_start){.code = probe_start}, &stop);
	if (!probe_done(&stop) || stop.cpu.rax != SELECTOR_KERNEL_CODE || !(stop.cpu.efer & EFER_LMA))
		return probe_unexpected(finding, &stop);
	return finding_ok(finding, "ring 0, paging on");
}

bool probe_out_exits(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	gva_t at = probe_address(probe_out);
	struct probe_stop stop;

	UNUSED(unused);
	probe_run(guest, &(struct probe_start){.code = probe_out}, &stop);
	if (!probe_done(&stop) || (stop.cpu.rip != at && stop.cpu.rip != at + 2))
		return probe_unexpected(finding, &stop);
	return finding_ok(finding, "rip stands %s the instruction", stop.cpu.rip == at ? "at" : "behind");
}

bool probe_mmio(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	struct probe_stop stop;

	UNUSED(unused);
	probe_run(guest, &(struct probe_start){.code = probe_read, .rdi = PROBE_KERNEL_NO_RAM}, &stop);
	if (stop.kind != STOP_EXIT || stop.number != KVM_EXIT_MMIO || guest->vcpu.run->mmio.phys_addr != PROBE_NO_RAM)
		return probe_unexpected(finding, &stop);
	return finding_ok(finding, "with the physical address");
}

bool probe_iretq(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	struct probe_stop stop;

	UNUSED(unused);
	probe_run(guest, &(struct probe_start){.code = probe_user_end}, &stop);
	return probe_ended_at(&stop, probe_user_end) ? finding_ok(finding, "and back by an exception")
						     : probe_unexpected(finding, &stop);
}

bool probe_sysretq(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	struct probe_stop stop;

	UNUSED(unused);
	probe_run(guest, &(struct probe_start){.code = probe_user_end, .prelude = probe_sysret}, &stop);
	return probe_ended_at(&stop, probe_user_end) ? finding_yes(finding) : probe_unexpected(finding, &stop);
}

/* A quirk that the guest kernel and the VMM know: they look for it on a host of kind pvm only. */
static bool known_quirk(const struct probe_guest *guest, struct finding *finding, const char *name, const char *what)
{
	if (guest->kvm.kind != KVM_KIND_PVM)
		return finding_no(finding, "%s (%s), expected on PVM only", what, name);
	return finding_quirk(finding, name, "%s; worked round", what);
}

bool probe_syscall(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	gva_t next = probe_address(probe_user_after_syscall), lstar = probe_address(probe_lstar);
	struct probe_stop stop;

	UNUSED(unused);
	probe_run(guest, &(struct probe_start){.code = probe_user_syscall}, &stop);
	if (stop.cpu.rcx != next)
		return probe_unexpected(finding, &stop);
	if (stop.kind == STOP_MARK && stop.number == PROBE_PORT_SYSCALL && stop.cpu.ring == 0)
		return finding_ok(finding, "at LSTAR, return address in rcx");
	if (stop.kind == STOP_VECTOR && stop.number == VECTOR_PF && stop.error == (PF_P | PF_U | PF_I) &&
	    stop.cpu.cr2 == lstar && stop.frame.rip == lstar)
		return known_quirk(guest, finding, "syscall-faults", "the fetch at LSTAR faults, still in ring 3");
	return probe_unexpected(finding, &stop);
}

bool probe_int_n(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	struct probe_stop stop;

	UNUSED(unused);
	probe_run(guest, &(struct probe_start){.code = probe_user_int}, &stop);
	if (stop.kind == STOP_VECTOR && stop.number == PROBE_INT_OPEN && stop.frame.cs == SELECTOR_USER_CODE &&
	    stop.frame.rip == probe_address(probe_user_after_int))
		return finding_ok(finding, "return address behind it");
	if (probe_ended_at(&stop, probe_user_int))
		return known_quirk(guest, finding, "int-is-ud", "#UD at the instruction");
	return probe_unexpected(finding, &stop);
}

bool probe_int_closed(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	struct probe_stop stop;

	UNUSED(unused);
	probe_run(guest, &(struct probe_start){.code = probe_user_int_closed}, &stop);
	if (probe_ended_at(&stop, probe_user_int_closed))
		return known_quirk(guest, finding, "int-is-ud", "#UD at the instruction");
	if (stop.kind != STOP_VECTOR || stop.number != VECTOR_GP ||
	    stop.frame.rip != probe_address(probe_user_int_closed))
		return probe_unexpected(finding, &stop);
	if (stop.error != GATE_ERROR(PROBE_INT_CLOSED))
		return finding_quirk(finding, "gate-error-code", "error code 0x%x, not 0x%x; shown as it comes",
				     stop.error, GATE_ERROR(PROBE_INT_CLOSED));
	return finding_ok(finding, "error code 0x%x", stop.error);
}

bool probe_breakpoint(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	struct probe_stop stop;

	UNUSED(unused);
	probe_run(guest, &(struct probe_start){.code = probe_user_int3}, &stop);
	if (stop.kind != STOP_VECTOR || stop.number != VECTOR_BP || stop.frame.cs != SELECTOR_USER_CODE ||
	    stop.frame.rip != probe_address(probe_user_after_int3))
		return probe_unexpected(finding, &stop);
	return finding_yes(finding);
}

bool probe_privileged(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	static const uint8_t *const codes[] = {probe_user_cli, probe_user_out};
	struct probe_stop stop;

	UNUSED(unused);
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		probe_run(guest, &(struct probe_start){.code = codes[i]}, &stop);
		if (stop.kind != STOP_VECTOR || stop.number != VECTOR_GP || stop.frame.rip != probe_address(codes[i]))
			return probe_unexpected(finding, &stop);
	}
	return finding_ok(finding, "#GP");
}

bool probe_triple_fault(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	struct probe_stop stop;

	UNUSED(unused);
	probe_run(guest, &(struct probe_start){.code = probe_jump, .rdi = PROBE_KERNEL_ABSENT, .no_idt = true}, &stop);
	if (stop.kind != STOP_EXIT || stop.number != KVM_EXIT_SHUTDOWN)
		return probe_unexpected(finding, &stop);
	return stop.cpu.rip == PROBE_KERNEL_ABSENT
		       ? finding_ok(finding, "registers are kept")
		       : finding_ok(finding, "registers are reset (rip 0x%" PRIx64 ")", stop.cpu.rip);
}

bool probe_stops_ring3(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	struct probe_stop stop;

	UNUSED(unused);
	guest->limit_ns = LOOP_LIMIT_NS;
	probe_run(guest, &(struct probe_start){.code = probe_user_loop, .rflags = RFLAGS_IF}, &stop);
	return stop.kind == STOP_LIMIT ? finding_yes(finding) : probe_unexpected(finding, &stop);
}

bool probe_stops_ring0(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	struct probe_stop stop;

	UNUSED(unused);
	guest->limit_ns = LOOP_LIMIT_NS;
	/* Loops that end, longer and longer: an emulator that cannot stop them would be lost in one that does not. */
	for (uint64_t count = LOOP_FIRST_COUNT; count <= LOOP_LAST_COUNT; count *= 4) {
		uint64_t start = probe_now_ns();

		probe_run(guest, &(struct probe_start){.code = probe_count0, .rcx = count}, &stop);
		if (stop.kind == STOP_LIMIT)
			return finding_yes(finding);
		if (!probe_done(&stop))
			return probe_unexpected(finding, &stop);
		if (probe_now_ns() - start > 2 * LOOP_LIMIT_NS)
			break;
	}
	return finding_no(finding, "the host's interrupts wait for the guest");
}
