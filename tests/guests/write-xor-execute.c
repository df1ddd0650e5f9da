/* SPDX-License-Identifier: MIT */
/*
 * write-xor-execute.c: no page may be writable and executable at a time; -EACCES, and nothing has changed. This is
 * where the kernel differs from a Linux without such a policy, on purpose. Transitions: mmap and mprotect with that
 * result; then the page's first touch, #PF 0x6 with a return.
 */
#include "test.h"

int main(int argc, char **argv, char **envp)
{
	volatile char *page;

	(void)argc, (void)argv, (void)envp;
	EXPECT(mmap(NULL, PAGE_SIZE, PROT_RW | PROT_EXEC, MAP_PRIVATE) == -EACCES);
	EXPECT(mmap(NULL, PAGE_SIZE, PROT_WRITE | PROT_EXEC, MAP_SHARED) == -EACCES);
	page = map(PAGE_SIZE, PROT_RW, MAP_PRIVATE);
	EXPECT(mprotect((void *)(uintptr_t)page, PAGE_SIZE, PROT_RW | PROT_EXEC) == -EACCES);
	page[0] = 1;
	EXPECT(mprotect((void *)((uintptr_t)main | 1), 1, PROT_RW) == -EINVAL);
	EXPECT(mprotect((void *)((uintptr_t)main & ~(PAGE_SIZE - 1)), 1, PROT_RW | PROT_EXEC) == -EACCES);
	return 0;
}
