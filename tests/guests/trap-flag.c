/* SPDX-License-Identifier: MIT */
/*
 * trap-flag.c: single stepping is a #DB of ring 3, whatever instruction it comes to: never one inside the kernel. With
 * `int 0x80` and with a page fault the flag is cleared at the entry and is back after the return, so the call or access
 * is done, and then comes #DB. (trap-flag-syscall.c: with `syscall`.) Transitions: in each child what it does, then #DB
 * (in the second after getpid and its return, in the third after #PF 0x6 and its return) without a return.
 */
#include "test.h"

#define STEP "pushfq; orl $0x100, (%%rsp); popfq\n"

static void plain(void)
{
	asm volatile(STEP "nop; nop" : : : "memory", "cc");
}

static void by_int80(void)
{
	asm volatile(STEP "int $0x80; nop; nop" : : "a"(I386_SYS_getpid) : "memory", "cc");
}

static void by_fault(void)
{
	asm volatile(STEP "movb $1, (%0); nop; nop" : : "r"(map(PAGE_SIZE, PROT_RW, MAP_PRIVATE)) : "memory", "cc");
}

int main(int argc, char **argv, char **envp)
{
	(void)argc, (void)argv, (void)envp;
	EXPECT(status_of(plain) == SIGTRAP);
	EXPECT(status_of(by_int80) == SIGTRAP);
	EXPECT(status_of(by_fault) == SIGTRAP);
	return 0;
}
