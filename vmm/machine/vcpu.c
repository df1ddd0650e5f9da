/* SPDX-License-Identifier: MIT */
/* vcpu.c: one virtual CPU and its kvm_run page. */
#include "vcpu.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define MSRS_MAX 16
#define SYNCED   (KVM_SYNC_X86_REGS | KVM_SYNC_X86_SREGS)

bool vcpu_open(struct vcpu *vcpu, const struct kvm *kvm, unsigned index, struct vmm_error *error)
{
	void *run;

	*vcpu = (struct vcpu){.fd = -1, .index = index, .run_size = kvm->run_size};
	vcpu->fd = kvm_create_vcpu(kvm, index, error);
	if (vcpu->fd < 0)
		return false;
	run = mmap(NULL, kvm->run_size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu->fd, 0);
	if (run == MAP_FAILED)
		return error_set(error, "cannot map CPU %u's kvm_run page: %s", index, strerror(errno));
	vcpu->run = run;
	vcpu->run->kvm_valid_regs = SYNCED;
	return true;
}

void vcpu_close(struct vcpu *vcpu)
{
	if (vcpu->run != NULL)
		munmap(vcpu->run, vcpu->run_size);
	if (vcpu->fd >= 0)
		close(vcpu->fd);
	vcpu->run = NULL;
	vcpu->fd = -1;
}

bool vcpu_set_cpuid(struct vcpu *vcpu, const struct kvm_cpuid2 *table, struct vmm_error *error)
{
	if (ioctl(vcpu->fd, KVM_SET_CPUID2, table) < 0)
		return error_set(error, "KVM refuses the CPU features for CPU %u (KVM_SET_CPUID2): %s", vcpu->index,
				 strerror(errno));
	return true;
}

bool vcpu_set_msrs(struct vcpu *vcpu, const struct kvm_msr_entry *entries, size_t count, struct vmm_error *error)
{
	_Alignas(struct kvm_msrs) uint8_t space[sizeof(struct kvm_msrs) + MSRS_MAX * sizeof(*entries)] = {0};
	struct kvm_msrs *msrs = (struct kvm_msrs *)space;
	int done;

	if (count > MSRS_MAX)
		return error_set(error, "too many MSRs at once (%zu, at most %d)", count, MSRS_MAX);
	msrs->nmsrs = (uint32_t)count;
	memcpy(msrs->entries, entries, count * sizeof(*entries));
	done = ioctl(vcpu->fd, KVM_SET_MSRS, msrs);
	if (done < 0)
		return error_set(error, "cannot set MSRs of CPU %u (KVM_SET_MSRS): %s", vcpu->index, strerror(errno));
	if ((size_t)done != count)
		return error_set(error, "KVM refuses MSR 0x%x = 0x%llx of CPU %u", entries[done].index,
				 (unsigned long long)entries[done].data, vcpu->index);
	return true;
}

bool vcpu_get_msr(const struct vcpu *vcpu, uint32_t index, uint64_t *value)
{
	_Alignas(struct kvm_msrs) uint8_t space[sizeof(struct kvm_msrs) + sizeof(struct kvm_msr_entry)] = {0};
	struct kvm_msrs *msrs = (struct kvm_msrs *)space;

	msrs->nmsrs = 1;
	msrs->entries[0].index = index;
	if (ioctl(vcpu->fd, KVM_GET_MSRS, msrs) != 1)
		return false;
	*value = msrs->entries[0].data;
	return true;
}

void vcpu_set_state(struct vcpu *vcpu, const struct kvm_regs *regs, const struct kvm_sregs *sregs)
{
	vcpu->run->s.regs.regs = *regs;
	vcpu->run->s.regs.sregs = *sregs;
	vcpu->run->kvm_dirty_regs = SYNCED;
}

int vcpu_run(struct vcpu *vcpu)
{
	int result = ioctl(vcpu->fd, KVM_RUN, 0) < 0 ? errno : 0;

	vcpu->run->kvm_dirty_regs = 0;
	return result;
}

void vcpu_state(const struct vcpu *vcpu, struct cpu_state *state)
{
	const struct kvm_regs *regs = &vcpu->run->s.regs.regs;
	const struct kvm_sregs *sregs = &vcpu->run->s.regs.sregs;

	*state = (struct cpu_state){
		.rax = regs->rax,
		.rbx = regs->rbx,
		.rcx = regs->rcx,
		.rdx = regs->rdx,
		.rsi = regs->rsi,
		.rdi = regs->rdi,
		.rbp = regs->rbp,
		.rsp = regs->rsp,
		.r8 = regs->r8,
		.r9 = regs->r9,
		.r10 = regs->r10,
		.r11 = regs->r11,
		.r12 = regs->r12,
		.r13 = regs->r13,
		.r14 = regs->r14,
		.r15 = regs->r15,
		.rip = regs->rip,
		.rflags = regs->rflags,
		.cr0 = sregs->cr0,
		.cr2 = sregs->cr2,
		.cr3 = sregs->cr3,
		.cr4 = sregs->cr4,
		.efer = sregs->efer,
		.idt_base = sregs->idt.base,
		.tss_base = sregs->tr.base,
		.idt_limit = sregs->idt.limit,
		.cs = sregs->cs.selector,
		.ring = sregs->ss.dpl, /* AMD APM vol. 2, "Current Privilege Level": SS.DPL equals CPL */
	};
}

