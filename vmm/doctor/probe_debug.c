/* SPDX-License-Identifier: MIT */
/*
 * probe_debug.c: which of KVM's guest-debug facilities really stop the guest?
 * Source: Linux, Documentation/virt/kvm/api.rst, "KVM_SET_GUEST_DEBUG".
 */
#include "probes.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#define STEPS            4                  /* single steps that must come one after the other */
#define ENTER_RING3_NS   UINT64_C(30000000) /* time enough to be there */
#define UNUSED(argument) ((void)(argument))

/* Intel SDM vol. 3, "Debug Registers", DR7: G0, the reserved one, R/W0 = write, LEN0 = 8 bytes */
#define DR7_GLOBAL0   0x00000002
#define DR7_RESERVED1 0x00000400
#define DR7_WRITE0    0x00010000
#define DR7_LENGTH0_8 0x00080000

static bool set_debug(struct probe_guest *guest, const struct kvm_guest_debug *debug, struct finding *finding)
{
	if (ioctl(guest->vcpu.fd, KVM_SET_GUEST_DEBUG, debug) == 0)
		return true;
	return finding_no(finding, "KVM_SET_GUEST_DEBUG: %s", strerror(errno));
}

static bool is_debug_exit(const struct probe_stop *stop)
{
	return stop->kind == STOP_EXIT && stop->number == KVM_EXIT_DEBUG;
}

static bool missed(struct finding *finding, const struct probe_stop *stop)
{
	char words[80];

	if (stop->kind == STOP_VECTOR && (stop->number == VECTOR_DB || stop->number == VECTOR_BP))
		return finding_no(finding, "the guest gets it: %s", probe_words(stop, words, sizeof(words)));
	if (stop->kind == STOP_MARK || (stop->kind == STOP_VECTOR && stop->number == VECTOR_UD))
		return finding_no(finding, "it never fires");
	return finding_no(finding, "%s", probe_words(stop, words, sizeof(words)));
}

/* Hands the registers over to KVM now, not at the next vcpu_run(): where a step begins is noted when it is asked for.
 */
static void load_registers(struct probe_guest *guest)
{
	vcpu_kick(&guest->vcpu);
	(void)vcpu_run(&guest->vcpu); /* EINTR, before the first instruction */
	guest->vcpu.run->immediate_exit = 0;
}

/*
 * Steps through one-byte no-ops from `code` on, where the guest stands. Each step must stop behind one of them; a stop
 * without progress is forgiven some times.
 */
static bool step(struct probe_guest *guest, const uint8_t *code, struct finding *finding)
{
	const struct kvm_guest_debug debug = {.control = KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_SINGLESTEP};
	gva_t at = probe_address(code), end = at + STEPS;
	struct probe_stop stop;

	load_registers(guest);
	for (unsigned stops = 0; at < end && stops < 2 * STEPS; stops++) {
		/* Anew at every stop: some hosts forget it when the guest loads its flags. */
		if (!set_debug(guest, &debug, finding))
			return false;
		probe_go(guest, &stop);
		if (!is_debug_exit(&stop))
			return missed(finding, &stop);
		if (stop.cpu.rip != at && stop.cpu.rip != at + 1)
			return finding_no(finding, "stops at the wrong place");
		at = stop.cpu.rip;
	}
	return at == end ? finding_yes(finding) : finding_no(finding, "stops, but makes no progress");
}

bool probe_step_ring0(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	const struct probe_start start = {.code = probe_nops0};
	struct probe_stop stop;

	UNUSED(unused);
	/* Once without: a step into a page that KVM has yet to map stops twice on one of the emulators. */
	probe_run(guest, &start, &stop);
	probe_set(guest, &start);
	return step(guest, probe_nops0, finding);
}

bool probe_step_ring3(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	struct probe_stop stop;

	UNUSED(unused);
	/* From within ring 3: the iretq that leads there is a matter of its own. */
	guest->limit_ns = ENTER_RING3_NS;
	probe_run(guest, &(struct probe_start){.code = probe_user_loop, .rflags = RFLAGS_IF}, &stop);
	if (stop.kind != STOP_LIMIT || stop.cpu.ring != 3)
		return probe_unexpected(finding, &stop);
	vcpu_jump(&guest->vcpu, probe_address(probe_user_nops), stop.cpu.rsp, RFLAGS_RESERVED1);
	return step(guest, probe_user_nops, finding);
}

/* Runs with `debug` on, which must stop the guest with rip at `at`. */
static bool stops_at(struct probe_guest *guest, const struct kvm_guest_debug *debug, const struct probe_start *start,
		     gva_t at, struct finding *finding)
{
	struct probe_stop stop;

	probe_set(guest, start);
	load_registers(guest);
	if (!set_debug(guest, debug, finding))
		return false;
	probe_go(guest, &stop);
	if (!is_debug_exit(&stop))
		return missed(finding, &stop);
	return stop.cpu.rip == at ? finding_yes(finding) : finding_no(finding, "stops at the wrong place");
}

static bool hardware_break(struct probe_guest *guest, const uint8_t *code, struct finding *finding)
{
	gva_t at = probe_address(code) + 2;
	const struct kvm_guest_debug debug = {
		.control = KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_HW_BP,
		.arch.debugreg = {[0] = at, [7] = DR7_GLOBAL0 | DR7_RESERVED1},
	};

	return stops_at(guest, &debug, &(struct probe_start){.code = code}, at, finding);
}

bool probe_hardware_break_ring0(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	UNUSED(unused);
	return hardware_break(guest, probe_nops0, finding);
}

bool probe_hardware_break_ring3(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	UNUSED(unused);
	return hardware_break(guest, probe_user_nops, finding);
}

bool probe_watchpoint(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	const struct kvm_guest_debug debug = {
		.control = KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_HW_BP,
		.arch.debugreg =
			{[0] = PROBE_USER_DATA, [7] = DR7_GLOBAL0 | DR7_RESERVED1 | DR7_WRITE0 | DR7_LENGTH0_8},
	};

	UNUSED(unused);
	return stops_at(guest, &debug, &(struct probe_start){.code = probe_user_write, .rdi = PROBE_USER_DATA},
			probe_address(probe_user_after_write), finding);
}

static bool software_break(struct probe_guest *guest, const uint8_t *code, struct finding *finding)
{
	const struct kvm_guest_debug debug = {.control = KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_SW_BP};

	return stops_at(guest, &debug, &(struct probe_start){.code = code}, probe_address(code), finding);
}

bool probe_software_break_ring0(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	UNUSED(unused);
	return software_break(guest, probe_int3_0, finding);
}

bool probe_software_break_ring3(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	UNUSED(unused);
	return software_break(guest, probe_user_int3, finding);
}
