/* SPDX-License-Identifier: MIT */
/*
 * proof_code.h: the code that makes one access, in two pages that are copied beside the guest: one for ring 0, one for
 * ring 3. For C and for assembly. rdi and rbp hold the address, al the byte to write; dx a port that nobody else uses.
 *
 * Each gate leads to a stub of 4 bytes that does `outb` to the port of its vector. The end of ring-0 code is a 4-byte
 * `outl`, that of ring-3 code, which may use no port, `ud2`.
 */
#ifndef VMM_PROOF_PROOF_CODE_H
#define VMM_PROOF_PROOF_CODE_H

#define PROOF_STUB_SIZE 4
#define PROOF_PORT_DONE 1 /* 4 bytes wide, where a vector's is 1 */

#ifndef __ASSEMBLER__

#include <stdint.h>

/* All of these are labels, not objects: only their addresses mean something. */
extern const uint8_t proof_kernel_code[], proof_kernel_code_end[], proof_user_code[], proof_user_code_end[];
extern const uint8_t proof_enter_ring3[];

/* read, write, jump, read through rbp, write through rbp; the end is where both of them go on */
extern const uint8_t proof_read[], proof_write[], proof_jump[], proof_stack_read[], proof_stack_write[], proof_end[];
extern const uint8_t proof_user_read[], proof_user_write[], proof_user_jump[], proof_user_stack_read[],
	proof_user_stack_write[], proof_user_end[];

#endif
#endif
