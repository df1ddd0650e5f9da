/* SPDX-License-Identifier: MIT */
/* Every CPU loops in ring 0 with interrupts off. Expected: the timeout and signals end all of them at once. */
#include "hostile.h"

start:
1:	jmp	1b
	vmm_cpu_entry 1b
