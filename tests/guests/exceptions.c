/* SPDX-License-Identifier: MIT */
/*
 * exceptions.c: each exception that an instruction of ring 3 can make without privileges ends its process with the
 * signal that Linux gives, and nobody else: #DE SIGFPE; #DB and #BP SIGTRAP; #UD SIGILL; #GP SIGSEGV.
 * Transitions: for each child, in the order of the table: clone, the exception (`into` and `ud1` as #UD, addresses that
 * are not canonical as #GP 0x0), no return from it; wait4 in the parent.
 */
#include "test.h"

static void divide_by_zero(void)
{
	uint32_t high = 0, low = 1;

	asm volatile("divl %2" : "+d"(high), "+a"(low) : "r"(0));
}

static void divide_overflow(void)
{
	uint64_t high = UINT64_MAX / 2, low = 0;

	asm volatile("idivq %2" : "+d"(high), "+a"(low) : "r"(UINT64_C(1)));
}

static void single_step(void)
{
	asm volatile("pushfq; orl $0x100, (%%rsp); popfq; nop; nop" : : : "memory", "cc");
}

static void breakpoint(void)
{
	asm volatile("int3");
}

static void ud2(void)
{
	asm volatile("ud2");
}

static void ud1(void)
{
	asm volatile(".byte 0x0f, 0xb9, 0xc0");
}

static void into(void)
{
	asm volatile(".byte 0xce"); /* not in 64-bit mode */
}

static void lock_without_memory(void)
{
	asm volatile(".byte 0xf0, 0x90");
}

static void read_hole(void)
{
	(void)*(volatile char *)UINT64_C(0x8000000000000000);
}

static void write_hole(void)
{
	*(volatile char *)UINT64_C(0x0000800000000000) = 1;
}

static void misaligned_sse(void)
{
	static char bytes[32] __attribute__((aligned(16)));

	asm volatile("movaps %%xmm0, (%0)" : : "r"(bytes + 1) : "memory");
}

static const struct {
	void (*body)(void);
	int signal;
} table[] = {
	{divide_by_zero, SIGFPE},
	{divide_overflow, SIGFPE},
	{single_step, SIGTRAP},
	{breakpoint, SIGTRAP},
	{ud2, SIGILL},
	{ud1, SIGILL},
	{into, SIGILL},
	{lock_without_memory, SIGILL},
	{read_hole, SIGSEGV},
	{write_hole, SIGSEGV},
	{misaligned_sse, SIGSEGV},
};

int main(int argc, char **argv, char **envp)
{
	(void)argc, (void)argv, (void)envp;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		EXPECT(status_of(table[i].body) == table[i].signal);
	return 0;
}
