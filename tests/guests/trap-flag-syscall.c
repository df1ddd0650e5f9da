/* SPDX-License-Identifier: MIT */
/*
 * trap-flag-syscall.c: a program that single steps into `syscall`: FMASK clears the flag, so there is no #DB in the
 * kernel; the return brings it back, and then it is SIGTRAP. Transitions: in the child getpid and its return, then #DB
 * without a return.
 */
#include "test.h"

#define STEP "pushfq; orl $0x100, (%%rsp); popfq\n"

static void by_syscall(void)
{
	asm volatile(STEP "syscall; nop; nop" : : "a"(SYS_getpid) : "rcx", "r11", "memory", "cc");
}

int main(int argc, char **argv, char **envp)
{
	(void)argc, (void)argv, (void)envp;
	EXPECT(status_of(by_syscall) == SIGTRAP);
	return 0;
}
