/* SPDX-License-Identifier: MIT */
/* probe_instructions.c: single instructions. A KVM that interprets ring 0 does not know them all. */
#include "probes.h"

#include <inttypes.h>

static bool wrong_result(const struct probe_case *probe, const struct probe_stop *stop, struct finding *finding)
{
	if (probe->wrong != NULL)
		return finding_quirk(finding, probe->wrong,
				     "silently gives %" PRIu64 ", not %" PRIu64 "; avoided, the guest kernel has none",
				     stop->cpu.rax, probe->rax);
	return finding_no(finding, "gives 0x%" PRIx64 ", not 0x%" PRIx64, stop->cpu.rax, probe->rax);
}

bool probe_instruction(struct probe_guest *guest, const void *argument, struct finding *finding)
{
	const struct probe_case *probe = argument;
	bool offered = probe->needs.leaf == 0 || probe_offers(guest, &probe->needs);
	struct probe_start start = probe->start;
	struct probe_stop stop;
	char words[80];

	if (!offered)
		start.cr4 = 0; /* KVM refuses bits of what it does not offer */
	probe_run(guest, &start, &stop);
	if (probe->end != NULL ? probe_ended_at(&stop, probe->end) : probe_done(&stop)) {
		if (probe->check_rax && stop.cpu.rax != probe->rax)
			return wrong_result(probe, &stop, finding);
		return offered ? finding_yes(finding) : finding_ok(finding, "though CPUID does not offer it");
	}
	return offered ? probe_unexpected(finding, &stop)
		       : finding_no(finding, "not offered (%s)", probe_words(&stop, words, sizeof(words)));
}

bool probe_int3_ring0(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	static const struct {
		const uint8_t *code;
		unsigned vector;
	} cases[] = {{probe_int3_0, VECTOR_BP}, {probe_int_0, PROBE_INT_OPEN}};
	struct probe_stop stop;

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		probe_run(guest, &(struct probe_start){.code = cases[i].code}, &stop);
		if (stop.kind != STOP_VECTOR || stop.number != cases[i].vector || stop.frame.cs != SELECTOR_KERNEL_CODE)
			return probe_unexpected(finding, &stop);
	}
	return finding_yes(finding);
}

bool probe_cpuid_masked(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	/* Intel SDM vol. 2, CPUID: a leaf in the range that no CPU will ever use; hypervisors put theirs there. */
	const uint32_t leaf = 0x40000000, mark = 0x40000077;
	struct kvm_cpuid2 *table = guest->cpuid;
	struct vmm_error error;
	struct probe_stop stop;
	uint32_t i = 0;

	(void)unused;
	while (i < table->nent && table->entries[i].function != leaf)
		i++;
	if (i == PROBE_CPUID_ENTRIES)
		return finding_no(finding, "no room in the table");
	table->entries[i] = (struct kvm_cpuid_entry2){.function = leaf, .eax = mark};
	table->nent = i == table->nent ? i + 1 : table->nent;
	if (!vcpu_set_cpuid(&guest->vcpu, table, &error))
		return finding_no(finding, "%s", error.text);
	probe_run(guest, &(struct probe_start){.code = probe_user_cpuid, .rax = leaf}, &stop);
	if (!probe_ended_at(&stop, probe_user_after_cpuid))
		return probe_unexpected(finding, &stop);
	return stop.cpu.rax == mark
		       ? finding_yes(finding)
		       : finding_quirk(finding, "raw-cpuid", "ring 3 sees the host's; vmm does not rely on it");
}
