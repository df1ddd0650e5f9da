/* SPDX-License-Identifier: MIT */
/*
 * frames.c: the frame allocator. Memory that was never used is zero and is handed out in order; what comes back goes
 * to one of two lists, by whether it is known to hold zeros.
 */
#include "frames.h"

#include <stddef.h>

#include "boot_info.h"
#include "hypercall.h"
#include "page_cache.h"

/* A free frame begins with the address of the next one in its list. */
struct free_frame {
	struct free_frame *next;
};

static phys_t next_fresh; /* 0: none was taken so far */
static struct free_frame *zeroed_frames, *used_frames;
static uint64_t listed_frames;

static bool slow_ring0(void)
{
	return boot_info->flags & VMM_BOOT_SLOW_RING0;
}

static phys_t take_from(struct free_frame **list)
{
	struct free_frame *frame = *list;

	*list = frame->next;
	frame->next = NULL;
	listed_frames--;
	return virt_to_phys(frame);
}

static void put_into(struct free_frame **list, phys_t phys)
{
	struct free_frame *frame = phys_to_virt(phys);

	frame->next = *list;
	*list = frame;
	listed_frames++;
}

/* The first frame behind the frame_infos. */
static phys_t first_fresh(void)
{
	uint64_t infos = (boot_info->memory_size >> PAGE_SHIFT) * sizeof(union frame_info);

	return boot_info->free_start + ((infos + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1));
}

static phys_t take_fresh(void)
{
	phys_t frame = next_fresh != 0 ? next_fresh : first_fresh();

	if (frame >= boot_info->memory_size)
		return 0;
	next_fresh = frame + PAGE_SIZE;
	return frame;
}

static void fill_with_zeros(phys_t frame)
{
	void *page = phys_to_virt(frame);
	uint64_t words = PAGE_SIZE / 8;

	if (slow_ring0())
		hypercall(VMM_HYPERCALL_ZERO_PAGES, frame, 1, 0);
	else
		asm volatile("rep stosq" : "+D"(page), "+c"(words) : "a"(0) : "memory");
}

phys_t frame_take(void)
{
	phys_t frame;

	if (used_frames != NULL)
		return take_from(&used_frames);
	if (zeroed_frames != NULL)
		return take_from(&zeroed_frames);
	frame = take_fresh();
	return frame != 0 || !page_cache_shrink() ? frame : frame_take();
}

/* Used frames before fresh ones: filling one with zeros costs the host less than memory that it never had to provide.
 */
phys_t frame_take_zeroed(void)
{
	phys_t frame;

	if (zeroed_frames != NULL)
		return take_from(&zeroed_frames);
	if (used_frames == NULL) {
		frame = take_fresh();
		return frame != 0 || !page_cache_shrink() ? frame : frame_take_zeroed();
	}
	frame = take_from(&used_frames);
	fill_with_zeros(frame);
	return frame;
}

phys_t frames_take_run(unsigned *count)
{
	phys_t first = take_fresh();
	uint64_t left;

	if (first == 0)
		return 0;
	left = (boot_info->memory_size - first) / PAGE_SIZE;
	if (*count > left)
		*count = (unsigned)left;
	next_fresh = first + *count * PAGE_SIZE;
	return first;
}

void frame_share(phys_t frame)
{
	frame_info(frame)->sharers++;
}

/* Frames that the VMM filled are not used again: some of them are read-only, even through the direct map. */
static bool is_ours(phys_t frame)
{
	return frame >= boot_info->free_start;
}

void frame_drop(phys_t frame)
{
	union frame_info *info = frame_info(frame);

	if (info->sharers != 0)
		info->sharers--;
	else if (is_ours(frame))
		put_into(&used_frames, frame);
}

/* Written for few instructions: this is most of the end of a process, and of munmap. */
bool frames_drop_entries(uint64_t *entries, unsigned count)
{
	union frame_info *infos = frame_info(0);
	phys_t ours = boot_info->free_start;
	bool any = false;

	for (unsigned i = 0; i < count; i++) {
		phys_t frame = entries[i] & PTE_ADDRESS;

		if (entries[i] == 0)
			continue;
		entries[i] = 0;
		any = true;
		if (infos[frame >> PAGE_SHIFT].sharers != 0)
			infos[frame >> PAGE_SHIFT].sharers--;
		else if (frame >= ours)
			put_into(&used_frames, frame);
	}
	return any;
}

void frame_drop_zeroed(phys_t frame)
{
	frame_info(frame)->groups = 0;
	if (is_ours(frame))
		put_into(&zeroed_frames, frame);
}

void frame_copy(phys_t to, phys_t from)
{
	void *target = phys_to_virt(to);
	const void *source = phys_to_virt(from);
	uint64_t words = PAGE_SIZE / 8;

	if (slow_ring0())
		hypercall(VMM_HYPERCALL_COPY_PAGE, to, from, 0);
	else
		asm volatile("rep movsq" : "+D"(target), "+S"(source), "+c"(words) : : "memory");
}

uint64_t frames_free(void)
{
	phys_t fresh = next_fresh != 0 ? next_fresh : first_fresh();

	return listed_frames + (boot_info->memory_size - fresh) / PAGE_SIZE;
}
