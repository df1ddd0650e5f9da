/* SPDX-License-Identifier: MIT */
/* The record of vmm_cpu_entry names data. Expected: the image is refused. */
#include "hostile.h"

start:
	finish	0
	vmm_cpu_entry data

	.data
data:	.quad	0
