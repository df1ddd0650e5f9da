/* SPDX-License-Identifier: MIT */
/* capabilities.c: Linux, Documentation/virt/kvm/api.rst, names every one of them. */
#include "capabilities.h"

/* Newer than the oldest headers that we build with. */
#ifndef KVM_CAP_BINARY_STATS_FD
#define KVM_CAP_BINARY_STATS_FD 203
#endif
#ifndef KVM_CAP_XSAVE2
#define KVM_CAP_XSAVE2 208
#endif

const struct capability capabilities[] = {
	{KVM_CAP_NR_VCPUS, "KVM_CAP_NR_VCPUS", "CPUs, recommended", true},
	{KVM_CAP_MAX_VCPUS, "KVM_CAP_MAX_VCPUS", "CPUs, at most", true},
	{KVM_CAP_NR_MEMSLOTS, "KVM_CAP_NR_MEMSLOTS", "memory slots", true},
	{KVM_CAP_SET_GUEST_DEBUG, "KVM_CAP_SET_GUEST_DEBUG", "breakpoints and steps", false},
	{KVM_CAP_X86_MSR_FILTER, "KVM_CAP_X86_MSR_FILTER", "choosing MSRs", false},
	{KVM_CAP_X86_USER_SPACE_MSR, "KVM_CAP_X86_USER_SPACE_MSR", "exits on MSRs", false},
	{KVM_CAP_READONLY_MEM, "KVM_CAP_READONLY_MEM", "memory the guest cannot write", false},
	{KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2, "KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2", "dirty log", false},
	{KVM_CAP_COALESCED_PIO, "KVM_CAP_COALESCED_PIO", "`out` without an exit", false},
	{KVM_CAP_IOEVENTFD, "KVM_CAP_IOEVENTFD", "notification without an exit", false},
	{KVM_CAP_VCPU_EVENTS, "KVM_CAP_VCPU_EVENTS", "pending exceptions", false},
	{KVM_CAP_XSAVE2, "KVM_CAP_XSAVE2", "the FPU's whole state", false},
	{KVM_CAP_TSC_CONTROL, "KVM_CAP_TSC_CONTROL", "another TSC frequency", false},
	{KVM_CAP_GET_TSC_KHZ, "KVM_CAP_GET_TSC_KHZ", "TSC frequency", false},
	{KVM_CAP_TSC_DEADLINE_TIMER, "KVM_CAP_TSC_DEADLINE_TIMER", "timer by TSC", false},
	{KVM_CAP_BINARY_STATS_FD, "KVM_CAP_BINARY_STATS_FD", "KVM's own counters", false},
};

const size_t capability_count = sizeof(capabilities) / sizeof(capabilities[0]);

void capability_check(const struct kvm *kvm, const struct capability *capability, struct finding *finding)
{
	int value = kvm_capability(kvm, capability->number);

	if (value == 0)
		finding_no(finding, "%s", capability->use);
	else if (capability->counts)
		finding_ok(finding, "%s: %d", capability->use, value);
	else
		finding_ok(finding, "%s", capability->use);
}
