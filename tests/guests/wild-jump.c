/* SPDX-License-Identifier: MIT */
/*
 * wild-jump.c: a jump to the kernel's entries is a page fault like any other, at their first instruction and behind the
 * trace site, even with the registers that a `syscall` leaves, and never a system call. (On a host where `syscall`
 * itself arrives as a fault there, this is what has to be told apart.) Transitions: in each child getpid, then #PF 0x15
 * without a return; no exit_group in any of them.
 */
#include "kernel_symbols.h"
#include "test.h"

/* As after `syscall`: rcx an address behind one, r11 flags, rax a number. */
static void jump(uint64_t target)
{
	asm volatile("movl %1, %%eax; syscall\n"
		     "movl %2, %%eax; movl $99, %%edi; jmp *%0"
		     :
		     : "r"(target), "i"(SYS_getpid), "i"(SYS_exit_group)
		     : "rax", "rcx", "rdi", "r11", "memory");
}

static void to_syscall_entry(void)
{
	jump(syscall_entry);
}

static void behind_syscall_site(void)
{
	jump(syscall_entry + 2);
}

static void to_int80_entry(void)
{
	jump(int80_entry);
}

static void to_page_fault_entry(void)
{
	jump(page_fault_entry);
}

/* With the flags that `syscall` leaves, as far as ring 3 can make them. */
static void with_masked_flags(void)
{
	asm volatile("syscall\n"
		     "pushq $2; popfq\n"
		     "movl %1, %%eax; movl $99, %%edi; jmp *%0"
		     :
		     : "r"(syscall_entry), "i"(SYS_exit_group), "a"(SYS_getpid)
		     : "rcx", "rdi", "r11", "memory");
}

static void (*const table[])(void) = {
	to_syscall_entry, behind_syscall_site, to_int80_entry, to_page_fault_entry, with_masked_flags,
};

int main(int argc, char **argv, char **envp)
{
	(void)argc, (void)argv, (void)envp;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		EXPECT(status_of(table[i]) == SIGSEGV);
	return 0;
}
