/* SPDX-License-Identifier: MIT */
/*
 * compatibility-mode.c: ring 3 cannot leave 64-bit mode. There, `syscall` would go to CSTAR, which is zero, with the
 * kernel's privileges and the program's stack. Far jumps to any other selector than its own, and loads of the kernel's
 * selectors, end the process with SIGSEGV.
 * Transitions: for each child #GP with the selector (without its RPL) as the error code, no return from it.
 */
#include "test.h"

static void to_selector(uint16_t selector)
{
	struct {
		uint32_t offset;
		uint16_t selector;
	} __attribute__((packed)) target = {0, selector};

	asm volatile("leaq 1f(%%rip), %%rax; movl %%eax, (%0); ljmpl *(%0)\n"
		     "1: .byte 0x0f, 0x05\n" /* syscall, in any mode */
		     :
		     : "r"(&target)
		     : "rax", "rcx", "r11", "memory");
}

static void to_code32(void)
{
	to_selector(SELECTOR_USER_CODE32);
}

static void to_user_data(void)
{
	to_selector(SELECTOR_USER_DATA);
}

static void to_kernel_code(void)
{
	to_selector(SELECTOR_KERNEL_CODE);
}

static void beyond_gdt(void)
{
	to_selector(GDT_ENTRIES * 8 + 3);
}

static void to_ldt(void)
{
	to_selector(0xf);
}

static void to_null(void)
{
	to_selector(3);
}

static void load_kernel_data(void)
{
	asm volatile("movw %w0, %%ds" : : "r"(SELECTOR_KERNEL_DATA));
}

static void load_kernel_stack(void)
{
	asm volatile("movw %w0, %%ss" : : "r"(SELECTOR_KERNEL_DATA));
}

static void (*const table[])(void) = {
	to_code32,         /* 0x18 */
	to_user_data,      /* 0x20 */
	to_kernel_code,    /* 0x8 */
	beyond_gdt,        /* 0x40 */
	to_ldt,            /* 0xc */
	to_null,           /* 0x0 */
	load_kernel_data,  /* 0x10 */
	load_kernel_stack, /* 0x10 */
};

int main(int argc, char **argv, char **envp)
{
	(void)argc, (void)argv, (void)envp;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		EXPECT(status_of(table[i]) == SIGSEGV);
	return 0;
}
