/* SPDX-License-Identifier: MIT */
/* probe_fpu.c: does KVM carry the whole state of ring 3's vector registers, in and out? */
#include "probes.h"

#include <string.h>

#include "boot/cpu_features.h"

/* Intel SDM vol. 1, "Legacy Region", "XSAVE Header", and CPUID leaf 0xd for AVX: where ymm5's halves lie */
#define XSTATE_BV  512
#define XMM5       (160 + 5 * 16)
#define YMM5_UPPER (576 + 5 * 16)
#define MXCSR      24
#define XCR0_AVX   UINT64_C(4)

static const uint64_t written = UINT64_C(0x0123456789abcdef), expected = UINT64_C(0x1133557799bbddff);

static void put(struct kvm_xsave *image, size_t offset, uint64_t value)
{
	memcpy((uint8_t *)image + offset, &value, sizeof(value));
}

bool probe_avx_state(struct probe_guest *guest, const void *unused, struct finding *finding)
{
	struct probe_start start = {.code = probe_user_avx};
	struct kvm_xsave image = {0};
	struct cpu_features features;
	struct vmm_error error;
	struct probe_stop stop;
	uint64_t found;

	(void)unused;
	cpu_features_offered(&guest->kvm, guest->cpuid, &features);
	if (!(features.xcr0 & XCR0_AVX))
		return finding_no(finding, "not offered");
	if (features.osxsave && !vcpu_set_xcr0(&guest->vcpu, features.xcr0, &error))
		return finding_no(finding, "%s", error.text);
	start.cr4 = features.osxsave ? CR4_OSXSAVE : 0;
	put(&image, MXCSR, 0x1f80);
	put(&image, XSTATE_BV, XCR0_AVX | 2);
	put(&image, XMM5, 1);
	put(&image, YMM5_UPPER, written);
	if (vcpu_set_fpu(&guest->vcpu, &image) != 0)
		return finding_no(finding, "KVM_SET_XSAVE refuses it");
	probe_run(guest, &start, &stop); /* it gives the upper half in rax, and puts `expected` there */
	if (!probe_ended_at(&stop, probe_user_after_avx))
		return probe_unexpected(finding, &stop);
	if (stop.cpu.rax != written)
		return finding_no(finding, "ring 3 does not see what KVM_SET_XSAVE set");
	if (vcpu_get_fpu(&guest->vcpu, &image) != 0)
		return finding_no(finding, "KVM_GET_XSAVE fails");
	memcpy(&found, (const uint8_t *)&image + YMM5_UPPER, sizeof(found));
	return found == expected ? finding_yes(finding)
				 : finding_no(finding, "KVM_GET_XSAVE does not give what ring 3 had");
}
