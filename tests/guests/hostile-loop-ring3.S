/* SPDX-License-Identifier: MIT */
/* Loops for ever in ring 3, where nothing interrupts it. Expected: only the timeout ends it, and the line says ring 3. */
#include "hostile.h"

start:
	enter_ring3

	.section .user.text, "ax", @progbits
user_main:
	jmp	user_main

	.section .user.data, "aw", @progbits
	.skip	64
user_stack_top:
