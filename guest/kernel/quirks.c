/* SPDX-License-Identifier: MIT */
/* quirks.c: the part of quirks.S that is easier in C. */
#include "linux/signal.h"
#include "trap.h"
#include "user_memory.h"

#define OPCODE_INT 0xcd

bool quirk_invalid_opcode(struct trap_frame *frame);

/* True: the instruction is `int 0x80`, and the frame now looks as if it had worked. Else the exception has been dealt
   with: `int n` through a gate that ring 3 may not use is a #GP (AMD APM vol. 3, "INT"), the rest is a #UD. */
bool quirk_invalid_opcode(struct trap_frame *frame)
{
	uint8_t code[2];

	if (!from_user(frame) || copy_from_user(code, frame->rip, sizeof(code)) != 0 || code[0] != OPCODE_INT) {
		exception(frame, VECTOR_UD);
		return false;
	}
	if (code[1] == 0x80) {
		frame->rip += sizeof(code);
		frame->error = frame->rax;
		return true;
	}
	frame->error = (uint64_t)code[1] * 8 + 2;
	exception(frame, VECTOR_GP);
	return false;
}
