/* SPDX-License-Identifier: MIT */
/*
 * mprotect.c: after mprotect exactly the rights that it gave are there, on exactly its pages; the contents stay; a page
 * is never writable and executable at a time. Transitions: in the children, in order: #PF 0x7 without a return (write
 * to read-only), 0x7 with one (a neighbour, copy on write), 0x15 without one (execution of data), none (execution of
 * code), 0x7 (write to code), 0x4 without one (read of PROT_NONE, which is not present).
 */
#include "test.h"

static volatile char *area;

static void write_second(void)
{
	area[PAGE_SIZE] = 1;
}

static void write_third(void)
{
	area[2 * PAGE_SIZE] = 1;
}

static void run_second(void)
{
	((void (*)(void))(uintptr_t)(area + PAGE_SIZE))();
}

static void read_second(void)
{
	(void)area[PAGE_SIZE];
}

static long protect(int page, int pages, int protection)
{
	return mprotect((void *)(uintptr_t)(area + page * (long)PAGE_SIZE), (size_t)pages * PAGE_SIZE, protection);
}

int main(int argc, char **argv, char **envp)
{
	(void)argc, (void)argv, (void)envp;
	area = map(4 * PAGE_SIZE, PROT_RW, MAP_PRIVATE);
	for (int page = 0; page < 4; page++)
		area[page * PAGE_SIZE] = (char)0xc3; /* ret */
	EXPECT(protect(1, 1, PROT_READ) == 0 && area[PAGE_SIZE] == (char)0xc3);
	EXPECT(status_of(write_second) == SIGSEGV);
	EXPECT(status_of(write_third) == 0);
	EXPECT(status_of(run_second) == SIGSEGV);
	EXPECT(protect(1, 1, PROT_READ | PROT_EXEC) == 0);
	EXPECT(status_of(run_second) == 0);
	EXPECT(status_of(write_second) == SIGSEGV);
	EXPECT(protect(1, 1, PROT_NONE) == 0);
	EXPECT(status_of(read_second) == SIGSEGV);
	EXPECT(write(1, (const void *)(uintptr_t)(area + PAGE_SIZE), 1) == -EFAULT);
	EXPECT(protect(1, 1, PROT_RW) == 0 && area[PAGE_SIZE] == (char)0xc3);
	area[PAGE_SIZE] = 5;
	EXPECT(area[PAGE_SIZE] == 5 && area[2 * PAGE_SIZE] == (char)0xc3);
	EXPECT(mprotect((void *)(uintptr_t)(area + 1), PAGE_SIZE, PROT_READ) == -EINVAL);
	EXPECT(protect(1, 1, 0x100) == -EINVAL);
	EXPECT(protect(1, 0, PROT_READ) == 0);
	EXPECT(mprotect((void *)DIRECT_MAP, PAGE_SIZE, PROT_READ) == -ENOMEM);
	EXPECT(munmap((void *)(uintptr_t)(area + PAGE_SIZE), PAGE_SIZE) == 0 && protect(0, 4, PROT_READ) == -ENOMEM);
	return 0;
}
