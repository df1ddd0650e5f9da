/* SPDX-License-Identifier: MIT */
/* Loops for ever in ring 0 with interrupts off. Expected: only the timeout ends it, and the line says so. */
#include "hostile.h"

start:
	cli
1:	jmp	1b
