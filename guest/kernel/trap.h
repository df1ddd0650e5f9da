/* SPDX-License-Identifier: MIT */
/*
 * trap.h: what a trap leaves on the kernel stack, and who handles it.
 */
#ifndef KERNEL_TRAP_H
#define KERNEL_TRAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "offsets.h"
#include "x86.h"

/*
 * All registers of the interrupted program, lowest address first. The CPU (or the system-call entry, in its place)
 * pushes the last five, and for some exceptions the error code; traps.S pushes the rest. For a trap from ring 3 the
 * frame ends at the top of the thread's kernel stack.
 */
struct trap_frame {
	uint64_t r15, r14, r13, r12, rbp, rbx; /* a C function gives these back as it found them */
	uint64_t r11, r10, r9, r8, rcx, rdx, rsi, rdi, rax;
	uint64_t error; /* of an exception; the number, for a system call */
	uint64_t rip, cs, rflags, rsp, ss;
};
_Static_assert(offsetof(struct trap_frame, rbx) == FRAME_RBX && offsetof(struct trap_frame, r11) == FRAME_R11 &&
		       offsetof(struct trap_frame, r10) == FRAME_R10 && offsetof(struct trap_frame, r9) == FRAME_R9 &&
		       offsetof(struct trap_frame, r8) == FRAME_R8 && offsetof(struct trap_frame, rcx) == FRAME_RCX &&
		       offsetof(struct trap_frame, rdx) == FRAME_RDX && offsetof(struct trap_frame, rsi) == FRAME_RSI &&
		       offsetof(struct trap_frame, rdi) == FRAME_RDI && offsetof(struct trap_frame, rax) == FRAME_RAX &&
		       offsetof(struct trap_frame, error) == FRAME_ERROR &&
		       offsetof(struct trap_frame, rip) == FRAME_RIP && offsetof(struct trap_frame, cs) == FRAME_CS &&
		       offsetof(struct trap_frame, rflags) == FRAME_RFLAGS &&
		       offsetof(struct trap_frame, rsp) == FRAME_RSP && sizeof(struct trap_frame) == FRAME_SIZE,
	       "offsets.h");

static inline bool from_user(const struct trap_frame *frame)
{
	return frame->cs & 3;
}

/* Called by the stubs of traps.S with the interrupted program's frame; returning goes back to that program. */
void page_fault(struct trap_frame *frame, uint64_t address);
void exception(struct trap_frame *frame, uint32_t vector);
void timer_interrupt(struct trap_frame *frame);
void host_interrupt(struct trap_frame *frame); /* VMM_VECTOR_HOST */
void call_interrupt(struct trap_frame *frame); /* by another CPU */
_Noreturn void double_fault(struct trap_frame *frame, uint32_t vector);

/* On the way back to ring 3, when thread->work is not zero. */
void return_work(struct trap_frame *frame);

/* Where the first return of a new thread begins: its trap frame lies at rsp. */
void return_from_fork(void);

#endif
