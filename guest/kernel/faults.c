/* SPDX-License-Identifier: MIT */
/*
 * faults.c: what becomes of an exception: a page is brought in, a process gets a signal, or the kernel gives up.
 */
#include "cpu.h"
#include "linux/signal.h"
#include "panic.h"
#include "process.h"
#include "space.h"
#include "trap.h"
#include "user_memory.h"

/* A fault in ring 0 is allowed only where user memory is touched: there, ring 0 acts for the process. */
void page_fault(struct trap_frame *frame, uint64_t address)
{
	uint64_t error = frame->error;
	uint64_t fixup = 0;
	enum fault_result result;

	if (!(error & PF_U) && from_user(frame)) { /* by the CPU itself, which looked up a descriptor, perhaps */
		signal_fault(SIGSEGV);
		return;
	}
	if (!(error & PF_U)) {
		fixup = user_fixup(frame->rip);
		if (fixup == 0)
			panic_fault(frame, VECTOR_PF);
	}
	result = space_fault(current_space(), address, error);
	if (result == FAULT_RESOLVED)
		return;
	if (result == FAULT_NO_MEMORY)
		signal_send(current(), SIGKILL);
	else if (fixup == 0)
		signal_fault(SIGSEGV);
	if (fixup != 0)
		frame->rip = fixup;
}

/* Linux's answers to exceptions of ring 3. */
static int signal_of(uint32_t vector)
{
	switch (vector) {
	case VECTOR_DE:
	case VECTOR_MF:
	case VECTOR_XM:
		return SIGFPE;
	case VECTOR_DB:
	case VECTOR_BP:
		return SIGTRAP;
	case VECTOR_UD:
		return SIGILL;
	case VECTOR_NP:
	case VECTOR_SS:
	case VECTOR_AC:
		return SIGBUS;
	default:
		return SIGSEGV;
	}
}

void exception(struct trap_frame *frame, uint32_t vector)
{
	if (!from_user(frame) || vector == VECTOR_MC)
		panic_fault(frame, vector);
	signal_fault(signal_of(vector));
}

void double_fault(struct trap_frame *frame, uint32_t vector)
{
	panic_fault(frame, vector);
}
