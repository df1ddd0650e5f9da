/* SPDX-License-Identifier: MIT */
/*
 * memory.c: brk, mmap, munmap, mprotect. Differs from Linux on purpose: no page may be writable and executable at a
 * time
 * (-EACCES), as on a Linux with a W^X policy; and shared mappings of files cannot be writable (-ENODEV, as on file
 * systems that lack them).
 */
#include "linux/memory.h"

#include "kernel/cpu.h"
#include "kernel/process.h"
#include "kernel/user_memory.h"
#include "linux/file.h"
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
#define MAP_NORESERVE       0x4000
#define MAP_POPULATE        0x8000
#define MAP_HUGETLB         0x40000
#define MAP_FIXED_NOREPLACE 0x100000

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

bool memory_is_too_much(uint64_t bytes)
{
	return bytes > boot_info->memory_size;
}

/* Returns the new end of the heap, or the old one if it cannot be moved. */
SYSTEM_CALL(brk, uint64_t address)
{
	struct space *space = current_space();
	uint64_t end = page_up(space->brk), new_end = page_up(address);
	const struct region more = {.start = end, .end = new_end, .rights = VMM_RIGHT_R | VMM_RIGHT_W};

	if (address < space->brk_start || address > USER_STACK_BASE - USER_STACK_GUARD)
		return (int64_t)space->brk;
	if (new_end > end &&
	    (memory_is_too_much(new_end - end) || space_overlaps(space, end, new_end) || !space_map(space, &more)))
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

/* What is mapped of a file: checks the descriptor, and sets the region's file, held for the caller. */
static int64_t map_file(struct region *region, int fd, uint64_t offset)
{
	struct file *file = file_of(fd);
	struct file_identity identity;
	int64_t error;

	if (file == NULL || (file->flags & O_PATH))
		return -EBADF;
	if (offset + (region->end - region->start) < offset)
		return -EOVERFLOW;
	if ((file->flags & O_ACCMODE) == O_WRONLY ||
	    (region->shared && (region->rights & VMM_RIGHT_W) && (file->flags & O_ACCMODE) != O_RDWR))
		return -EACCES;
	if (!file_is_mappable(file) || (region->shared && (region->rights & VMM_RIGHT_W)))
		return -ENODEV;
	error = mapped_file_identify(file, &identity);
	if (error < 0)
		return error;
	region->offset = offset;
	region->file = mapped_file_of(file, &identity);
	return region->file != NULL ? 0 : -ENOMEM;
}

/* Anonymous shared mappings get all their frames at once, so that parent and child of a later fork find the same ones.
 */
static int64_t put_mapping(struct space *space, const struct region *region, uint64_t flags)
{
	bool must_have = region->shared && region->file == NULL;

	if (!space_unmap(space, region->start, region->end) || !space_map(space, region))
		return -ENOMEM;
	if ((must_have || ((flags & MAP_POPULATE) && region->rights != 0)) &&
	    !space_populate(space, region->start, region->end) && must_have) {
		space_unmap(space, region->start, region->end);
		return -ENOMEM;
	}
	return (int64_t)region->start;
}

/* As Linux: what can never be had is refused, all else is promised. */
static bool is_promised(const struct region *region, uint64_t flags)
{
	uint64_t bytes = region->end - region->start;

	if (region->file == NULL && region->shared) {
		if (bytes / PAGE_SIZE > frames_free())
			page_cache_shrink();
		return bytes / PAGE_SIZE <= frames_free();
	}
	return !(region->rights & VMM_RIGHT_W) || (flags & MAP_NORESERVE) || !memory_is_too_much(bytes);
}

SYSTEM_CALL(mmap, uint64_t hint, uint64_t bytes, uint64_t protection, uint64_t flags, int fd, uint64_t offset)
{
	struct space *space = current_space();
	uint64_t type = flags & MAP_TYPE;
	struct region region = {
		.rights = rights_of(protection),
		.shared = type == MAP_SHARED || type == MAP_SHARED_VALIDATE,
	};
	int64_t place, error;

	if (offset % PAGE_SIZE != 0)
		return -EINVAL;
	if (!(flags & MAP_ANONYMOUS) && file_of(fd) == NULL)
		return -EBADF;
	if (bytes == 0 || (!region.shared && type != MAP_PRIVATE))
		return -EINVAL;
	if (bytes > USER_TOP || (flags & MAP_HUGETLB))
		return -ENOMEM;
	if (breaks_policy(protection))
		return -EACCES;
	place = choose_place(space, hint, page_up(bytes), flags);
	if (place < 0)
		return place;
	region.start = (uint64_t)place;
	region.end = region.start + page_up(bytes);
	error = flags & MAP_ANONYMOUS ? 0 : map_file(&region, fd, offset);
	if (error == 0)
		error = is_promised(&region, flags) ? put_mapping(space, &region, flags) : -ENOMEM;
	mapped_file_drop(region.file);
	return error;
}

SYSTEM_CALL(munmap, uint64_t address, uint64_t bytes)
{
	if (address % PAGE_SIZE != 0 || bytes == 0 || !user_range(address, bytes))
		return -EINVAL;
	return space_unmap(current_space(), address, page_up(address + bytes)) ? 0 : -ENOMEM;
}

/* Is there a shared mapping of a file, which can never be writable? */
static bool holds_shared_file(struct space *space, uint64_t start, uint64_t end)
{
	while (start < end) {
		const struct region *region = space_region(space, start);

		if (region->shared && region->file != NULL)
			return true;
		start = region->end;
	}
	return false;
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
	if ((protection & PROT_WRITE) && holds_shared_file(space, address, covered))
		return -EACCES;
	if (covered > address && !space_protect(space, address, covered, rights_of(protection)))
		return -ENOMEM;
	return covered == end ? 0 : -ENOMEM;
}
