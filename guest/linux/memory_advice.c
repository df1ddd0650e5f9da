/* SPDX-License-Identifier: MIT */
/* memory_advice.c: calls about memory that mostly say what a program would like: madvise, mlock, msync, mincore. */
#include "kernel/process.h"
#include "kernel/scheduler.h"
#include "kernel/user_memory.h"
#include "linux/errno.h"
#include "linux/memory.h"
#include "linux/syscall.h"

#define MADV_DONTNEED   4
#define MADV_FREE       8
#define MADV_DODUMP     17
#define MADV_KEEPONFORK 19
#define MADV_PAGEOUT    21

/* Those that may be taken as hints: NORMAL, RANDOM, SEQUENTIAL, WILLNEED, DOFORK, HUGEPAGE, NOHUGEPAGE, DONTDUMP,
   DODUMP, KEEPONFORK, COLD, PAGEOUT */
#define MADV_HINTS (0xfu | 1u << 11 | 1u << 14 | 1u << 15 | 1u << 16 | 1u << 17 | 1u << 19 | 1u << 20 | 1u << 21)

#define MS_ASYNC      1
#define MS_INVALIDATE 2
#define MS_SYNC       4

#define MCL_ALL 7

#define MEMBARRIER_CMD_QUERY                      0
#define MEMBARRIER_CMD_PRIVATE_EXPEDITED          8
#define MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED 16

/* 0, or -EINVAL for a range that cannot be; sets its end. */
static int64_t check_range(uint64_t start, uint64_t bytes, uint64_t *end)
{
	if (start % PAGE_SIZE != 0 || page_up(bytes) < bytes || start + page_up(bytes) < start)
		return -EINVAL;
	*end = start + page_up(bytes);
	return 0;
}

/* Is all of the range mapped? */
static int64_t check_covered(uint64_t start, uint64_t end)
{
	return space_covered(current_space(), start, end) == end ? 0 : -ENOMEM;
}

/* What MADV_FREE gives away may be lost at once. Holes are told of afterwards, as by Linux. */
SYSTEM_CALL(madvise, uint64_t start, uint64_t bytes, int advice)
{
	bool forget = advice == MADV_DONTNEED || advice == MADV_FREE;
	uint64_t end;

	if (!forget && (advice < 0 || advice > MADV_PAGEOUT || !(MADV_HINTS >> advice & 1)))
		return -EINVAL;
	if (check_range(start, bytes, &end) != 0)
		return -EINVAL;
	if (start == end)
		return 0;
	if (!user_range(start, end - start))
		return -ENOMEM;
	if (advice == MADV_FREE) {
		const struct region *region = space_region(current_space(), start);

		if (region != NULL && (region->file != NULL || region->shared))
			return -EINVAL;
	}
	if (forget)
		space_forget(current_space(), start, end);
	return check_covered(start, end);
}

/* Pages never leave memory, so nothing has to be written or locked. */
SYSTEM_CALL(msync, uint64_t start, uint64_t bytes, int flags)
{
	uint64_t end;

	if ((flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) || (flags & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC) ||
	    start % PAGE_SIZE != 0)
		return -EINVAL;
	return check_range(start, bytes, &end) != 0 ? -ENOMEM : check_covered(start, end);
}

SYSTEM_CALL(mlock, uint64_t start, uint64_t bytes)
{
	uint64_t first = start & ~(PAGE_SIZE - 1), end;

	return check_range(first, bytes + (start - first), &end) != 0 ? -EINVAL : check_covered(first, end);
}

SYSTEM_CALL(munlock, uint64_t start, uint64_t bytes)
{
	return sys_mlock(start, bytes);
}

SYSTEM_CALL(mlock2, uint64_t start, uint64_t bytes, int flags)
{
	return flags & ~1 ? -EINVAL : sys_mlock(start, bytes);
}

SYSTEM_CALL(mlockall, int flags)
{
	return flags <= 0 || (flags & ~MCL_ALL) || flags == 4 ? -EINVAL : 0;
}

SYSTEM_CALL(munlockall, void)
{
	return 0;
}

SYSTEM_CALL(mincore, uint64_t start, uint64_t bytes, uint64_t vector)
{
	struct space *space = current_space();
	uint64_t end;

	if (start % PAGE_SIZE != 0)
		return -EINVAL;
	if (check_range(start, bytes, &end) != 0 || !user_range(start, end - start))
		return -ENOMEM;
	if (!user_range(vector, (end - start) >> PAGE_SHIFT))
		return -EFAULT;
	if (check_covered(start, end) != 0)
		return -ENOMEM;
	for (; start < end; start += PAGE_SIZE, vector++) {
		uint8_t present = space_is_present(space, start);

		if (copy_to_user(vector, &present, sizeof(present)) != 0)
			return -EFAULT;
	}
	return 0;
}

/* A CPU that is called into the kernel and leaves it again has done all its earlier accesses. */
SYSTEM_CALL(membarrier, int command, uint32_t flags)
{
	if (flags != 0)
		return -EINVAL;
	switch (command) {
	case MEMBARRIER_CMD_QUERY:
		return MEMBARRIER_CMD_PRIVATE_EXPEDITED | MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED;
	case MEMBARRIER_CMD_PRIVATE_EXPEDITED:
		cpus_park(current_process()->space);
		return 0;
	case MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED:
		return 0;
	default:
		return -EINVAL;
	}
}
