/* SPDX-License-Identifier: MIT */
/*
 * privileged.c: no instruction that belongs to ring 0 works in ring 3; each ends its process with SIGSEGV.
 * Transitions: for each child, in the order of the table: clone, the copy-on-write fault on its stack, #GP 0x0 at the
 * instruction, no return from it; wait4 in the parent.
 */
#include "test.h"

#define SIN(name, ...)                                             \
	static void name(void)                                     \
	{                                                          \
		static uint64_t memory[4] __attribute__((unused)); \
		asm volatile(__VA_ARGS__);                         \
	}

SIN(do_cli, "cli")
SIN(do_sti, "sti")
SIN(do_hlt, "hlt")
SIN(do_in, "inb $0x60, %%al" : : : "rax")
SIN(do_in_dx, "inl %%dx, %%eax" : : "d"(0x3f8) : "rax")
SIN(do_out, "outb %%al, $0xf4" : : "a"(0))
SIN(do_out_site, "outl %%eax, $1" : : "a"(0))
SIN(do_out_hypercall, "outl %%eax, %%dx" : : "a"(1), "d"(0xe00), "D"(99), "S"(0))
SIN(do_ins, "insb" : : "d"(0x60), "D"(memory) : "memory")
SIN(do_outs, "outsb" : : "d"(0xe9), "S"(memory) : "memory")
SIN(do_lgdt, "lgdt %0" : : "m"(memory))
SIN(do_lidt, "lidt %0" : : "m"(memory))
SIN(do_lldt, "lldt %w0" : : "r"(0))
SIN(do_ltr, "ltr %w0" : : "r"(SELECTOR_TSS))
SIN(do_lmsw, "lmsw %w0" : : "r"(1))
SIN(do_clts, "clts")
SIN(do_read_cr0, "movq %%cr0, %%rax" : : : "rax")
SIN(do_write_cr0, "movq %0, %%cr0" : : "r"(UINT64_C(0)))
SIN(do_read_cr2, "movq %%cr2, %%rax" : : : "rax")
SIN(do_read_cr3, "movq %%cr3, %%rax" : : : "rax")
SIN(do_write_cr3, "movq %0, %%cr3" : : "r"(UINT64_C(0)))
SIN(do_write_cr4, "movq %0, %%cr4" : : "r"(UINT64_C(0)))
SIN(do_write_cr8, "movq %0, %%cr8" : : "r"(UINT64_C(0)))
SIN(do_read_dr7, "movq %%dr7, %%rax" : : : "rax")
SIN(do_write_dr7, "movq %0, %%dr7" : : "r"(UINT64_C(0x400)))
SIN(do_rdmsr, "rdmsr" : : "c"(MSR_LSTAR) : "rax", "rdx")
SIN(do_wrmsr, "wrmsr" : : "c"(MSR_LSTAR), "a"(0), "d"(0))
SIN(do_invlpg, "invlpg (%0)" : : "r"(memory))
SIN(do_invd, "invd")
SIN(do_wbinvd, "wbinvd")
SIN(do_swapgs, "swapgs")
SIN(do_sysret, "sysretq" : : "c"(memory))

static void (*const table[])(void) = {
	do_cli,           do_sti,       do_hlt,      do_in,        do_in_dx,    do_out,      do_out_site,
	do_out_hypercall, do_ins,       do_outs,     do_lgdt,      do_lidt,     do_lldt,     do_ltr,
	do_lmsw,          do_clts,      do_read_cr0, do_write_cr0, do_read_cr2, do_read_cr3, do_write_cr3,
	do_write_cr4,     do_write_cr8, do_read_dr7, do_write_dr7, do_rdmsr,    do_wrmsr,    do_invlpg,
	do_invd,          do_wbinvd,    do_swapgs,   do_sysret,
};

int main(int argc, char **argv, char **envp)
{
	(void)argc, (void)argv, (void)envp;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		EXPECT(status_of(table[i]) == SIGSEGV);
	return 0;
}
