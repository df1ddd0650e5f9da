/* SPDX-License-Identifier: MIT */
/* guest.S: the ELF file of the program that --calibrate runs (guest/user/calibrate.c), so that vmm is one file. */
	.section .rodata
	.balign	16
	.globl	calibrate_guest, calibrate_guest_size
calibrate_guest:
	.incbin CALIBRATE_GUEST
1:	.balign	8
calibrate_guest_size:
	.quad	1b - calibrate_guest
	.section .note.GNU-stack, "", @progbits
