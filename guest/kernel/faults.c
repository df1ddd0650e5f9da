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

/* The program's own fault; a handler of it sees what the CPU said. */
static void fault_signal(const struct trap_frame *frame, uint32_t vector, int signal, int code, uint64_t address)
{
	struct thread *thread = current();

	thread->fault_vector = vector;
	thread->fault_error = frame->error;
	if (vector == VECTOR_PF)
		thread->fault_address = address;
	signal_fault(signal, code, address);
}

/* A fault in ring 0 is allowed only where user memory is touched: there, ring 0 acts for the process. */
void page_fault(struct trap_frame *frame, uint64_t address)
{
	uint64_t error = frame->error;
	uint64_t fixup = 0;
	enum fault_result result;

	if (!(error & PF_U) && from_user(frame)) { /* by the CPU itself, which looked up a descriptor, perhaps */
		fault_signal(frame, VECTOR_PF, SIGSEGV, SEGV_MAPERR, address);
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
	if (result == FAULT_NO_MEMORY) {
		current_process()->no_memory = true;
		signal_send(current_process(), SIGKILL);
	} else if (fixup == 0) {
		fault_signal(frame, VECTOR_PF, result == FAULT_PAST_FILE ? SIGBUS : SIGSEGV,
			     result == FAULT_PAST_FILE   ? BUS_ADRERR
			     : result == FAULT_NO_REGION ? SEGV_MAPERR
							 : SEGV_ACCERR,
			     address);
	}
	if (fixup != 0)
		frame->rip = fixup;
}

/* Linux's answers to exceptions of ring 3. */
struct answer {
	int signal, code;
	bool address; /* the handler is told the instruction's */
};

static struct answer answer_to(uint32_t vector)
{
	switch (vector) {
	case VECTOR_DE:
		return (struct answer){SIGFPE, FPE_INTDIV, true};
	case VECTOR_MF:
	case VECTOR_XM:
		return (struct answer){SIGFPE, SI_KERNEL, false};
	case VECTOR_DB:
		return (struct answer){SIGTRAP, TRAP_TRACE, true};
	case VECTOR_BP:
		return (struct answer){SIGTRAP, SI_KERNEL, false};
	case VECTOR_UD:
		return (struct answer){SIGILL, ILL_ILLOPN, true};
	case VECTOR_NP:
	case VECTOR_SS:
		return (struct answer){SIGBUS, SI_KERNEL, false};
	case VECTOR_AC:
		return (struct answer){SIGBUS, 1 /* BUS_ADRALN */, false};
	default:
		return (struct answer){SIGSEGV, SI_KERNEL, false};
	}
}

void exception(struct trap_frame *frame, uint32_t vector)
{
	struct answer answer = answer_to(vector);

	if (!from_user(frame) || vector == VECTOR_MC)
		panic_fault(frame, vector);
	fault_signal(frame, vector, answer.signal, answer.code, answer.address ? frame->rip : 0);
}

void double_fault(struct trap_frame *frame, uint32_t vector)
{
	panic_fault(frame, vector);
}
