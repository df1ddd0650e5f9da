/* SPDX-License-Identifier: MIT */
/* Halts with interrupts off: nothing can wake it. Expected: seen without a timeout, status 126. */
#include "hostile.h"

start:
	cli
1:	hlt
	jmp	1b
