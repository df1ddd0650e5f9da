/* SPDX-License-Identifier: MIT */
/*
 * floating-point-errors.c: a division by zero in SSE and in x87, when the program has unmasked it, is SIGFPE.
 * Transitions: #XM in the first child, #MF in the second, each without a return. Masked, as at the start, it is none.
 */
#include "test.h"

static void sse(void)
{
	static const double one = 1, zero = 0;
	uint32_t mxcsr = 0x1f80 & ~0x200u; /* ZM */

	asm volatile("ldmxcsr %0; movsd %1, %%xmm0; divsd %2, %%xmm0" : : "m"(mxcsr), "m"(one), "m"(zero) : "xmm0");
}

static void x87(void)
{
	uint16_t control = 0x037f & ~0x4u; /* ZM */

	asm volatile("fldcw %0; fld1; fldz; fdivrp; fwait" : : "m"(control) : "st");
}

static void masked(void)
{
	static const double one = 1, zero = 0;

	asm volatile("fld1; fldz; fdivrp; fwait; fstp %%st(0); movsd %0, %%xmm0; divsd %1, %%xmm0"
		     :
		     : "m"(one), "m"(zero)
		     : "st", "xmm0");
}

int main(int argc, char **argv, char **envp)
{
	(void)argc, (void)argv, (void)envp;
	EXPECT(status_of(masked) == 0);
	EXPECT(status_of(sse) == SIGFPE);
	EXPECT(status_of(x87) == SIGFPE);
	return 0;
}
