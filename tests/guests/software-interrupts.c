/* SPDX-License-Identifier: MIT */
/*
 * software-interrupts.c: of the 256 vectors ring 3 may use three by `int n`: 3 (#BP, SIGTRAP), 4 (#OF, SIGSEGV, as in
 * Linux) and 0x80. Any other is a #GP whose error code names the gate: SIGSEGV; no exception's, interrupt's or absent
 * gate can be reached. Tried: all exceptions, the timer's vector and the spurious one, and some between.
 * Transitions: for each child #GP with error code 8n+2 (as "gate"; see normalise.jq), without a return; #BP and #OF for
 * 3 and 4; int and its return for 0x80, with the result of getpid.
 */
#include "test.h"

#define VECTORS_TRIED                                                                                              \
	0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 29, 30, 31, 32, 33, 64, 127, \
		128, 129, 200, 239, 254, 255

static const unsigned char vectors[] = {VECTORS_TRIED};

/* int n; ret */
asm(".text\n"
    "stubs:\n"
    ".irp n, " /* the same list; gas needs it without the C */
    "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 29, 30, 31, 32, 33, 64, 127, 128, "
    "129, 200, 239, 254, 255\n"
    "	.byte 0xcd, \\n, 0xc3, 0x90\n"
    ".endr\n");
extern const unsigned char stubs[];

static const unsigned char *volatile stub;

static void interrupt(void)
{
	unsigned long result = I386_SYS_getpid;

	asm volatile("call *%1" : "+a"(result) : "r"(stub) : "memory");
	exit(stub[1] == 0x80 && (long)result == getpid() ? 80 : 1);
}

int main(int argc, char **argv, char **envp)
{
	(void)argc, (void)argv, (void)envp;
	for (size_t i = 0; i < sizeof(vectors); i++) {
		int expected = vectors[i] == 3 ? SIGTRAP : vectors[i] == 0x80 ? 80 << 8 : SIGSEGV;

		stub = stubs + 4 * i;
		EXPECT(stub[1] == vectors[i]);
		EXPECT(status_of(interrupt) == expected);
	}
	return 0;
}
