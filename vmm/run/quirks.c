/* SPDX-License-Identifier: MIT */
/* quirks.c: signs of a transition that the host's CPU left undone, and how to finish it. */
#include "quirks.h"

#include <stddef.h>

#include "walk.h"

#define SITE_SIZE     2
#define SYSCALL_FAULT (PF_P | PF_U | PF_I)

static bool code_is(const struct guest_ram *ram, gpa_t cr3, gva_t where, uint8_t first, uint8_t *second)
{
	uint8_t code[2];

	if (walk_read(ram, cr3, where, code, sizeof(code)) != sizeof(code) || code[0] != first)
		return false;
	*second = code[1];
	return true;
}

bool quirk_is_syscall(const struct site_table *sites, const struct guest_ram *ram, const struct cpu_state *state,
		      const struct pushed_frame *pushed)
{
	const struct site *entry = site_find(sites, VMM_SITE_SYSCALL, 0);
	uint8_t second = 0;

	/* The fetch at LSTAR faulted in ring 3. A wild jump to LSTAR looks the same, but with interrupts on, which
	   FMASK switches off, and without the instruction before rcx. */
	return sites->quirks && entry != NULL && pushed->error == SYSCALL_FAULT && state->cr2 == entry->address &&
	       (pushed->frame.cs & 3) == 3 && pushed->frame.rip == entry->address &&
	       !(pushed->frame.rflags & RFLAGS_IF) && code_is(ram, state->cr3, state->rcx - 2, 0x0f, &second) &&
	       second == 0x05;
}

bool quirk_is_int(const struct site_table *sites, const struct guest_ram *ram, const struct cpu_state *state,
		  const struct pushed_frame *pushed, unsigned *vector)
{
	uint8_t second = 0;

	if (!sites->quirks || (pushed->frame.cs & 3) != 3 ||
	    !code_is(ram, state->cr3, pushed->frame.rip, 0xcd, &second))
		return false;
	*vector = second;
	return true;
}

void quirk_complete_syscall(const struct site_table *sites, const struct cpu_state *state,
			    const struct pushed_frame *pushed, struct completion *completion)
{
	const struct site *entry = site_find(sites, VMM_SITE_SYSCALL, 0);

	*completion = (struct completion){
		.needed = true,
		.rip = entry->address + SITE_SIZE,
		.rsp = pushed->frame.rsp,
		.rflags = (state->r11 & ~FMASK_VALUE) | RFLAGS_RESERVED1,
	};
}

bool quirk_complete_int(const struct site_table *sites, struct guest_ram *ram, const struct cpu_state *state,
			const struct pushed_frame *pushed, unsigned vector, struct completion *completion)
{
	const struct site *gate = site_find(sites, VMM_SITE_ENTRY, vector);
	struct x86_interrupt_frame frame = pushed->frame;

	if (gate == NULL || gate->dpl != 3)
		return false;
	frame.rip += 2;
	frame.rflags &= ~RFLAGS_RF; /* set by the delivery of a fault, not by `int n` */
	if (walk_write(ram, state->cr3, pushed->address, &frame, sizeof(frame)) != sizeof(frame))
		return false;
	*completion = (struct completion){
		.needed = true,
		.rip = gate->address + SITE_SIZE,
		.rsp = state->rsp,
		.rflags = state->rflags,
	};
	return true;
}
