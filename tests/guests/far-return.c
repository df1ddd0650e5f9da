/* SPDX-License-Identifier: MIT */
/*
 * far-return.c: `lretq` and `iretq` work in ring 3 from ring 3 to ring 3, and to nowhere else: the kernel's selectors,
 * the empty one of 32-bit code and those beyond the table end the process with SIGSEGV. Transitions: none for the two
 * that work but the child's end; then #GP 0x18, 0x8 and 0x8 without a return.
 */
#include "test.h"

static void far_return(uint64_t selector)
{
	asm volatile("pushq %0; leaq 1f(%%rip), %%rax; pushq %%rax; lretq\n"
		     "1:"
		     :
		     : "r"(selector)
		     : "rax", "memory");
}

static void interrupt_return(uint64_t code, uint64_t stack)
{
	asm volatile(
		"movq %%rsp, %%rcx; pushq %1; pushq %%rcx; pushfq; pushq %0; leaq 1f(%%rip), %%rax; pushq %%rax; iretq\n"
		"1:"
		:
		: "r"(code), "r"(stack)
		: "rax", "rcx", "memory");
}

static void own_selectors(void)
{
	uint64_t code, stack;

	asm("movq %%cs, %0; movq %%ss, %1" : "=r"(code), "=r"(stack));
	far_return(code);
	interrupt_return(code, stack);
}

static void to_code32(void)
{
	far_return(SELECTOR_USER_CODE32);
}

static void to_kernel(void)
{
	far_return(SELECTOR_KERNEL_CODE);
}

static void to_kernel_by_iret(void)
{
	interrupt_return(SELECTOR_KERNEL_CODE, SELECTOR_KERNEL_DATA);
}

int main(int argc, char **argv, char **envp)
{
	(void)argc, (void)argv, (void)envp;
	EXPECT(status_of(own_selectors) == 0);
	EXPECT(status_of(to_code32) == SIGSEGV);
	EXPECT(status_of(to_kernel) == SIGSEGV);
	EXPECT(status_of(to_kernel_by_iret) == SIGSEGV);
	return 0;
}
