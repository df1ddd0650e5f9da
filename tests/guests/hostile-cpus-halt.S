/* SPDX-License-Identifier: MIT */
/* CPU 0 halts with interrupts on, the others with interrupts off; nobody has a timer. Expected: as hostile-halt-no-timer. */
#include "hostile.h"

start:
	sti
other:
1:	hlt
	jmp	1b
	vmm_cpu_entry other
