/* SPDX-License-Identifier: MIT */
/* access.c: the page-protection checks, in the CPU's order. */
#include "access.h"

#include <inttypes.h>
#include <stdio.h>

/* AMD APM vol. 2, "CR4 Register": protection keys and shadow stacks add rules of their own. */
#define CR4_PKE (UINT64_C(1) << 22)
#define CR4_CET (UINT64_C(1) << 23)
#define CR4_PKS (UINT64_C(1) << 24)

const char *access_unknown_paging(const struct cpu_state *state)
{
	if (!(state->cr0 & CR0_PG) || !(state->efer & EFER_LMA))
		return "paging or long mode is off";
	if (state->cr4 & CR4_LA57)
		return "five-level paging is on (CR4.LA57)";
	if (state->cr4 & (CR4_PKE | CR4_PKS))
		return "protection keys are on (CR4.PKE or CR4.PKS)";
	if (state->cr4 & CR4_CET)
		return "control-flow enforcement is on (CR4.CET)";
	return NULL;
}

static const char *who(const struct access *access)
{
	return access->ring == 3 ? "user" : "kernel";
}

static const char *what(const struct access *access)
{
	return access->operation == ACCESS_READ    ? "read of"
	       : access->operation == ACCESS_WRITE ? "write to"
						   : "fetch from";
}

/* The bits of the error code that say what was tried. */
static uint32_t attempt(const struct access *access, const struct cpu_state *state)
{
	bool fetch = access->operation == ACCESS_EXECUTE;
	bool tells_fetch = (state->efer & EFER_NXE) || (state->cr4 & CR4_SMEP);

	return (access->ring == 3 ? PF_U : 0) | (access->operation == ACCESS_WRITE ? PF_W : 0) |
	       (fetch && tells_fetch ? PF_I : 0);
}

/* Do the rights, of all levels together, forbid it? */
static bool is_denied(const struct access *access, const struct cpu_state *state, const struct walk *walk)
{
	bool fetch = access->operation == ACCESS_EXECUTE, write = access->operation == ACCESS_WRITE;

	if (fetch && !walk->executable)
		return true;
	if (access->ring == 3)
		return !walk->user || (write && !walk->writable);
	if (write && !walk->writable && (state->cr0 & CR0_WP))
		return true;
	return walk->user && (state->cr4 & (fetch ? CR4_SMEP : CR4_SMAP));
}

/* Why nothing forbids it. */
static void explain_allowed(const struct access *access, struct prediction *out)
{
	const struct walk *walk = &out->walk;
	bool fetch = access->operation == ACCESS_EXECUTE, write = access->operation == ACCESS_WRITE;
	const char *right = write && walk->writable ? ", W=1" : fetch ? ", NX=0" : "";
	const char *rule = write && !walk->writable           ? "; W=0 binds ring 3 only (CR0.WP=0)"
			   : access->ring == 3 || !walk->user ? ""
			   : fetch                            ? "; a user page, but CR4.SMEP=0"
							      : "; a user page, but CR4.SMAP=0";

	snprintf(out->why, sizeof(out->why), "%s %s 0x%" PRIx64 ": allowed: P=1%s%s at every level%s", who(access),
		 what(access), access->gva, access->ring == 3 ? ", U=1" : "", right, rule);
}

static void predict_page_fault(const struct guest_ram *ram, const struct cpu_state *state,
			       const struct access_rules *rules, const struct access *access, struct prediction *out)
{
	struct cpu_state then = *state;
	const struct fault fault = {
		.vector = VECTOR_PF,
		.ring = access->ring,
		.has_error = true,
		.error = out->error,
		.format = &rules->format,
		.software_cow = rules->software_cow,
	};

	then.cr2 = access->gva;
	out->faults = true;
	out->vector = VECTOR_PF;
	out->denial = fault_denial(&then, &fault, &out->walk);
	fault_explain(ram, &then, &fault, &out->walk, out->why, sizeof(out->why));
}

static void predict_not_canonical(const struct access *access, struct prediction *out)
{
	out->faults = true;
	out->vector = access->stack && access->operation != ACCESS_EXECUTE ? VECTOR_SS : VECTOR_GP;
	out->error = 0;
	snprintf(out->why, sizeof(out->why),
		 "%s %s 0x%" PRIx64 ": the address is not canonical; no table is asked, so it is %s and not #PF",
		 who(access), what(access), access->gva,
		 out->vector == VECTOR_SS ? "#SS (by the stack's segment)" : "#GP");
}

void access_predict(const struct guest_ram *ram, const struct cpu_state *state, const struct access_rules *rules,
		    const struct access *access, struct prediction *out)
{
	uint64_t bits;

	*out = (struct prediction){.known = true, .denial.depth = -1, .error = attempt(access, state)};
	walk_address(ram, state->cr3, access->gva, &out->walk);
	if (!out->walk.canonical) {
		predict_not_canonical(access, out);
	} else if (walk_reserved(&out->walk, &rules->format, &bits) >= 0) {
		out->error |= PF_P | PF_RSVD;
		predict_page_fault(ram, state, rules, access, out);
	} else if (out->walk.outside) {
		out->known = false;
		snprintf(out->why, sizeof(out->why),
			 "the tables lead outside the guest's memory; what comes then is this KVM's choice");
	} else if (!out->walk.present) {
		predict_page_fault(ram, state, rules, access, out);
	} else if (is_denied(access, state, &out->walk)) {
		out->error |= PF_P;
		predict_page_fault(ram, state, rules, access, out);
	} else if (access->operation == ACCESS_EXECUTE && gpa_to_hva(ram, out->walk.gpa, 1) == NULL) {
		out->known = false;
		snprintf(out->why, sizeof(out->why),
			 "the tables allow it, but there is no memory at 0x%" PRIx64
			 "; what a fetch from there does is this KVM's choice",
			 out->walk.gpa);
	} else {
		out->error = 0;
		explain_allowed(access, out);
	}
}
