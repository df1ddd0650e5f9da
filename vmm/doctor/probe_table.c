/* SPDX-License-Identifier: MIT */
/* probe_table.c: what the doctor looks at, in the order in which it reports. */
#include "probes.h"

#define START        "Start and exits"
#define CROSSINGS    "Crossings between ring 3 and ring 0"
#define MEMORY       "Memory and protection"
#define INTERRUPTS   "Interrupts"
#define INSTRUCTIONS "Instructions"
#define DEBUG        "Guest debug (for --method watch)"
#define SPEED        "Speed"

/* Intel SDM vol. 2, "CPUID"; AMD APM vol. 3, appendix E */
#define FEATURE_XSAVE  1, CPUID_ECX, 26
#define FEATURE_POPCNT 1, CPUID_ECX, 23
#define FEATURE_SMAP   7, CPUID_EBX, 20
#define FEATURE_BMI1   7, CPUID_EBX, 3
#define FEATURE_LZCNT  0x80000001, CPUID_ECX, 5
#define FEATURE_RDTSCP 0x80000001, CPUID_EDX, 27

#define USES_GENERAL_REGISTERS "a kernel has to be built with -mgeneral-regs-only, as ours is"
#define USES_PLAIN_X86_64      "a kernel has to be built for plain x86-64, as ours is"
#define USES_POPFQ             "a kernel has to set and clear RFLAGS.AC by popfq, as ours does"

static const struct probe_case stac = {
	.start = {.code = probe_stac, .cr4 = CR4_SMAP},
	.needs = {FEATURE_SMAP},
	.check_rax = true,
	.rax = 1,
};
static const struct probe_case clac = {
	.start = {.code = probe_clac, .cr4 = CR4_SMAP},
	.needs = {FEATURE_SMAP},
	.check_rax = true,
	.rax = 0,
};
static const struct probe_case fxsave = {
	.start = {.code = probe_fxsave, .rdi = PROBE_KERNEL_DATA},
	.check_rax = true,
	.rax = 0x1f80,
};
static const struct probe_case xsave = {
	.start = {.code = probe_xsave, .rdi = PROBE_KERNEL_DATA, .cr4 = CR4_OSXSAVE},
	.needs = {FEATURE_XSAVE},
};
static const struct probe_case sse = {.start = {.code = probe_sse}, .check_rax = true, .rax = 0x40000000};
static const struct probe_case lzcnt = {
	.start = {.code = probe_lzcnt},
	.needs = {FEATURE_LZCNT},
	.check_rax = true,
	.rax = 16,
	.wrong = "lzcnt-is-bsr",
};
static const struct probe_case tzcnt = {
	.start = {.code = probe_tzcnt},
	.needs = {FEATURE_BMI1},
	.check_rax = true,
	.rax = 32,
	.wrong = "tzcnt-is-bsf",
};
static const struct probe_case popcnt = {
	.start = {.code = probe_popcnt},
	.needs = {FEATURE_POPCNT},
	.check_rax = true,
	.rax = 3,
};
static const struct probe_case rdtscp0 = {.start = {.code = probe_rdtscp0}, .needs = {FEATURE_RDTSCP}};
static const struct probe_case rdtscp3 = {
	.start = {.code = probe_user_rdtscp},
	.needs = {FEATURE_RDTSCP},
	.end = probe_user_after_rdtscp,
};

#define NEEDED true
#define USEFUL false

