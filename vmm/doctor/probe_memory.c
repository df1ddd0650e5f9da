/* SPDX-License-Identifier: MIT */
/* probe_memory.c: do the page tables and the bits that guard them hold? */
#include "probes.h"

#include <string.h>

#define UNUSED(argument) ((void)(argument))
#define MARK             UINT64_C(0x6b72616d) /* what a read must find */
#define OTHER_MARK       UINT64_C(0x746867697220)

/* Intel SDM vol. 2, "CPUID"; AMD APM vol. 3, appendix E */
static const struct cpuid_bit smep = {7, CPUID_EBX, 7};
static const struct cpuid_bit smap = {7, CPUID_EBX, 20};
static const struct cpuid_bit umip = {7, CPUID_ECX, 2};
static const struct cpuid_bit page_1gb = {0x80000001, CPUID_EDX, 26};

/* An access that must end in #PF with this error code, at start->rdi. */
struct denied {
	struct probe_start start;
	uint32_t error;
};

static bool all_denied(struct probe_guest *guest, const struct denied *cases, size_t count, struct finding *finding)
{
	struct probe_stop stop;

	for (size_t i = 0; i < count; i++) {
		probe_run(guest, &cases[i].start, &stop);
		if (stop.kind != STOP_VECTOR || stop.number != VECTOR_PF || stop.error != cases[i].error ||
		    stop.cpu.cr2 != cases[i].start.rdi)
			return probe_unexpected(finding, &stop);
	}
	return true;
}

#define ALL_DENIED(guest, cases, finding) all_denied(guest, cases, sizeof(cases) / sizeof((cases)[0]), finding)

bool probe_page_faults(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	const struct denied cases[] = {
		{{.code = probe_user_read, .rdi = PROBE_KERNEL_DATA + 0x123}, PF_P | PF_U},
		{{.code = probe_user_write, .rdi = PROBE_USER_READ_ONLY + 8}, PF_P | PF_U | PF_W},
		{{.code = probe_user_read, .rdi = UINT64_C(0x7ffffff00010)}, PF_U},
		{{.code = probe_read, .rdi = PROBE_KERNEL_ABSENT + 0x456}, 0},
		{{.code = probe_write, .rdi = 0}, PF_W},
	};

	UNUSED(unused);
	return ALL_DENIED(guest, cases, finding) && finding_ok(finding, "from both rings");
}

bool probe_nx(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	const struct denied cases[] = {
		{{.code = probe_user_jump, .rdi = PROBE_USER_DATA}, PF_P | PF_U | PF_I},
		{{.code = probe_jump, .rdi = PROBE_KERNEL_DATA}, PF_P | PF_I},
	};

	UNUSED(unused);
	return ALL_DENIED(guest, cases, finding) && finding_ok(finding, "both rings");
}

bool probe_wp(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	const struct denied cases[] = {
		{{.code = probe_write, .rdi = PROBE_KERNEL_READ_ONLY}, PF_P | PF_W},
		{{.code = probe_write, .rdi = PROBE_USER_READ_ONLY}, PF_P | PF_W},
	};

	UNUSED(unused);
	return ALL_DENIED(guest, cases, finding) && finding_yes(finding);
}

bool probe_smep(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	const struct denied cases[] = {
		{{.code = probe_jump, .rdi = PROBE_USER_CODE, .cr4 = CR4_SMEP}, PF_P | PF_I},
	};

	UNUSED(unused);
	if (!probe_offers(guest, &smep))
		return finding_no(finding, "not offered");
	return ALL_DENIED(guest, cases, finding) && finding_yes(finding);
}

bool probe_smap(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	const struct denied cases[] = {
		{{.code = probe_read, .rdi = PROBE_USER_DATA, .cr4 = CR4_SMAP}, PF_P},
		{{.code = probe_write, .rdi = PROBE_USER_DATA, .cr4 = CR4_SMAP}, PF_P | PF_W},
	};
	struct probe_stop stop;

	UNUSED(unused);
	if (!probe_offers(guest, &smap))
		return finding_no(finding, "not offered");
	if (!ALL_DENIED(guest, cases, finding))
		return false;
	probe_run(guest, &(struct probe_start){.code = probe_read_with_ac, .rdi = PROBE_USER_DATA, .cr4 = CR4_SMAP},
		  &stop);
	return probe_done(&stop) ? finding_ok(finding, "unless RFLAGS.AC is set") : probe_unexpected(finding, &stop);
}

bool probe_umip(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	struct probe_stop stop;

	UNUSED(unused);
	if (!probe_offers(guest, &umip))
		return finding_no(finding, "not offered");
	probe_run(guest, &(struct probe_start){.code = probe_user_sgdt, .rdi = PROBE_USER_DATA, .cr4 = CR4_UMIP},
		  &stop);
	return stop.kind == STOP_VECTOR && stop.number == VECTOR_GP ? finding_ok(finding, "#GP")
								    : probe_unexpected(finding, &stop);
}

