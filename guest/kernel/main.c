/* SPDX-License-Identifier: MIT */
/*
 * main.c: from the VMM's hand-over to the first instruction of ring 3. Much is ready when we start: tables, segments,
 * gates, the program in memory (abi.h); and what is not needed at once is left until it is.
 */
#include "abi.h"
#include "clock.h"
#include "frames.h"
#include "page_table.h"
#include "panic.h"
#include "process.h"
#include "trap.h"

_Noreturn void kernel_main(const struct vmm_boot_info *boot);
extern const uint64_t linked_user_entry; /* boot.S */

void kernel_main(const struct vmm_boot_info *boot)
{
	uint64_t entry = boot->user_entry != 0 ? boot->user_entry : linked_user_entry;

	if (boot->magic != VMM_BOOT_MAGIC || boot->version != VMM_ABI_VERSION)
		panic("this VMM speaks another version of the ABI");
	if (entry == 0 || boot->user_rsp == 0)
		panic("there is no user program");
	frames_start(boot);
	page_table_start(boot->kernel_cr3);
	process_start_first(boot); /* address space, FPU, kernel stack: now there is a current process */
	clock_start(boot);
	enter_user(entry, boot->user_rsp);
}
