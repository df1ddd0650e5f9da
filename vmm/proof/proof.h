/* SPDX-License-Identifier: MIT */
/*
 * proof.h: makes an access for real, in a copy of a guest: a process of its own (fork) has the guest's memory as it is
 * at that moment, and makes a virtual machine with it. There the guest's own tables are in force below a copy of the
 * root, which has two entries more: for the code that makes the access, and for the handler that sees what came of it.
 * Nothing of the guest runs, and the guest itself notices nothing.
 */
#ifndef VMM_PROOF_PROOF_H
#define VMM_PROOF_PROOF_H

#include <stdbool.h>
#include <stdint.h>

#include "machine/cpu_state.h"
#include "machine/error.h"
#include "machine/guest_ram.h"
#include "machine/kvm.h"
#include "run/access.h"

#define PROOF_TEXT 160

enum proof_outcome {
	PROOF_FAULT, /* an exception: vector, error and, for #PF, cr2 */
	PROOF_DONE,  /* the access went through */
	PROOF_ODD,   /* something else: `text` says what */
};

struct proof {
	enum proof_outcome outcome;
	unsigned vector;
	uint32_t error;
	uint64_t cr2;
	char text[PROOF_TEXT];
};

struct proof_request {
	const struct kvm *kvm; /* opened; only its device is used */
	struct guest_ram *ram;
	const struct cpu_state *state; /* CR0, CR3, CR4 and EFER of the moment */
	const struct access *access;
	const struct walk *walk; /* of the address, through those tables */
};

/* Makes the access. A fetch finds an `out` in place of the byte that is there, so that no instruction of the guest
   runs. False: it could not be tried; the error line says why. */
bool proof_make(const struct proof_request *request, struct proof *proof, struct vmm_error *error);

#endif
