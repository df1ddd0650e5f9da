/* SPDX-License-Identifier: MIT */
/* cpus.c: each CPU's part of the guest's world: its descriptor tables, its stacks, its registers. */
#include <inttypes.h>

#include "builder.h"
#include "segments.h"

#define READ_WRITE (VMM_RIGHT_R | VMM_RIGHT_W)

static gva_t cpu_area(unsigned cpu)
{
	return CPU_AREA_PER_CPU + cpu * CPU_AREA_SIZE;
}

static gva_t idle_stack_top(unsigned cpu)
{
	return cpu_area(cpu) + CPU_AREA_IDLE_STACK + CPU_AREA_IDLE_STACK_SIZE;
}

static bool build_area(struct builder *builder, unsigned cpu)
{
	gva_t area = cpu_area(cpu);
	gpa_t gdt = builder_map(builder, area + CPU_AREA_GDT, PAGE_SIZE, VMM_RIGHT_R);
	gpa_t idt = builder_map(builder, area + CPU_AREA_IDT, PAGE_SIZE, VMM_RIGHT_R);
	gpa_t tss = builder_map(builder, area + CPU_AREA_TSS, PAGE_SIZE, READ_WRITE);
	struct x86_tss *task;

	if (gdt == 0 || idt == 0 || tss == 0 ||
	    builder_map(builder, area + CPU_AREA_DF_STACK, PAGE_SIZE, READ_WRITE) == 0 ||
	    builder_map(builder, area + CPU_AREA_NMI_STACK, PAGE_SIZE, READ_WRITE) == 0 ||
	    builder_map(builder, area + CPU_AREA_DB_STACK, PAGE_SIZE, READ_WRITE) == 0 ||
	    builder_map(builder, area + CPU_AREA_IDLE_STACK, CPU_AREA_IDLE_STACK_SIZE, READ_WRITE) == 0)
		return false;
	builder->idt[cpu] = gpa_to_hva(builder->ram, idt, PAGE_SIZE);
	segments_write_gdt(gpa_to_hva(builder->ram, gdt, PAGE_SIZE), area + CPU_AREA_TSS);
	task = gpa_to_hva(builder->ram, tss, PAGE_SIZE);
	task->rsp[0] = cpu == 0 ? builder->result->boot_stack : idle_stack_top(cpu);
	task->ist[IST_DF - 1] = area + CPU_AREA_DF_STACK + PAGE_SIZE;
	task->ist[IST_NMI - 1] = area + CPU_AREA_NMI_STACK + PAGE_SIZE;
	task->ist[IST_DB - 1] = area + CPU_AREA_DB_STACK + PAGE_SIZE;
	task->iomap_base = sizeof(*task); /* beyond the limit: no port is open to ring 3 */
	return true;
}

bool cpus_build_areas(struct builder *builder)
{
	for (unsigned cpu = 0; cpu < builder->request->cpus; cpu++)
		if (!build_area(builder, cpu))
			return false;
	return true;
}

unsigned boot_cpus(const struct elf_image *kernel, unsigned wanted)
{
	for (size_t i = 0; i < kernel->site_count; i++)
		if (kernel->sites[i].kind == VMM_SITE_CPU_ENTRY)
			return wanted;
	return 1;
}

bool cpus_find_entry(struct builder *builder)
{
	const struct elf_image *kernel = builder->request->kernel;
	bool found = false;

	for (size_t i = 0; i < kernel->site_count; i++) {
		const struct vmm_site *site = &kernel->sites[i];

		if (site->kind != VMM_SITE_CPU_ENTRY)
			continue;
		if (found)
			return error_set(builder->error, "%s: trace site %zu: a second vmm_cpu_entry; there is one",
					 kernel->name, i);
		if (site->address < KERNEL_HALF || !elf_image_contains(kernel, site->address, VMM_RIGHT_X))
			return error_set(builder->error,
					 "%s: vmm_cpu_entry at 0x%" PRIx64 " is not in the kernel's code", kernel->name,
					 site->address);
		found = true;
		builder->result->cpu_entry = site->address;
	}
	return true;
}

static void set_state(const struct builder *builder, const struct cpu_features *features, struct vcpu *vcpu)
{
	const struct boot_result *result = builder->result;
	unsigned cpu = vcpu->index;
	struct kvm_regs regs = {
		.rip = cpu == 0 ? result->entry : result->cpu_entry,
		.rsp = cpu == 0 ? result->boot_stack : idle_stack_top(cpu),
		.rdi = cpu == 0 ? BOOT_INFO_ADDRESS : cpu,
		.rflags = RFLAGS_RESERVED1,
	};
	struct kvm_sregs sregs = {
		.cr0 = CR0_PE | CR0_MP | CR0_ET | CR0_NE | CR0_WP | CR0_AM | CR0_PG,
		.cr3 = cpu == 0 ? result->user_cr3 : result->kernel_cr3,
		.cr4 = CR4_PAE | CR4_OSFXSR | CR4_OSXMMEXCPT | (features->smep ? CR4_SMEP : 0) |
		       (features->smap ? CR4_SMAP : 0) | (features->umip ? CR4_UMIP : 0) |
		       (features->osxsave ? CR4_OSXSAVE : 0),
		.efer = EFER_SCE | EFER_LME | EFER_LMA | EFER_NXE,
		.apic_base = APIC_BASE_ADDRESS | APIC_BASE_ENABLE | APIC_BASE_X2APIC | (cpu == 0 ? APIC_BASE_BSP : 0),
	};

	segments_load(&sregs, cpu_area(cpu) + CPU_AREA_GDT, cpu_area(cpu) + CPU_AREA_IDT, cpu_area(cpu) + CPU_AREA_TSS);
	vcpu_set_state(vcpu, &regs, &sregs);
}

bool cpus_set_registers(const struct builder *builder, const struct cpu_features *features, struct vcpu *vcpus)
{
	const struct kvm_msr_entry msrs[] = {
		{.index = MSR_STAR, .data = STAR_VALUE},
		{.index = MSR_LSTAR, .data = builder->result->lstar},
		{.index = MSR_FMASK, .data = FMASK_VALUE},
	};

	for (unsigned cpu = 0; cpu < builder->request->cpus; cpu++) {
		if (!vcpu_set_msrs(&vcpus[cpu], msrs, sizeof(msrs) / sizeof(msrs[0]), builder->error) ||
		    (features->osxsave && !vcpu_set_xcr0(&vcpus[cpu], features->xcr0, builder->error)) ||
		    (cpu != 0 && !vcpu_set_runnable(&vcpus[cpu], builder->error)))
			return false;
		set_state(builder, features, &vcpus[cpu]);
	}
	return true;
}
