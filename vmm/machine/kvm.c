/* SPDX-License-Identifier: MIT */
/* kvm.c: opens /dev/kvm and makes a VM, with a useful line for each way in which that fails. */
#include "kvm.h"

#include <cpuid.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define IRQ_ROUTES  24 /* pins of the I/O APIC that we do not have; KVM wants the number */
#define MSI_ADDRESS 0xfee00000u

static const struct {
	long number;
	const char *name, *use;
} needed_capabilities[] = {
	{KVM_CAP_USER_MEMORY, "KVM_CAP_USER_MEMORY", "guest memory"},
	{KVM_CAP_SYNC_REGS, "KVM_CAP_SYNC_REGS", "reading registers at each exit"},
	{KVM_CAP_IMMEDIATE_EXIT, "KVM_CAP_IMMEDIATE_EXIT", "timeouts"},
	{KVM_CAP_SPLIT_IRQCHIP, "KVM_CAP_SPLIT_IRQCHIP", "the guest's timer"},
};

/* Where no module shows, the CPU's own flags tell; they come last, because in a virtual machine each `cpuid` is an
 * exit. */
enum kvm_kind kvm_host_kind(void)
{
	unsigned eax, ebx, ecx, edx;
	bool amd, intel;

	if (access("/sys/module/kvm_pvm", F_OK) == 0)
		return KVM_KIND_PVM;
	amd = access("/sys/module/kvm_amd", F_OK) == 0;
	intel = access("/sys/module/kvm_intel", F_OK) == 0;
	if (amd != intel) /* a kernel with both built in shows both */
		return amd ? KVM_KIND_AMD_V : KVM_KIND_VT_X;
	/* Intel SDM vol. 2, CPUID leaf 1: ECX[5] = VMX. AMD APM vol. 3, CPUID Fn8000_0001: ECX[2] = SVM. */
	if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) && (ecx & (1u << 5)))
		return KVM_KIND_VT_X;
	if (__get_cpuid(0x80000001, &eax, &ebx, &ecx, &edx) && (ecx & (1u << 2)))
		return KVM_KIND_AMD_V;
	return KVM_KIND_UNKNOWN;
}

static bool open_failed(struct vmm_error *error, int reason)
{
	switch (reason) {
	case ENOENT:
		return error_set(error, KVM_DEVICE
				 ": not there: the kernel module is not loaded (modprobe kvm_intel or "
				 "kvm_amd), virtualisation is off in the BIOS, or this is a VM or container without "
				 "it; `make run` uses an emulated host instead, `vmm --doctor` says more");
	case EACCES:
	case EPERM:
		return error_set(error,
				 KVM_DEVICE ": permission denied: add yourself to its group (sudo usermod -aG kvm "
					    "$USER, then log in again), or in a container pass --device " KVM_DEVICE);
	case EBUSY:
		return error_set(error, KVM_DEVICE ": busy: another hypervisor (VirtualBox, VMware) holds the CPU's "
						   "virtualisation; stop it");
	case ENODEV:
	case ENXIO:
		return error_set(error, KVM_DEVICE ": no device behind it: the KVM module cannot use this CPU, or "
						   "virtualisation is off in the BIOS");
	default:
		return error_set(error, KVM_DEVICE ": cannot open: %s", strerror(reason));
	}
}

static bool check_capabilities(const struct kvm *kvm, struct vmm_error *error)
{
	for (size_t i = 0; i < sizeof(needed_capabilities) / sizeof(needed_capabilities[0]); i++)
		if (kvm_capability(kvm, needed_capabilities[i].number) <= 0)
			return error_set(error, KVM_DEVICE ": this KVM lacks %s, needed for %s; use Linux 5.0 or later",
					 needed_capabilities[i].name, needed_capabilities[i].use);
	return true;
}

bool kvm_open(struct kvm *kvm, struct vmm_error *error)
{
	struct stat status;
	int version, run_size;

	*kvm = (struct kvm){.device = -1, .vm = -1};
	kvm->device = open(KVM_DEVICE, O_RDWR | O_CLOEXEC);
	if (kvm->device < 0)
		return open_failed(error, errno);
	version = ioctl(kvm->device, KVM_GET_API_VERSION, 0);
	if (version < 0) {
		if (fstat(kvm->device, &status) == 0 && !S_ISCHR(status.st_mode))
			return error_set(error, KVM_DEVICE ": not a device; something replaced it");
		return error_set(error, KVM_DEVICE ": not KVM: %s", strerror(errno));
	}
	if (version != KVM_API_VERSION)
		return error_set(error, KVM_DEVICE ": KVM API version %d, need %d", version, KVM_API_VERSION);
	if (!check_capabilities(kvm, error))
		return false;
	run_size = ioctl(kvm->device, KVM_GET_VCPU_MMAP_SIZE, 0);
	if (run_size < (int)sizeof(struct kvm_run))
		return error_set(error, KVM_DEVICE ": KVM_GET_VCPU_MMAP_SIZE gives %d bytes, need %zu", run_size,
				 sizeof(struct kvm_run));
	kvm->run_size = (size_t)run_size;
	kvm->kind = kvm_host_kind();
	return true;
}

