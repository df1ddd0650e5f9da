/* SPDX-License-Identifier: MIT */
/* Halts with interrupts on, but without any timer or device to wake it. Expected: as hostile-halt, with that reason. */
#include "hostile.h"

start:
	sti
1:	hlt
	jmp	1b