const struct probe probes[] = {
	{START, "starts directly in 64-bit mode", NEEDED, probe_starts, NULL, NULL},
	{START, "`out` is an exit", NEEDED, probe_out_exits, NULL, NULL},
	{START, "access beyond RAM is an exit (MMIO)", USEFUL, probe_mmio, NULL, NULL},
	{START, "triple fault is an exit (SHUTDOWN)", USEFUL, probe_triple_fault, NULL, NULL},
	{START, "a loop in ring 3 can be stopped", NEEDED, probe_stops_ring3, NULL, NULL},
	{START, "a loop with interrupts off can, too", USEFUL, probe_stops_ring0, NULL,
	 "--timeout cannot end such a guest here"},

	{CROSSINGS, "iretq enters ring 3", NEEDED, probe_iretq, NULL, NULL},
	{CROSSINGS, "sysretq enters ring 3", NEEDED, probe_sysretq, NULL, NULL},
	{CROSSINGS, "syscall enters ring 0", NEEDED, probe_syscall, NULL, NULL},
	{CROSSINGS, "int 0x80 enters its gate", NEEDED, probe_int_n, NULL, NULL},
	{CROSSINGS, "int n through a closed gate: #GP", USEFUL, probe_int_closed, NULL, NULL},
	{CROSSINGS, "int3 enters its gate", USEFUL, probe_breakpoint, NULL, NULL},
	{CROSSINGS, "cli and out are refused in ring 3", NEEDED, probe_privileged, NULL, NULL},

	{MEMORY, "page fault: error code, CR2 exact", NEEDED, probe_page_faults, NULL, NULL},
	{MEMORY, "NX stops execution of data", NEEDED, probe_nx, NULL, NULL},
	{MEMORY, "CR0.WP stops ring 0's writes", NEEDED, probe_wp, NULL, NULL},
	{MEMORY, "SMEP stops ring 0 in user code", USEFUL, probe_smep, NULL, "guests run without SMEP"},
	{MEMORY, "SMAP stops ring 0 on user data", USEFUL, probe_smap, NULL, "guests run without SMAP"},
	{MEMORY, "UMIP stops sgdt in ring 3", USEFUL, probe_umip, NULL, "guests run without UMIP"},
	{MEMORY, "2 MiB pages", NEEDED, probe_large_page, NULL, NULL},
	{MEMORY, "1 GiB pages", USEFUL, probe_huge_page, NULL, "vmm does not use them"},
	{MEMORY, "accessed and dirty bits are set", USEFUL, probe_accessed_dirty, NULL, NULL},
	{MEMORY, "the guest's edits of tables count", NEEDED, probe_guest_edit, NULL, NULL},
	{MEMORY, "the host's edits of tables count", USEFUL, probe_host_edit, NULL, NULL},
	{MEMORY, "top-level slot 256 serves ring 3", USEFUL, probe_slot_256, NULL, NULL},

	{INTERRUPTS, "x2APIC timer interrupts ring 0", NEEDED, probe_timer_interrupt, probe_wait0, NULL},
	{INTERRUPTS, "x2APIC timer interrupts ring 3", NEEDED, probe_timer_interrupt, probe_user_loop, NULL},
	{INTERRUPTS, "hlt wakes up on it", NEEDED, probe_hlt_wakes, NULL, NULL},

	{INSTRUCTIONS, "stac in ring 0", USEFUL, probe_instruction, &stac, USES_POPFQ},
	{INSTRUCTIONS, "clac in ring 0", USEFUL, probe_instruction, &clac, USES_POPFQ},
	{INSTRUCTIONS, "int3 and int n in ring 0", USEFUL, probe_int3_ring0, NULL,
	 "a kernel must not use them on itself; ours does not"},
	{INSTRUCTIONS, "fxsave in ring 0", USEFUL, probe_instruction, &fxsave, NULL},
	{INSTRUCTIONS, "xsave in ring 0", USEFUL, probe_instruction, &xsave,
	 "a kernel has to use fxsave, or hypercall fpu, as ours does"},
	{INSTRUCTIONS, "SSE arithmetic in ring 0", USEFUL, probe_instruction, &sse, USES_GENERAL_REGISTERS},
	{INSTRUCTIONS, "popcnt in ring 0", USEFUL, probe_instruction, &popcnt, USES_PLAIN_X86_64},
	{INSTRUCTIONS, "lzcnt in ring 0", USEFUL, probe_instruction, &lzcnt, USES_PLAIN_X86_64},
	{INSTRUCTIONS, "tzcnt in ring 0", USEFUL, probe_instruction, &tzcnt, USES_PLAIN_X86_64},
	{INSTRUCTIONS, "rdtscp in ring 0", USEFUL, probe_instruction, &rdtscp0, NULL},
	{INSTRUCTIONS, "rdtscp in ring 3", USEFUL, probe_instruction, &rdtscp3, NULL},
	{INSTRUCTIONS, "KVM carries ring 3's AVX state", USEFUL, probe_avx_state, NULL,
	 "programs that use AVX lose it when the kernel switches between them"},
	{INSTRUCTIONS, "cpuid in ring 3 gives what vmm set", USEFUL, probe_cpuid_masked, NULL, NULL},

	{DEBUG, "single step in ring 0", USEFUL, probe_step_ring0, NULL, NULL},
	{DEBUG, "single step in ring 3", USEFUL, probe_step_ring3, NULL, NULL},
	{DEBUG, "hardware breakpoint in ring 0", USEFUL, probe_hardware_break_ring0, NULL, NULL},
	{DEBUG, "hardware breakpoint in ring 3", USEFUL, probe_hardware_break_ring3, NULL, NULL},
	{DEBUG, "watchpoint on a write of ring 3", USEFUL, probe_watchpoint, NULL, NULL},
	{DEBUG, "software breakpoint in ring 0", USEFUL, probe_software_break_ring0, NULL, NULL},
	{DEBUG, "software breakpoint in ring 3", USEFUL, probe_software_break_ring3, NULL, NULL},

	{SPEED, "one exit and back", USEFUL, probe_exit_cost, NULL, NULL},
	{SPEED, "ring 0 is as fast as ring 3", USEFUL, probe_ring0_speed, NULL, NULL},
};

const size_t probe_count = sizeof(probes) / sizeof(probes[0]);
