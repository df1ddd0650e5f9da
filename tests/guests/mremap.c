/* SPDX-License-Identifier: MIT */
/*
 * mremap.c: mappings grow in place or move, and keep their pages: nothing is copied, and nothing faults again; shared
 * ones stay shared; what cannot be is refused, and then nothing has changed.
 * Transitions: the calls, and one fault for each page that is touched the first time.
 */
#include "test.h"

#define MAYMOVE 1
#define FIXED   2

static volatile char *area, *moved, *shared;

static long remap(volatile char *from, size_t bytes, size_t new_bytes, int flags, long to)
{
	return syscall6(SYS_mremap, (long)from, (long)bytes, (long)new_bytes, flags, to, 0);
}

static void touch_old(void)
{
	area[0] = 1;
}

static void write_shared(void)
{
	shared[PAGE_SIZE] = 7;
}

static void refused(void)
{
	EXPECT(remap(area, PAGE_SIZE, 0, 0, 0) == -EINVAL);
	EXPECT(remap(area + 1, PAGE_SIZE, PAGE_SIZE, 0, 0) == -EINVAL);
	EXPECT(remap(area, PAGE_SIZE, PAGE_SIZE, 8, 0) == -EINVAL);
	EXPECT(remap(area, PAGE_SIZE, PAGE_SIZE, FIXED, (long)area + 16 * PAGE_SIZE) == -EINVAL);
	EXPECT(remap(area, 2 * PAGE_SIZE, 2 * PAGE_SIZE, MAYMOVE | FIXED, (long)area + PAGE_SIZE) == -EINVAL);
	EXPECT(remap(area, 2 * PAGE_SIZE, 2 * PAGE_SIZE, MAYMOVE | FIXED, 0x1000) == -EPERM);
	EXPECT(remap((volatile char *)0x10000, PAGE_SIZE, PAGE_SIZE, MAYMOVE, 0) == -EFAULT);
	EXPECT(remap(area, 8 * PAGE_SIZE, 9 * PAGE_SIZE, MAYMOVE, 0) == -EFAULT); /* longer than the mapping */
	EXPECT(remap(area, PAGE_SIZE, UINT64_C(1) << 40, MAYMOVE, 0) == -ENOMEM);
	EXPECT(remap(area, 4 * PAGE_SIZE, 5 * PAGE_SIZE, 0, 0) == -ENOMEM); /* the next one is in the way */
	EXPECT(area[0] == 1 && area[3 * PAGE_SIZE] == 4);
}

int main(int argc, char **argv, char **envp)
{
	(void)argc, (void)argv, (void)envp;
	map(PAGE_SIZE, PROT_READ, MAP_PRIVATE);
	area = map(4 * PAGE_SIZE, PROT_RW, MAP_PRIVATE);
	for (char i = 0; i < 4; i++)
		area[i * PAGE_SIZE] = (char)(i + 1);
	refused();

	moved = (volatile char *)remap(area, 4 * PAGE_SIZE, 6 * PAGE_SIZE, MAYMOVE, 0);
	EXPECT((long)moved > 0 && moved != area);
	EXPECT(moved[0] == 1 && moved[PAGE_SIZE] == 2 && moved[3 * PAGE_SIZE] == 4);
	EXPECT(moved[5 * PAGE_SIZE] == 0);
	EXPECT(status_of(touch_old) == SIGSEGV);
	EXPECT(remap(moved, 6 * PAGE_SIZE, 2 * PAGE_SIZE, 0, 0) == (long)moved);
	EXPECT(remap(moved, 2 * PAGE_SIZE, 3 * PAGE_SIZE, 0, 0) == (long)moved && moved[2 * PAGE_SIZE] == 0);

	/* across the end of a table of the last level, and over something else */
	EXPECT(mmap((void *)0x10000000, PAGE_SIZE, PROT_RW, MAP_PRIVATE | MAP_FIXED) == 0x10000000);
	EXPECT(remap(moved, 3 * PAGE_SIZE, 3 * PAGE_SIZE, MAYMOVE | FIXED, 0x0ffff000) == 0x0ffff000);
	moved = (volatile char *)0x0ffff000;
	EXPECT(moved[0] == 1 && moved[PAGE_SIZE] == 2 && moved[2 * PAGE_SIZE] == 0);

	shared = map(PAGE_SIZE, PROT_RW, MAP_SHARED);
	shared[0] = 5;
	shared = (volatile char *)remap(shared, PAGE_SIZE, 2 * PAGE_SIZE, MAYMOVE, 0);
	EXPECT((long)shared > 0 && shared[0] == 5);
	EXPECT(status_of(write_shared) == 0 && shared[PAGE_SIZE] == 7);
	return 0;
}
