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

/* TSC frequency in kHz; 0: KVM does not say. */
uint64_t vcpu_tsc_khz(const struct vcpu *vcpu);

/* Is the vCPU stopped in `hlt`? (KVM_GET_MP_STATE) */
bool vcpu_halted(const struct vcpu *vcpu);

/* Could its local APIC's timer still raise an interrupt? (KVM_GET_LAPIC; true when KVM does not say) */
bool vcpu_timer_running(const struct vcpu *vcpu);

#endif
