/* SPDX-License-Identifier: MIT */
/* A stand-in of no site. Expected: the image is refused, with any method. */
#include "hostile.h"

start:
	finish	0
	vmm_stand_in VMM_PORT_IRET, start
