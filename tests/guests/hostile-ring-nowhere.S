/* SPDX-License-Identifier: MIT */
/* A struct vmm_rings whose cursor lies in code. Expected: with method `ring` it is refused before the start. */
#include "hostile.h"
#include "ring.h"

start:
	finish	0
	vmm_iret
	vmm_rings rings

	.data
	.balign	8
rings:	.quad	start, 8, 1, 0, 0
