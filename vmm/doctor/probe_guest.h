/* SPDX-License-Identifier: MIT */
/*
 * probe_guest.h: the smallest guest that can show something: 4 MiB, one CPU, its own tables, two pages of code.
 */
#ifndef VMM_DOCTOR_PROBE_GUEST_H
#define VMM_DOCTOR_PROBE_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "boot/page_tables.h"
#include "machine/cpu_state.h"
#include "machine/guest_ram.h"
#include "machine/kvm.h"
#include "machine/vcpu.h"
#include "probe_code.h"

#define PROBE_LIMIT_NS      UINT64_C(1000000000) /* how long one guest may run */
#define PROBE_CPUID_ENTRIES 128

struct probe_guest {
	struct kvm kvm; /* `device` is somebody else's */
	struct guest_ram ram;
	struct frame_allocator frames;
	struct vcpu vcpu;
	gpa_t root, large_page;
	uint64_t limit_ns;
	struct kvm_cpuid2 *cpuid; /* room for PROBE_CPUID_ENTRIES */
};

/* What the guest starts with. All that is not named is zero. */
struct probe_start {
	const uint8_t *code; /* a label of probes.S; it decides the ring */
	const uint8_t
		*prelude; /* ring-0 code that runs first: probe_timer or probe_sysret. NULL: none, or iretq to ring 3 */
	uint64_t rax, rcx, rsi, rdi;
	uint64_t rflags; /* besides the bit that is always one */
	uint64_t cr4;    /* besides those of every 64-bit guest */
	bool no_idt;     /* every exception is a triple fault */
};

enum probe_stop_kind {
	STOP_VECTOR,  /* an entry through the IDT; number: the vector */
	STOP_MARK,    /* number: PROBE_PORT_* */
	STOP_EXIT,    /* number: another KVM_EXIT_* */
	STOP_LIMIT,   /* the time was over */
	STOP_REFUSED, /* KVM_RUN failed; number: errno */
};

struct probe_stop {
	enum probe_stop_kind kind;
	unsigned number;
	struct cpu_state cpu;
	/* STOP_VECTOR: what the CPU pushed */
	uint32_t error;
	struct x86_interrupt_frame frame;
};

/* Builds the guest in a new VM of the opened `device`. SIGALRM must come from time to time (see sandbox.h). */
bool probe_guest_open(struct probe_guest *guest, const struct kvm *device, struct vmm_error *error);
void probe_guest_close(struct probe_guest *guest);

/* Sets the registers; probe_go() then runs to the next stop, and from there on when it is called again. */
void probe_set(struct probe_guest *guest, const struct probe_start *start);
void probe_go(struct probe_guest *guest, struct probe_stop *stop);
void probe_run(struct probe_guest *guest, const struct probe_start *start, struct probe_stop *stop);

/* The guest's address of a label. */
gva_t probe_address(const uint8_t *label);

/* Did ring-3 code reach the `ud2` at this label? */
bool probe_ended_at(const struct probe_stop *stop, const uint8_t *label);

/* Did ring-0 code reach its end? */
bool probe_done(const struct probe_stop *stop);

/* The stop in words: "#PF, error 0x15, address 0x7000". Returns text. */
const char *probe_words(const struct probe_stop *stop, char *text, size_t size);

uint64_t probe_now_ns(void); /* CLOCK_MONOTONIC */

/* The page-table entry of gva at `level` (1: the last); NULL if the tables do not reach that far. */
uint64_t *probe_entry(struct probe_guest *guest, gva_t gva, unsigned level);

/* Host address of the page that is mapped at gva by a 4 KiB entry. */
void *probe_page(struct probe_guest *guest, gva_t gva);

/* A bit of CPUID, as this KVM offers it to guests. */
struct cpuid_bit {
	uint32_t leaf;
	enum { CPUID_EAX, CPUID_EBX, CPUID_ECX, CPUID_EDX } where;
	unsigned bit;
};
bool probe_offers(const struct probe_guest *guest, const struct cpuid_bit *bit);

#endif
