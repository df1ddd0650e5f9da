/* SPDX-License-Identifier: MIT */
/*
 * segments.c: whatever ring 3 loads into DS, ES, FS and GS, the kernel works; the bases of FS and GS that arch_prctl
 * sets are each process's own, across fork and preemption. Transitions: the calls in this order; #GP 0x10 without a
 * return in the child that loads the kernel's selector.
 */
#include "test.h"

#define ARCH_SET_GS 0x1001
#define ARCH_SET_FS 0x1002
#define ARCH_GET_FS 0x1003
#define ARCH_GET_GS 0x1004

static uint64_t words[4] = {11, 22, 33, 44};

static uint64_t through_fs(void)
{
	uint64_t value;

	asm volatile("movq %%fs:0, %0" : "=r"(value));
	return value;
}

static uint64_t through_gs(void)
{
	uint64_t value;

	asm volatile("movq %%gs:0, %0" : "=r"(value));
	return value;
}

static void other_bases(void)
{
	EXPECT(through_fs() == 11 && through_gs() == 22);
	EXPECT(raw(SYS_arch_prctl, ARCH_SET_FS, (long)&words[2], 0) == 0);
	EXPECT(raw(SYS_arch_prctl, ARCH_SET_GS, (long)&words[3], 0) == 0);
	EXPECT(through_fs() == 33 && through_gs() == 44);
}

static void load_selectors(uint16_t selector)
{
	asm volatile("movw %0, %%ds; movw %0, %%es; movw %0, %%fs; movw %0, %%gs" : : "r"(selector));
}

static void own_selectors(void)
{
	volatile char *page = map(2 * PAGE_SIZE, PROT_RW, MAP_PRIVATE);

	load_selectors(0);
	EXPECT(getpid() > 0 && int80(I386_SYS_getpid, 0, 0, 0) == getpid());
	page[0] = 1;
	load_selectors(SELECTOR_USER_DATA);
	EXPECT(getpid() > 0 && int80(I386_SYS_getpid, 0, 0, 0) == getpid());
	page[PAGE_SIZE] = 1;
	spin(rounds_in(25000000)); /* the timer, too */
}

static void kernel_selector(void)
{
	load_selectors(SELECTOR_KERNEL_DATA);
}

int main(int argc, char **argv, char **envp)
{
	uint64_t base = 0;

	(void)argc, (void)argv, (void)envp;
	EXPECT(raw(SYS_arch_prctl, ARCH_SET_FS, (long)&words[0], 0) == 0);
	EXPECT(raw(SYS_arch_prctl, ARCH_SET_GS, (long)&words[1], 0) == 0);
	EXPECT(through_fs() == 11 && through_gs() == 22);
	EXPECT(status_of(other_bases) == 0);
	EXPECT(through_fs() == 11 && through_gs() == 22);
	EXPECT(status_of(own_selectors) == 0);
	EXPECT(status_of(kernel_selector) == SIGSEGV);
	EXPECT(through_fs() == 11 && through_gs() == 22);
	EXPECT(raw(SYS_arch_prctl, ARCH_GET_FS, (long)&base, 0) == 0 && base == (uint64_t)&words[0]);
	EXPECT(raw(SYS_arch_prctl, ARCH_GET_GS, (long)&base, 0) == 0 && base == (uint64_t)&words[1]);
	EXPECT(raw(SYS_arch_prctl, ARCH_SET_FS, (long)KERNEL_BASE, 0) == -EPERM);
	EXPECT(raw(SYS_arch_prctl, ARCH_SET_GS, (long)UINT64_C(0x8000000000000000), 0) == -EPERM);
	EXPECT(raw(SYS_arch_prctl, 0x9999, 0, 0) == -EINVAL);
	return 0;
}
