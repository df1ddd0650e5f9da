/* SPDX-License-Identifier: MIT */
/*
 * memory.c: brk, mmap, munmap, mprotect, for anonymous memory. Differs from Linux in one thing, on purpose: no page may
 * be writable and executable at a time (-EACCES), as on a Linux with a W^X policy.
 */
#include "kernel/cpu.h"
#include "kernel/process.h"
#include "kernel/user_memory.h"
#include "linux/errno.h"
#include "linux/syscall.h"

#define PROT_READ  1
#define PROT_WRITE 2
#define PROT_EXEC  4

#define MAP_SHARED          0x01
#define MAP_PRIVATE         0x02
#define MAP_SHARED_VALIDATE 0x03
#define MAP_TYPE            0x0f
#define MAP_FIXED           0x10
#define MAP_ANONYMOUS       0x20
#define MAP_POPULATE        0x8000
#define MAP_FIXED_NOREPLACE 0x100000

static uint64_t page_up(uint64_t address)
{
	return (address + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
}

/* To VMM_RIGHT_*; the CPU's page tables let everybody read who may do anything. */
static uint32_t rights_of(uint64_t protection)
{
	return (protection & PROT_WRITE ? VMM_RIGHT_W : 0) | (protection & PROT_EXEC ? VMM_RIGHT_X : 0) |
	       (protection & (PROT_READ | PROT_WRITE | PROT_EXEC) ? VMM_RIGHT_R : 0);
}

static bool breaks_policy(uint64_t protection)
{
	return (protection & PROT_WRITE) && (protection & PROT_EXEC);
}

/* Returns the new end of the heap, or the old one if it cannot be moved. */
SYSTEM_CALL(brk, uint64_t address)
{
	struct space *space = current_space();
	uint64_t end = page_up(space->brk), new_end = page_up(address);

	if (address < space->brk_start || address > USER_STACK_BASE - USER_STACK_GUARD)
		return (int64_t)space->brk;
	if (new_end > end &&
	    (space_overlaps(space, end, new_end) ||
	     !space_map(space, &(struct region){.start = end, .end = new_end, .rights = VMM_RIGHT_R | VMM_RIGHT_W})))
		return (int64_t)space->brk;
	if (new_end < end && !space_unmap(space, new_end, end))
		return (int64_t)space->brk;
	space->brk = address;
	return (int64_t)address;
}

/* Where the mapping shall begin, or a negative errno. */
static int64_t choose_place(struct space *space, uint64_t hint, uint64_t bytes, uint64_t flags)
{
	uint64_t place;

	if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
		if (hint % PAGE_SIZE != 0)
			return -EINVAL;
		if (!user_range(hint, bytes))
			return -ENOMEM;
		if (hint < USER_MIN)
			return -EPERM;
		if (hint < USER_STACK_BASE && hint + bytes > USER_STACK_BASE - USER_STACK_GUARD)
			return -ENOMEM; /* the stack's guard */
		if ((flags & MAP_FIXED_NOREPLACE) && space_overlaps(space, hint, hint + bytes))
			return -EEXIST;
		return (int64_t)hint;
	}
	hint &= ~(PAGE_SIZE - 1);
	if (hint >= USER_MIN && hint < USER_MMAP_TOP && bytes <= USER_MMAP_TOP - hint &&
	    !space_overlaps(space, hint, hint + bytes))
		return (int64_t)hint;
	place = space_find_gap(space, bytes);
	return place != 0 ? (int64_t)place : -ENOMEM;
}

/* Shared mappings get all their frames at once, so that parent and child of a later fork find the same ones. */
SYSTEM_CALL(mmap, uint64_t hint, uint64_t bytes, uint64_t protection, uint64_t flags, int fd, uint64_t offset)
{
	struct space *space = current_space();
	uint64_t type = flags & MAP_TYPE;
	bool shared = type == MAP_SHARED || type == MAP_SHARED_VALIDATE;
	uint64_t start, end;
	int64_t place;

	(void)fd;
	if (offset % PAGE_SIZE != 0)
		return -EINVAL;
	if (!(flags & MAP_ANONYMOUS))
		return -EBADF; /* none of our files can be mapped */
	if (bytes == 0 || (!shared && type != MAP_PRIVATE))
		return -EINVAL;
	if (bytes > USER_TOP)
		return -ENOMEM;
	if (breaks_policy(protection))
		return -EACCES;
	bytes = page_up(bytes);
	if (shared && bytes / PAGE_SIZE > frames_free())
		return -ENOMEM;
	place = choose_place(space, hint, bytes, flags);
	if (place < 0)
		return place;
	start = (uint64_t)place;
	end = start + bytes;
	if (!space_unmap(space, start, end) ||
	    !space_map(space,
		       &(struct region){.start = start, .end = end, .rights = rights_of(protection), .shared = shared}))
		return -ENOMEM;
	if ((shared || (flags & MAP_POPULATE)) && !space_populate(space, start, end) && shared) {
		space_unmap(space, start, end);
		return -ENOMEM;
	}
	return place;
}

SYSTEM_CALL(munmap, uint64_t address, uint64_t bytes)
{
	if (address % PAGE_SIZE != 0 || bytes == 0 || !user_range(address, bytes))
		return -EINVAL;
	return space_unmap(current_space(), address, page_up(address + bytes)) ? 0 : -ENOMEM;
}

/* What lies before a hole is changed, as by Linux. */
SYSTEM_CALL(mprotect, uint64_t address, uint64_t bytes, uint64_t protection)
{
	struct space *space = current_space();
	uint64_t end = page_up(address + bytes), covered;

	if (address % PAGE_SIZE != 0 || (protection & ~(uint64_t)(PROT_READ | PROT_WRITE | PROT_EXEC)))
		return -EINVAL;
	if (bytes == 0)
		return 0;
	if (!user_range(address, bytes))
		return -ENOMEM;
	if (breaks_policy(protection))
		return -EACCES;
	covered = space_covered(space, address, end);
	if (covered > address && !space_protect(space, address, covered, rights_of(protection)))
		return -ENOMEM;
	return covered == end ? 0 : -ENOMEM;
}
