/* SPDX-License-Identifier: MIT */
/*
 * vcpu.h: one virtual CPU. Registers travel in the shared kvm_run page (KVM_CAP_SYNC_REGS): reading and writing them
 * costs no ioctl, so an exit is one KVM_RUN and nothing else.
 */
#ifndef VMM_MACHINE_VCPU_H
#define VMM_MACHINE_VCPU_H

#include <linux/kvm.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cpu_state.h"
#include "error.h"
#include "kvm.h"

struct vcpu {
	int fd;
	unsigned index;
	struct kvm_run *run;
	size_t run_size;
};

/* kvm_create_vm() before. */
bool vcpu_open(struct vcpu *vcpu, const struct kvm *kvm, unsigned index, struct vmm_error *error);
void vcpu_close(struct vcpu *vcpu);

/* What the guest sees when it executes cpuid. Before the registers: KVM checks CR4 and EFER against it. */
bool vcpu_set_cpuid(struct vcpu *vcpu, const struct kvm_cpuid2 *table, struct vmm_error *error);
bool vcpu_set_msrs(struct vcpu *vcpu, const struct kvm_msr_entry *entries, size_t count, struct vmm_error *error);
bool vcpu_get_msr(const struct vcpu *vcpu, uint32_t index, uint64_t *value);

/* Initial state: taken over at the next vcpu_run(). */
void vcpu_set_state(struct vcpu *vcpu, const struct kvm_regs *regs, const struct kvm_sregs *sregs);

/* Enters the guest until its next exit. 0: there is an exit in vcpu->run; otherwise an errno: EINTR (a signal or
   vcpu_kick()), EINVAL (KVM refuses the registers), or something worse. */
int vcpu_run(struct vcpu *vcpu);

/* The registers at the last exit. */
void vcpu_state(const struct vcpu *vcpu, struct cpu_state *state);

/* Change registers before the next vcpu_run(). */
void vcpu_set_rax(struct vcpu *vcpu, uint64_t value);
void vcpu_jump(struct vcpu *vcpu, uint64_t rip, uint64_t rsp, uint64_t rflags);

/* Makes a running or the next vcpu_run() return EINTR. Async-signal-safe. */
void vcpu_kick(struct vcpu *vcpu);

/* A CPU other than the first waits for INIT and SIPI; this one begins at its registers, at the first vcpu_run(). */
bool vcpu_set_runnable(struct vcpu *vcpu, struct vmm_error *error);

/* The state components that XSAVE keeps; after vcpu_set_cpuid(), which must offer them. */
bool vcpu_set_xcr0(struct vcpu *vcpu, uint64_t xcr0, struct vmm_error *error);

/* x87, SSE and AVX state as an XSAVE image (standard format). Between two vcpu_run(), in the CPU's own thread. Return 0
   or an errno; vcpu_set_fpu() with EINVAL: KVM refuses the image. */
int vcpu_get_fpu(const struct vcpu *vcpu, struct kvm_xsave *image);
int vcpu_set_fpu(struct vcpu *vcpu, const struct kvm_xsave *image);

/* TSC frequency in kHz; 0: KVM does not say. */
uint64_t vcpu_tsc_khz(const struct vcpu *vcpu);

/* Is the vCPU stopped in `hlt`? (KVM_GET_MP_STATE) */
bool vcpu_halted(const struct vcpu *vcpu);

/* Could its local APIC still raise an interrupt by itself: by its timer, or one that it has already accepted?
   (KVM_GET_LAPIC; true when KVM does not say) */
bool vcpu_interrupt_expected(const struct vcpu *vcpu);

#endif
