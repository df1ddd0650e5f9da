/* SPDX-License-Identifier: MIT */
/*
 * write-int80.c: `int 0x80` is the i386 interface: numbers of i386, arguments of 32 bits in ebx, ecx, edx, whatever is
 * in the upper halves; results of 32 bits. A number that is none gives -ENOSYS.
 * Transitions: each call is one entry by int and one return by iret; only getpid and the end are by syscall.
 */
#include "test.h"

static const char text[] = "by int 0x80\n"; /* below 4 GiB, unlike the stack */

static long int80_wide(uint64_t number, uint64_t a, uint64_t b, uint64_t c)
{
	long result;

	asm volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory");
	return result;
}

int main(int argc, char **argv, char **envp)
{
	const uint64_t upper = UINT64_C(0x5555555500000000);

	(void)argc, (void)argv, (void)envp;
	EXPECT(int80(I386_SYS_write, 1, (long)text, sizeof(text) - 1) == sizeof(text) - 1);
	EXPECT(int80_wide(upper | I386_SYS_write, upper | 1, upper | (uintptr_t)text, upper | 3) == 3);
	EXPECT(int80(I386_SYS_getpid, 0, 0, 0) == getpid());
	EXPECT((int)int80(I386_SYS_write, 1, 0x10, 5) == -EFAULT);
	EXPECT((int)int80(I386_SYS_write, 1, -5, 10) == -EFAULT);
	EXPECT((int)int80(I386_SYS_write, 7, (long)text, 1) == -EBADF);
	EXPECT((int)int80(9999, 0, 0, 0) == -ENOSYS);
	EXPECT((int)int80(-1, 0, 0, 0) == -ENOSYS);
	return 0;
}
