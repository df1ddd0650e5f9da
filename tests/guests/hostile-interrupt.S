/* SPDX-License-Identifier: MIT */
/* int3 and int 0x80 in ring 0, without gates. Expected: status 126 with a reason: a triple fault, or an instruction that this KVM cannot emulate. */
#include "hostile.h"

start:
	int	$0x80
	int3
	finish	1
