/* SPDX-License-Identifier: MIT */
/*
 * probes.h: the table of probes. Each row claims something about this host; its function runs small guests that show
 * whether the claim holds. To add one: code in probes.S, a function (or a row of an existing one's), a row in
 * probe_table.c.
 */
#ifndef VMM_DOCTOR_PROBES_H
#define VMM_DOCTOR_PROBES_H

#include <stdbool.h>
#include <stddef.h>

#include "finding.h"
#include "probe_guest.h"

/* One guest run, and how it has to stop. */
struct probe_case {
	struct probe_start start;
	struct cpuid_bit needs; /* leaf 0: nothing; otherwise what the host must offer for this to be tried */
	const uint8_t *end;     /* ring-3 code: the label of its `ud2`; NULL: ring-0 code that ends in `done` */
	bool check_rax;
	uint64_t rax;      /* what it must be then */
	const char *wrong; /* the name of the quirk if it is not; NULL: that is a plain "no" */
};

struct probe {
	const char *heading; /* the same in rows that stand together */
	const char *claim;
	bool needed; /* without it no guest runs */
	/* Called with a guest that has not run yet, in a process of its own. True: finding_ok() was called. */
	bool (*run)(struct probe_guest *guest, const void *argument, struct finding *finding);
	const void *argument;
	const char *without; /* what follows from "no"; NULL: nothing to say */
};

extern const struct probe probes[];
extern const size_t probe_count;

/* The stop was not what the claim needs: "no", and what happened instead. Returns false. */
bool probe_unexpected(struct finding *finding, const struct probe_stop *stop);

bool probe_starts(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_out_exits(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_mmio(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_iretq(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_sysretq(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_syscall(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_int_n(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_int_closed(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_breakpoint(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_privileged(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_triple_fault(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_stops_ring3(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_stops_ring0(struct probe_guest *guest, const void *unused, struct finding *finding);

bool probe_page_faults(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_nx(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_wp(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_smep(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_smap(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_umip(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_large_page(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_huge_page(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_accessed_dirty(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_guest_edit(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_host_edit(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_slot_256(struct probe_guest *guest, const void *unused, struct finding *finding);

bool probe_timer_interrupt(struct probe_guest *guest, const void *code, struct finding *finding);
bool probe_hlt_wakes(struct probe_guest *guest, const void *unused, struct finding *finding);

bool probe_instruction(struct probe_guest *guest, const void *probe_case, struct finding *finding);
bool probe_avx_state(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_cpuid_masked(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_int3_ring0(struct probe_guest *guest, const void *unused, struct finding *finding);

bool probe_step_ring0(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_step_ring3(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_hardware_break_ring0(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_hardware_break_ring3(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_watchpoint(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_software_break_ring0(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_software_break_ring3(struct probe_guest *guest, const void *unused, struct finding *finding);

bool probe_exit_cost(struct probe_guest *guest, const void *unused, struct finding *finding);
bool probe_ring0_speed(struct probe_guest *guest, const void *unused, struct finding *finding);

#endif
