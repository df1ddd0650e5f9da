/* SPDX-License-Identifier: MIT */
/*
 * main.c: from the VMM's hand-over to the first instruction of ring 3. Much is ready when we start: tables, segments,
 * gates, the program in memory, its entry in the process table, the FPU (abi.h); and what is not needed at once is left
 * until it is. Where ring 0 is interpreted, each instruction here is two microseconds that every program waits.
 */
#include "apic.h"
#include "boot_info.h"
#include "clock.h"
#include "lock.h"
#include "panic.h"
#include "process.h"

_Static_assert(offsetof(struct vmm_boot_info, user_rsp) == BOOT_INFO_USER_RSP, "offsets.h");

uint64_t kernel_main(const struct vmm_boot_info *info);
extern const uint64_t linked_user_entry; /* boot.S */

/* Returns where ring 3 begins. */
uint64_t kernel_main(const struct vmm_boot_info *info)
{
	uint64_t entry = info->user_entry != 0 ? info->user_entry : linked_user_entry;

	if (info->version != VMM_ABI_VERSION)
		panic("this VMM speaks another version of the ABI");
	if (entry == 0)
		panic("there is no user program");
	process_start_first(info->user_cr3);
	if (info->cpus > 1)
		lock_is_needed();
	apic_start();
	clock_start();
	return entry;
}
