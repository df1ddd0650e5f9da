/* SPDX-License-Identifier: MIT */
/*
 * quirks.h: what a software KVM's CPU does instead of `syscall` and `int n` (see docs/hosts.md). Recognised by the same
 * signs as in the guest kernel, so that both agree on what happened; for kernels that know nothing of it, the VMM
 * finishes the transition as a real CPU would have.
 */
#ifndef VMM_RUN_QUIRKS_H
#define VMM_RUN_QUIRKS_H

#include <stdbool.h>

#include "machine/cpu_state.h"
#include "machine/guest_ram.h"
#include "sites.h"
#include "tracer.h"

/* The frame that the CPU pushed, read from guest memory. */
struct pushed_frame {
	gva_t address;
	uint32_t error;
	struct x86_interrupt_frame frame;
};

/* Is this #PF really a `syscall`? rcx and r11 are then as `syscall` leaves them. */
bool quirk_is_syscall(const struct site_table *sites, const struct guest_ram *ram, const struct cpu_state *state,
		      const struct pushed_frame *pushed);

/* Is this #UD really an `int n`? Gives n. */
bool quirk_is_int(const struct site_table *sites, const struct guest_ram *ram, const struct cpu_state *state,
		  const struct pushed_frame *pushed, unsigned *vector);

/* Go on at the system-call entry, as after `syscall`. */
void quirk_complete_syscall(const struct site_table *sites, const struct cpu_state *state,
			    const struct pushed_frame *pushed, struct completion *completion);

/* Go on at the gate of `vector`, with the frame that `int n` pushes. False: it has no gate for ring 3. */
bool quirk_complete_int(const struct site_table *sites, struct guest_ram *ram, const struct cpu_state *state,
			const struct pushed_frame *pushed, unsigned vector, struct completion *completion);

#endif
