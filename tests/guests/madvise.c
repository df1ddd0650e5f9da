/* SPDX-License-Identifier: MIT */
/*
 * madvise.c: MADV_DONTNEED gives pages away, which are zero when they come back, and memory that others use stays
 * theirs; hints change nothing; mincore tells which pages there are; the other calls of the kind check their ranges.
 * Transitions: the calls, and a fault for each page that is touched the first time, or again.
 */
#include "test.h"

#define DONTNEED 4
#define FREE     8

static volatile char *area, *shared;

static long advise(volatile char *start, size_t bytes, int advice)
{
	return raw(SYS_madvise, (long)start, (long)bytes, advice);
}

static void child_forgets(void)
{
	EXPECT(advise(area, PAGE_SIZE, DONTNEED) == 0 && area[0] == 0);
}

int main(int argc, char **argv, char **envp)
{
	unsigned char present[4];

	(void)argc, (void)argv, (void)envp;
	area = map(4 * PAGE_SIZE, PROT_RW, MAP_PRIVATE);
	area[0] = 1;
	area[2 * PAGE_SIZE] = 2;
	EXPECT(raw(SYS_mincore, (long)area, 4 * PAGE_SIZE, (long)present) == 0);
	EXPECT(present[0] == 1 && present[1] == 0 && present[2] == 1 && present[3] == 0);
	EXPECT(advise(area, 4 * PAGE_SIZE, 3) == 0 && area[0] == 1); /* MADV_WILLNEED */
	EXPECT(advise(area, PAGE_SIZE, 77) == -EINVAL && advise(area + 1, PAGE_SIZE, DONTNEED) == -EINVAL);
	EXPECT(status_of(child_forgets) == 0 && area[0] == 1);
	EXPECT(advise(area, PAGE_SIZE, DONTNEED) == 0);
	EXPECT(area[0] == 0 && area[2 * PAGE_SIZE] == 2);
	EXPECT(advise(area, 4 * PAGE_SIZE, FREE) == 0);

	shared = map(PAGE_SIZE, PROT_RW, MAP_SHARED);
	shared[0] = 3;
	EXPECT(advise(shared, PAGE_SIZE, DONTNEED) == 0 && shared[0] == 3);

	EXPECT(munmap((void *)(uintptr_t)(area + PAGE_SIZE), PAGE_SIZE) == 0);
	EXPECT(advise(area, 4 * PAGE_SIZE, DONTNEED) == -ENOMEM); /* a hole */
	EXPECT(raw(SYS_mincore, (long)area, 4 * PAGE_SIZE, (long)present) == -ENOMEM);
	EXPECT(raw(SYS_msync, (long)area, 4 * PAGE_SIZE, 4) == -ENOMEM && raw(SYS_msync, (long)area, 1, 4) == 0);
	EXPECT(raw(SYS_msync, (long)area, PAGE_SIZE, 5) == -EINVAL);
	EXPECT(raw(SYS_mlock, (long)area + 1, 1, 0) == 0 && raw(SYS_munlock, (long)area, 4 * PAGE_SIZE, 0) == -ENOMEM);
	EXPECT(raw(SYS_mlockall, 3, 0, 0) == 0 && raw(SYS_mlockall, 8, 0, 0) == -EINVAL);
	return 0;
}