/* Ring 3 and ring 0 both read MARK at gva. */
static bool readable(struct probe_guest *guest, gva_t gva, struct finding *finding)
{
	struct probe_stop stop;

	probe_run(guest, &(struct probe_start){.code = probe_user_read, .rdi = gva}, &stop);
	if (!probe_ended_at(&stop, probe_user_after_read) || stop.cpu.rax != MARK)
		return probe_unexpected(finding, &stop);
	probe_run(guest, &(struct probe_start){.code = probe_read, .rdi = gva}, &stop);
	return probe_done(&stop) && stop.cpu.rax == MARK ? true : probe_unexpected(finding, &stop);
}

static void write_mark(struct probe_guest *guest, gpa_t gpa, uint64_t mark)
{
	guest_ram_write(&guest->ram, gpa, &mark, sizeof(mark));
}

bool probe_large_page(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	const uint64_t offset = LARGE_PAGE_SIZE - PAGE_SIZE;

	UNUSED(unused);
	write_mark(guest, guest->large_page + offset, MARK);
	return readable(guest, PROBE_USER_LARGE + offset, finding) && finding_ok(finding, "both rings");
}

bool probe_huge_page(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	UNUSED(unused);
	if (!probe_offers(guest, &page_1gb))
		return finding_no(finding, "not offered");
	write_mark(guest, guest->large_page, MARK);
	return readable(guest, PROBE_USER_HUGE + guest->large_page, finding) && finding_ok(finding, "both rings");
}

bool probe_accessed_dirty(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	struct probe_stop stop;

	UNUSED(unused);
	probe_run(guest, &(struct probe_start){.code = probe_user_write, .rdi = PROBE_USER_DATA}, &stop);
	if (!probe_ended_at(&stop, probe_user_after_write))
		return probe_unexpected(finding, &stop);
	if ((*probe_entry(guest, PROBE_USER_DATA, 1) & (PTE_A | PTE_D)) != (PTE_A | PTE_D) ||
	    !(*probe_entry(guest, PROBE_USER_DATA, 4) & PTE_A))
		return finding_no(finding, "the bits stay 0");
	if (*probe_entry(guest, PROBE_USER_READ_ONLY, 1) & (PTE_A | PTE_D))
		return finding_no(finding, "a page that nobody touched has them");
	return finding_ok(finding, "in tables and pages");
}

bool probe_guest_edit(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	uint64_t *entry = probe_entry(guest, PROBE_USER_EDITED, 1);
	const gva_t entry_gva = PROBE_KERNEL_TABLE + PROBE_USER_EDITED / PAGE_SIZE * sizeof(*entry);
	struct probe_stop stop;

	UNUSED(unused);
	write_mark(guest, *entry & PTE_ADDRESS, MARK);
	write_mark(guest, guest->large_page, OTHER_MARK);
	if (!readable(guest, PROBE_USER_EDITED, finding))
		return false;
	probe_run(guest,
		  &(struct probe_start){.code = probe_edit_read,
					.rdi = PROBE_USER_EDITED,
					.rsi = entry_gva,
					.rax = guest->large_page | PTE_P | PTE_U | PTE_NX},
		  &stop);
	return probe_done(&stop) && stop.cpu.rax == OTHER_MARK ? finding_ok(finding, "after invlpg")
							       : probe_unexpected(finding, &stop);
}

bool probe_host_edit(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	uint64_t *entry = probe_entry(guest, PROBE_USER_EDITED, 1);
	struct probe_stop stop;

	UNUSED(unused);
	write_mark(guest, *entry & PTE_ADDRESS, MARK);
	write_mark(guest, guest->large_page, OTHER_MARK);
	if (!readable(guest, PROBE_USER_EDITED, finding))
		return false;
	*entry = guest->large_page | PTE_P | PTE_U | PTE_NX;
	probe_run(guest, &(struct probe_start){.code = probe_reload_read, .rdi = PROBE_USER_EDITED}, &stop);
	if (!probe_done(&stop))
		return probe_unexpected(finding, &stop);
	/* Ring 0 may be interpreted, which reads the tables anew each time: ring 3 is the test. */
	probe_run(guest, &(struct probe_start){.code = probe_user_read, .rdi = PROBE_USER_EDITED}, &stop);
	if (!probe_ended_at(&stop, probe_user_after_read))
		return probe_unexpected(finding, &stop);
	return stop.cpu.rax == OTHER_MARK ? finding_ok(finding, "after a load of CR3")
					  : finding_quirk(finding, "stale-host-edits",
							  "the old page stays; avoided, vmm leaves live tables alone");
}

bool probe_slot_256(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	uint64_t *page = probe_page(guest, PROBE_SLOT_256);
	struct probe_stop stop;

	UNUSED(unused);
	*page = MARK;
	probe_run(guest, &(struct probe_start){.code = probe_user_read, .rdi = PROBE_SLOT_256}, &stop);
	if (probe_ended_at(&stop, probe_user_after_read) && stop.cpu.rax == MARK)
		return finding_yes(finding);
	return finding_quirk(finding, "no-slot-256", "it is never there; avoided, vmm leaves it empty");
}
