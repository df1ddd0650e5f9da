/* SPDX-License-Identifier: MIT */
/* Two records of vmm_cpu_entry. Expected: the image is refused. */
#include "hostile.h"

start:
	finish	0
	vmm_cpu_entry start
	vmm_cpu_entry start
