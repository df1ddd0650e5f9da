/* SPDX-License-Identifier: MIT */
/*
 * switch.h: the change of kernel stacks (switch.S).
 */
#ifndef KERNEL_SWITCH_H
#define KERNEL_SWITCH_H

#include "thread.h"

/* Saves the registers that C keeps on the current stack and its rsp; goes on with those of the other stack. */
void switch_stacks(uint64_t *save_rsp, uint64_t load_rsp);

/* What switch_stacks finds when the thread runs for the first time: `begin` is what it returns to. */
static inline void prepare_switch(struct thread *thread, void *below, void (*begin)(void))
{
	struct switch_frame {
		uint64_t r15, r14, r13, r12, rbp, rbx;
		void (*rip)(void);
	} *frame = (struct switch_frame *)below - 1;

	frame->rbp = 0; /* the end of the chain of frames; the other registers mean nothing */
	frame->rip = begin;
	thread->switch_rsp = (uint64_t)frame;
}

#endif