void vcpu_set_rax(struct vcpu *vcpu, uint64_t value)
{
	vcpu->run->s.regs.regs.rax = value;
	vcpu->run->kvm_dirty_regs |= KVM_SYNC_X86_REGS;
}

void vcpu_jump(struct vcpu *vcpu, uint64_t rip, uint64_t rsp, uint64_t rflags)
{
	vcpu->run->s.regs.regs.rip = rip;
	vcpu->run->s.regs.regs.rsp = rsp;
	vcpu->run->s.regs.regs.rflags = rflags;
	vcpu->run->kvm_dirty_regs |= KVM_SYNC_X86_REGS;
}

void vcpu_kick(struct vcpu *vcpu)
{
	/* Checked by KVM_RUN on its way in: a signal that comes just before the call is not lost. */
	__atomic_store_n(&vcpu->run->immediate_exit, 1, __ATOMIC_RELAXED);
}

bool vcpu_set_runnable(struct vcpu *vcpu, struct vmm_error *error)
{
	struct kvm_mp_state state = {.mp_state = KVM_MP_STATE_RUNNABLE};

	if (ioctl(vcpu->fd, KVM_SET_MP_STATE, &state) < 0)
		return error_set(error, "cannot start CPU %u (KVM_SET_MP_STATE): %s", vcpu->index, strerror(errno));
	return true;
}

bool vcpu_set_xcr0(struct vcpu *vcpu, uint64_t xcr0, struct vmm_error *error)
{
	struct kvm_xcrs xcrs = {.nr_xcrs = 1, .xcrs = {{.xcr = 0, .value = xcr0}}};

	if (ioctl(vcpu->fd, KVM_SET_XCRS, &xcrs) < 0)
		return error_set(error, "KVM refuses XCR0 = 0x%llx for CPU %u (KVM_SET_XCRS): %s",
				 (unsigned long long)xcr0, vcpu->index, strerror(errno));
	return true;
}

int vcpu_get_fpu(const struct vcpu *vcpu, struct kvm_xsave *image)
{
	return ioctl(vcpu->fd, KVM_GET_XSAVE, image) < 0 ? errno : 0;
}

int vcpu_set_fpu(struct vcpu *vcpu, const struct kvm_xsave *image)
{
	return ioctl(vcpu->fd, KVM_SET_XSAVE, image) < 0 ? errno : 0;
}

uint64_t vcpu_tsc_khz(const struct vcpu *vcpu)
{
	int khz = ioctl(vcpu->fd, KVM_GET_TSC_KHZ, 0);

	return khz > 0 ? (uint64_t)khz : 0;
}

bool vcpu_halted(const struct vcpu *vcpu)
{
	struct kvm_mp_state state;

	return ioctl(vcpu->fd, KVM_GET_MP_STATE, &state) == 0 && state.mp_state == KVM_MP_STATE_HALTED;
}

bool vcpu_interrupt_expected(const struct vcpu *vcpu)
{
	/* Intel SDM vol. 3, "Local APIC": register offsets; the timer's LVT has mask in bit 16, mode in bits 18:17; the
	   interrupt request register is eight words, 16 bytes apart. */
	enum { IRR = 0x200, IRR_END = 0x280, IRR_STEP = 0x10 };
	enum { LVT_TIMER = 0x320, INITIAL_COUNT = 0x380, MASKED = 1 << 16, MODE_TSC_DEADLINE = 2 };
	struct kvm_lapic_state apic;
	uint32_t timer, count, requested;

	if (ioctl(vcpu->fd, KVM_GET_LAPIC, &apic) < 0)
		return true;
	for (unsigned offset = IRR; offset < IRR_END; offset += IRR_STEP) {
		memcpy(&requested, apic.regs + offset, sizeof(requested));
		if (requested != 0)
			return true;
	}
	memcpy(&timer, apic.regs + LVT_TIMER, sizeof(timer));
	memcpy(&count, apic.regs + INITIAL_COUNT, sizeof(count));
	if (timer & MASKED)
		return false;
	return count != 0 || (timer >> 17 & 3) == MODE_TSC_DEADLINE;
}
