/* SPDX-License-Identifier: MIT */
/* An exception without any gate: #UD, then #DF, then nothing. Expected: status 126, and the line says triple fault. */
#include "hostile.h"

start:
	nop
	ud2
