/* SPDX-License-Identifier: MIT */
/*
 * bad-pointers.c: a pointer that the program itself could not use gives -EFAULT, for reading and for writing calls, for
 * each class of bad address: null, unmapped, the last page, not canonical, the kernel's, wrapping round; and the
 * program lives. Transitions: each call by syscall and sysret = -14. Where the address is in the user half the kernel
 * tries it, and takes a page fault inside the call: 0>0 #PF 0x0 for reading, 0x2 for writing, 0x3 for what is
 * read-only, and its iret. None where it is not: there the range is refused before. For `write` the VMM looks instead.
 */
#include "test.h"

static const char constant[64] = "constant";

int main(int argc, char **argv, char **envp)
{
	static const uint64_t bad[] = {
		0,
		0x10,
		0x10000000,
		USER_TOP - 2,
		USER_TOP,
		USER_HALF_END - 1,
		USER_HALF_END,
		UINT64_C(0x8000000000000000),
		KERNEL_HALF,
		DIRECT_MAP,
		KERNEL_BASE,
		UINT64_MAX - 3,
	};
	volatile char *area = map(2 * PAGE_SIZE, PROT_RW, MAP_PRIVATE);

	(void)argc, (void)argv, (void)envp;
	area[0] = 1;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		long pointer = (long)bad[i];

		EXPECT(raw(SYS_write, 1, pointer, 8) == -EFAULT);
		EXPECT(bad[i] < USER_HALF_END || raw(SYS_read, 0, pointer, 8) == -EFAULT);
		EXPECT(raw(SYS_nanosleep, pointer, 0, 0) == -EFAULT);
		EXPECT(raw(SYS_uname, pointer, 0, 0) == -EFAULT);
	}
	/* half valid */
	EXPECT(munmap((void *)(uintptr_t)(area + PAGE_SIZE), PAGE_SIZE) == 0);
	EXPECT(raw(SYS_uname, (long)(area + PAGE_SIZE - 100), 0, 0) == -EFAULT);
	EXPECT(raw(SYS_uname, (long)(area + PAGE_SIZE - 386), 0, 0) == -EFAULT); /* but for 4 of 390 bytes */
	EXPECT(raw(SYS_nanosleep, (long)(area + PAGE_SIZE - 8), 0, 0) == -EFAULT);
	/* rights */
	EXPECT(raw(SYS_uname, (long)constant, 0, 0) == -EFAULT && constant[0] == 'c');
	EXPECT(raw(SYS_uname, (long)main, 0, 0) == -EFAULT);
	EXPECT(mprotect((void *)(uintptr_t)area, PAGE_SIZE, PROT_READ) == 0);
	EXPECT(raw(SYS_uname, (long)area, 0, 0) == -EFAULT && area[0] == 1);
	EXPECT(mprotect((void *)(uintptr_t)area, PAGE_SIZE, PROT_NONE) == 0);
	EXPECT(raw(SYS_uname, (long)area, 0, 0) == -EFAULT);
	EXPECT(raw(SYS_nanosleep, (long)area, 0, 0) == -EFAULT);
	/* lengths */
	EXPECT(raw(SYS_write, 1, (long)constant, -1) == -EFAULT);
	EXPECT(raw(SYS_write, 1, (long)constant, INT64_MIN) == -EFAULT);
	return 0;
}
