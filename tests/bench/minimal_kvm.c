/* SPDX-License-Identifier: MIT */
/*
 * minimal_kvm.c: the smallest plain use of KVM that does what a run of vmm must do: VM, vCPU, memory, CPUID, registers,
 * one `out`, one `hlt`. The yardstick for what starting vmm costs. It checks nothing that a benchmark does not need.
 */
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define RAM_SIZE      (64u << 20)
#define CPUID_ENTRIES 128

static int check(int result, const char *what)
{
	if (result < 0) {
		perror(what);
		exit(125);
	}
	return result;
}

int main(void)
{
	/* 16-bit code at 0x1000: mov $'x', %al; out %al, $0xe9; hlt */
	static const uint8_t code[] = {0xb0, 'x', 0xe6, 0xe9, 0xf4};
	int device = check(open("/dev/kvm", O_RDWR | O_CLOEXEC), "/dev/kvm");
	int vm = check(ioctl(device, KVM_CREATE_VM, 0), "KVM_CREATE_VM");
	uint8_t *ram = mmap(NULL, RAM_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	struct kvm_userspace_memory_region slot = {.memory_size = RAM_SIZE, .userspace_addr = (uintptr_t)ram};
	struct kvm_cpuid2 *cpuid = calloc(1, sizeof(*cpuid) + CPUID_ENTRIES * sizeof(cpuid->entries[0]));
	struct kvm_regs regs = {.rip = 0x1000, .rflags = 2};
	struct kvm_sregs sregs;
	struct kvm_run *run;
	size_t run_size;
	int vcpu;

	memcpy(ram + 0x1000, code, sizeof(code));
	check(ioctl(vm, KVM_SET_USER_MEMORY_REGION, &slot), "KVM_SET_USER_MEMORY_REGION");
	vcpu = check(ioctl(vm, KVM_CREATE_VCPU, 0), "KVM_CREATE_VCPU");
	run_size = (size_t)check(ioctl(device, KVM_GET_VCPU_MMAP_SIZE, 0), "KVM_GET_VCPU_MMAP_SIZE");
	run = mmap(NULL, run_size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu, 0);
	cpuid->nent = CPUID_ENTRIES;
	check(ioctl(device, KVM_GET_SUPPORTED_CPUID, cpuid), "KVM_GET_SUPPORTED_CPUID");
	check(ioctl(vcpu, KVM_SET_CPUID2, cpuid), "KVM_SET_CPUID2");
	check(ioctl(vcpu, KVM_GET_SREGS, &sregs), "KVM_GET_SREGS");
	sregs.cs.base = 0;
	sregs.cs.selector = 0;
	check(ioctl(vcpu, KVM_SET_SREGS, &sregs), "KVM_SET_SREGS");
	check(ioctl(vcpu, KVM_SET_REGS, &regs), "KVM_SET_REGS");
	for (;;) {
		check(ioctl(vcpu, KVM_RUN, 0), "KVM_RUN");
		if (run->exit_reason == KVM_EXIT_HLT)
			return 0;
		if (run->exit_reason != KVM_EXIT_IO)
			return 1;
		if (write(STDOUT_FILENO, (uint8_t *)run + run->io.data_offset, 1) != 1)
			return 125;
	}
}
