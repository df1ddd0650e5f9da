/* SPDX-License-Identifier: MIT */
/* host.c: what the guest would be built for, before there is a virtual machine. */
#include "boot.h"

void boot_host_find(struct boot_host *host)
{
	struct vmm_error unheeded; /* without KVM there is still an answer */
	struct kvm kvm;
	bool asked;

	asked = kvm_open(&kvm, &unheeded) && cpu_features_find(&kvm, &host->features, &unheeded);
	kvm_close(&kvm);
	host->kind = kvm_host_kind();
	if (!asked)
		cpu_features_expected(host->kind, &host->features);
}