bool kvm_add_memory(const struct kvm *kvm, unsigned slot, gpa_t gpa, const struct guest_ram *memory,
		    struct vmm_error *error)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.guest_phys_addr = gpa,
		.memory_size = memory->size,
		.userspace_addr = (uintptr_t)memory->bytes,
	};

	if (ioctl(kvm->vm, KVM_SET_USER_MEMORY_REGION, &region) < 0)
		return error_set(error, KVM_DEVICE ": cannot give the guest %llu MiB (KVM_SET_USER_MEMORY_REGION): %s",
				 (unsigned long long)(memory->size >> 20), strerror(errno));
	return true;
}

bool kvm_create_vm(struct kvm *kvm, const struct guest_ram *ram, struct vmm_error *error)
{
	struct kvm_enable_cap split = {.cap = KVM_CAP_SPLIT_IRQCHIP, .args = {IRQ_ROUTES}};

	do /* a signal that arrives meanwhile interrupts it */
		kvm->vm = ioctl(kvm->device, KVM_CREATE_VM, 0);
	while (kvm->vm < 0 && errno == EINTR);
	if (kvm->vm < 0)
		return error_set(error, KVM_DEVICE ": cannot create a virtual machine (KVM_CREATE_VM): %s%s",
				 strerror(errno),
				 errno == EBUSY ? "; another hypervisor holds the CPU's virtualisation" : "");
	/* Before the vCPU: it decides what interrupt controller the vCPU gets. */
	if (ioctl(kvm->vm, KVM_ENABLE_CAP, &split) < 0)
		return error_set(error,
				 KVM_DEVICE ": cannot set up the interrupt controller (KVM_CAP_SPLIT_IRQCHIP): %s",
				 strerror(errno));
	return kvm_add_memory(kvm, 0, 0, ram, error);
}

int kvm_create_vcpu(const struct kvm *kvm, unsigned index, struct vmm_error *error)
{
	int vcpu = ioctl(kvm->vm, KVM_CREATE_VCPU, (unsigned long)index);

	if (vcpu < 0)
		error_set(error, KVM_DEVICE ": cannot create CPU %u (KVM_CREATE_VCPU): %s", index, strerror(errno));
	return vcpu;
}

bool kvm_get_supported_cpuid(const struct kvm *kvm, struct kvm_cpuid2 *table, struct vmm_error *error)
{
	if (ioctl(kvm->device, KVM_GET_SUPPORTED_CPUID, table) < 0)
		return error_set(error,
				 KVM_DEVICE ": cannot read the supported CPU features (KVM_GET_SUPPORTED_CPUID): %s",
				 strerror(errno));
	return true;
}

int kvm_capability(const struct kvm *kvm, long capability)
{
	int value = ioctl(kvm->device, KVM_CHECK_EXTENSION, capability);

	return value < 0 ? 0 : value;
}

bool kvm_raise(const struct kvm *kvm, unsigned apic_id, unsigned vector)
{
	/* Intel SDM vol. 3, "Message Address Register Format": physical mode, one target; data: fixed, edge. */
	struct kvm_msi message = {.address_lo = MSI_ADDRESS | apic_id << 12, .data = vector & 0xff};

	return ioctl(kvm->vm, KVM_SIGNAL_MSI, &message) >= 0;
}

void kvm_close(struct kvm *kvm)
{
	if (kvm->vm >= 0)
		close(kvm->vm);
	if (kvm->device >= 0)
		close(kvm->device);
	kvm->vm = kvm->device = -1;
}

const char *kvm_kind_name(enum kvm_kind kind)
{
	switch (kind) {
	case KVM_KIND_AMD_V:
		return "amd-v";
	case KVM_KIND_VT_X:
		return "vt-x";
	case KVM_KIND_PVM:
		return "pvm";
	case KVM_KIND_UNKNOWN:
		break;
	}
	return "unknown";
}
