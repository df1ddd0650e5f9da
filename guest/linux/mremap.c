/* SPDX-License-Identifier: MIT */
/* mremap.c: mappings get larger, smaller, or another place. No page is copied: entries of the page tables move. */
#include "kernel/process.h"
#include "kernel/user_memory.h"
#include "linux/errno.h"
#include "linux/memory.h"
#include "linux/syscall.h"

#define MREMAP_MAYMOVE 1
#define MREMAP_FIXED   2

struct remap {
	struct space *space;
	uint64_t start, bytes, new_bytes;
};

/* New pages of a shared mapping have to be there (memory.c). */
static int64_t finish(const struct remap *remap, uint64_t start)
{
	const struct region *region = space_region(remap->space, start);

	if (region->shared && region->file == NULL && remap->new_bytes > remap->bytes &&
	    !space_populate(remap->space, start + remap->bytes, start + remap->new_bytes)) {
		space_unmap(remap->space, start + remap->bytes, start + remap->new_bytes);
		return -ENOMEM;
	}
	return (int64_t)start;
}

/* What the region would be if it went on behind its end; false: there is no room. */
static bool extend(const struct remap *remap)
{
	uint64_t end = remap->start + remap->bytes, new_end = remap->start + remap->new_bytes;
	struct region more = *space_region(remap->space, remap->start);

	if (more.end != end || new_end > USER_MMAP_TOP || space_overlaps(remap->space, end, new_end))
		return false;
	if (more.file != NULL)
		more.offset += end - more.start;
	more.start = end;
	more.end = new_end;
	more.no_copy = false;
	return space_map(remap->space, &more);
}

static int64_t move(const struct remap *remap, uint64_t to)
{
	return space_move(remap->space, remap->start, remap->bytes, to, remap->new_bytes) ? finish(remap, to) : -ENOMEM;
}

static int64_t move_anywhere(const struct remap *remap)
{
	uint64_t place = space_find_gap(remap->space, remap->new_bytes);

	return place != 0 ? move(remap, place) : -ENOMEM;
}

/* What is in the way at the new place goes, and so does what the smaller mapping does not take along. */
static int64_t move_to(struct remap *remap, uint64_t to)
{
	if (to % PAGE_SIZE != 0 || !user_range(to, remap->new_bytes) ||
	    (to < remap->start + remap->bytes && remap->start < to + remap->new_bytes))
		return -EINVAL;
	if (to < USER_MIN)
		return -EPERM;
	if (to + remap->new_bytes > USER_STACK_BASE - USER_STACK_GUARD)
		return -ENOMEM;
	if (!space_unmap(remap->space, to, to + remap->new_bytes))
		return -ENOMEM;
	if (remap->new_bytes < remap->bytes) {
		if (!space_unmap(remap->space, remap->start + remap->new_bytes, remap->start + remap->bytes))
			return -ENOMEM;
		remap->bytes = remap->new_bytes;
	}
	return move(remap, to);
}

/* Not there: MREMAP_DONTUNMAP, and the old size 0, which asks for a second mapping of shared memory. */
SYSTEM_CALL(mremap, uint64_t start, uint64_t bytes, uint64_t new_bytes, uint64_t flags, uint64_t new_start)
{
	struct remap remap = {current_space(), start, page_up(bytes), page_up(new_bytes)};
	const struct region *region;

	if ((flags & ~(uint64_t)(MREMAP_MAYMOVE | MREMAP_FIXED)) || flags == MREMAP_FIXED || start % PAGE_SIZE != 0 ||
	    remap.new_bytes == 0 || remap.bytes == 0 || new_bytes > USER_TOP)
		return -EINVAL;
	if (!user_range(start, bytes))
		return -EFAULT;
	region = space_region(remap.space, start);
	if (region == NULL || region->end - start < remap.bytes)
		return -EFAULT;
	if (remap.new_bytes > remap.bytes && (region->rights & VMM_RIGHT_W) && !region->shared &&
	    memory_is_too_much(remap.new_bytes - remap.bytes))
		return -ENOMEM;
	if (region->shared && region->file == NULL && remap.new_bytes > remap.bytes &&
	    (remap.new_bytes - remap.bytes) / PAGE_SIZE > frames_free())
		return -ENOMEM;
	if (flags & MREMAP_FIXED)
		return move_to(&remap, new_start);
	if (remap.new_bytes == remap.bytes)
		return (int64_t)start;
	if (remap.new_bytes < remap.bytes)
		return space_unmap(remap.space, start + remap.new_bytes, start + remap.bytes) ? (int64_t)start
											      : -ENOMEM;
	if (extend(&remap))
		return finish(&remap, start);
	return flags & MREMAP_MAYMOVE ? move_anywhere(&remap) : -ENOMEM;
}
