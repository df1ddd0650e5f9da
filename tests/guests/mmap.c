/* SPDX-License-Identifier: MIT */
/*
 * mmap.c: mappings: a hole punched into one leaves its neighbours; MAP_FIXED replaces, MAP_FIXED_NOREPLACE does not; a
 * free place that is asked for is given; one that is taken is not; what cannot be gives its errno.
 * Transitions: a page fault with a return for the first touch of each page, none after it; in the children, which touch
 * the hole, #PF 0x4 without one.
 */
#include "test.h"

static volatile char *area;

static void touch_hole(void)
{
	(void)area[2 * PAGE_SIZE];
}

static void touch_behind_hole(void)
{
	(void)area[4 * PAGE_SIZE - 1];
}

static long map_at(uint64_t address, size_t bytes, int flags)
{
	return mmap((void *)address, bytes, PROT_RW, MAP_PRIVATE | flags);
}

int main(int argc, char **argv, char **envp)
{
	uint64_t start;

	(void)argc, (void)argv, (void)envp;
	area = map(8 * PAGE_SIZE, PROT_RW, MAP_PRIVATE);
	start = (uint64_t)area;
	for (int page = 0; page < 8; page++)
		area[page * PAGE_SIZE] = area[page * PAGE_SIZE + 1000] = (char)(page + 1);
	EXPECT(munmap((void *)(start + 2 * PAGE_SIZE), 2 * PAGE_SIZE - 5) == 0); /* whole pages */
	EXPECT(status_of(touch_hole) == SIGSEGV && status_of(touch_behind_hole) == SIGSEGV);
	for (int page = 0; page < 8; page++)
		EXPECT(page == 2 || page == 3 || area[page * PAGE_SIZE] == page + 1);
	EXPECT(map_at(start + 3 * PAGE_SIZE, 1, 0) == (long)(start + 3 * PAGE_SIZE));
	EXPECT(map_at(start + 2 * PAGE_SIZE, PAGE_SIZE, MAP_FIXED) == (long)(start + 2 * PAGE_SIZE));
	EXPECT(area[2 * PAGE_SIZE + 1000] == 0 && area[3 * PAGE_SIZE + 1000] == 0);
	EXPECT(map_at(start, 2 * PAGE_SIZE, MAP_FIXED) == (long)start && area[1000] == 0 &&
	       area[PAGE_SIZE + 1000] == 0);
	EXPECT(map_at(start, PAGE_SIZE, MAP_FIXED_NOREPLACE) == -EEXIST);
	EXPECT(map_at(start, PAGE_SIZE, 0) != (long)start && area[4 * PAGE_SIZE] == 5);
	EXPECT(map_at(0, 0, 0) == -EINVAL);
	EXPECT(mmap(NULL, PAGE_SIZE, PROT_RW, 0) == -EINVAL);
	EXPECT(map_at(start + 1, PAGE_SIZE, MAP_FIXED) == -EINVAL);
	EXPECT(map_at(0, PAGE_SIZE, MAP_FIXED) == -EPERM);
	EXPECT(map_at(DIRECT_MAP, PAGE_SIZE, MAP_FIXED) == -ENOMEM);
	EXPECT(map_at(USER_TOP - PAGE_SIZE, 2 * PAGE_SIZE, MAP_FIXED) == -ENOMEM);
	EXPECT(map_at(UINT64_MAX & ~(PAGE_SIZE - 1), 2 * PAGE_SIZE, MAP_FIXED) == -ENOMEM);
	EXPECT(map_at(0, UINT64_MAX, 0) == -ENOMEM);
	EXPECT(map_at(0, USER_TOP - PAGE_SIZE, 0) == -ENOMEM);
	EXPECT(syscall6(SYS_mmap, 0, PAGE_SIZE, PROT_READ, MAP_PRIVATE, 77, 0) == -EBADF);
	EXPECT(syscall6(SYS_mmap, 0, PAGE_SIZE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 1) == -EINVAL);
	EXPECT(munmap((void *)(start + 1), PAGE_SIZE) == -EINVAL);
	EXPECT(munmap((void *)start, 0) == -EINVAL);
	EXPECT(munmap((void *)DIRECT_MAP, PAGE_SIZE) == -EINVAL);
	EXPECT(munmap((void *)start, UINT64_MAX) == -EINVAL);
	EXPECT(munmap((void *)start, 8 * PAGE_SIZE) == 0 && munmap((void *)start, 8 * PAGE_SIZE) == 0);
	return 0;
}
