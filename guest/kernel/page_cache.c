/* SPDX-License-Identifier: MIT */
/*
 * page_cache.c: for each file a tree of frames with 512 entries each, like a page table; at its leaves the pages.
 * A frame here has the cache as its first owner, and the page tables that map it as others (frame_info.sharers).
 */
#include "page_cache.h"

#include <stddef.h>

#include "clock.h"
#include "linux/files.h"
#include "memory.h"
#include "pool.h"

#define SLOTS       512
#define SLOTS_SHIFT 9
#define LEVELS_MAX  4
#define UNUSED_MAX  16 /* files that nobody maps; each keeps a handle of the VMM's */

/* The clock by which host file systems stamp changes may stand still for so long. */
#define STAMP_NS UINT64_C(100000000)

static struct pool pool = POOL_OF(struct mapped_file);
static struct mapped_file *files; /* the latest first */

/* Not in the list: it never goes. The program lies anywhere in the user half, at the address that is its offset. */
struct mapped_file page_cache_boot_image = {.users = 1, .levels = LEVELS_MAX, .identity.size = USER_TOP};

static uint64_t pages_of(const struct mapped_file *file)
{
	return (file->identity.size + PAGE_SIZE - 1) >> PAGE_SHIFT;
}

/* Its frames go back: all, or those with no other owner. True: there were some. */
static bool empty_table(phys_t table, unsigned level, bool all)
{
	phys_t *slots = phys_to_virt(table);
	bool found = false;

	for (unsigned i = 0; i < SLOTS; i++) {
		if (slots[i] == 0)
			continue;
		if (level > 1) {
			found |= empty_table(slots[i], level - 1, all);
			if (!all)
				continue;
			frame_drop_zeroed(slots[i]);
		} else {
			if (!all && frame_info(slots[i])->sharers != 0)
				continue;
			frame_drop(slots[i]);
		}
		slots[i] = 0;
		found = true;
	}
	return found;
}

static void forget(struct mapped_file *file)
{
	struct mapped_file **link = &files;

	while (*link != file)
		link = &(*link)->next;
	*link = file->next;
	if (file->table != 0) {
		empty_table(file->table, file->levels, true);
		frame_drop_zeroed(file->table);
	}
	file_drop(file->file);
	pool_put(&pool, file);
}

bool page_cache_shrink(void)
{
	struct mapped_file *next;
	bool found = false;

	for (struct mapped_file *file = files; file != NULL; file = next) {
		next = file->next;
		if (file->users == 0) {
			found |= file->table != 0;
			forget(file);
		} else if (file->table != 0) {
			found |= empty_table(file->table, file->levels, false);
		}
	}
	return found;
}

static bool same(const struct file_identity *a, const struct file_identity *b)
{
	return a->number == b->number && a->device == b->device && a->size == b->size && a->seconds == b->seconds &&
	       a->nanoseconds == b->nanoseconds;
}

/* Those that nobody has used for longest go, when there are too many. */
static void limit_unused(void)
{
	struct mapped_file *oldest = NULL;
	unsigned unused = 0;

	for (struct mapped_file *file = files; file != NULL; file = file->next) {
		if (file->users != 0)
			continue;
		oldest = file;
		unused++;
	}
	if (unused > UNUSED_MAX)
		forget(oldest);
}

int64_t mapped_file_identify(struct file *file, struct file_identity *identity)
{
	struct { /* Linux's struct stat */
		uint64_t device, number, links;
		uint32_t mode, uid, gid, padding;
		uint64_t rdevice, size, block_bytes, blocks, accessed[2], seconds, nanoseconds, changed[2], unused[3];
	} status;
	int64_t error = file_stat(file, &status);

	_Static_assert(sizeof(status) == 144, "Linux's struct stat");
	if (error < 0)
		return error;
	*identity = (struct file_identity){
		.device = status.device,
		.number = status.number,
		.size = status.size,
		.seconds = status.seconds,
		.nanoseconds = status.nanoseconds,
		.mode = status.mode,
	};
	return 0;
}

struct mapped_file *mapped_file_of(struct file *file, const struct file_identity *identity)
{
	uint64_t changed = identity->seconds * NANOSECONDS + identity->nanoseconds;
	struct mapped_file *mapped;

	for (mapped = files; mapped != NULL; mapped = mapped->next)
		if (mapped->settled && same(&mapped->identity, identity)) {
			mapped->users++;
			return mapped;
		}
	mapped = pool_take(&pool);
	if (mapped == NULL)
		return NULL;
	file_hold(file);
	*mapped = (struct mapped_file){
		.next = files,
		.file = file,
		.users = 1,
		.settled = changed + STAMP_NS < clock_wall(),
		.levels = 1,
		.identity = *identity,
	};
	while (mapped->levels < LEVELS_MAX && pages_of(mapped) >> SLOTS_SHIFT * mapped->levels != 0)
		mapped->levels++;
	files = mapped;
	return mapped;
}

void mapped_file_hold(struct mapped_file *file)
{
	file->users++;
}

void mapped_file_drop(struct mapped_file *file)
{
	if (file == NULL || --file->users > 0)
		return;
	if (file->settled)
		limit_unused();
	else
		forget(file);
}

/* The place of a page, NULL: there is none, and either it was not to be made or there is no memory. */
static phys_t *slot_of(struct mapped_file *file, uint64_t page, bool make)
{
	phys_t *link = &file->table;

	for (unsigned level = file->levels; level > 0; level--) {
		if (*link == 0) {
			phys_t table = make ? frame_take_zeroed() : 0;

			if (table == 0)
				return NULL;
			*link = table;
		}
		link = (phys_t *)phys_to_virt(*link) + (page >> SLOTS_SHIFT * (level - 1) & (SLOTS - 1));
	}
	return link;
}

const phys_t *page_cache_frames(const struct mapped_file *file, uint64_t page, unsigned *count)
{
	if (page >= pages_of(file))
		return NULL;
	*count = SLOTS - (page & (SLOTS - 1));
	return slot_of((struct mapped_file *)(uintptr_t)file, page, false);
}

/* Reads a page into its slot, in one request with the missing ones around it. */
static enum page_cache_result read_around(struct mapped_file *file, uint64_t page, phys_t *slot)
{
	uint64_t low = page & ~(uint64_t)(PAGE_CACHE_AROUND - 1), high = low + PAGE_CACHE_AROUND, first = page;
	uint64_t end = page + 1;
	unsigned count;
	phys_t frames;
	int64_t got;
	size_t wanted;

	if (file->file == NULL)
		return PAGE_CACHE_PAST_FILE;
	if (high > pages_of(file))
		high = pages_of(file);
	while (first > low && slot[(int64_t)(first - 1 - page)] == 0)
		first--;
	while (end < high && slot[end - page] == 0)
		end++;
	count = (unsigned)(end - first);
	frames = frames_take_run(&count);
	if (frames == 0 || count <= page - first) { /* memory is short: this page alone */
		for (unsigned i = 0; i < count && frames != 0; i++)
			frame_drop(frames + i * PAGE_SIZE);
		first = page;
		count = 1;
		frames = frame_take_zeroed(); /* the file may end in the middle of it */
		if (frames == 0)
			return PAGE_CACHE_NO_MEMORY;
	}
	wanted = count * PAGE_SIZE;
	if (wanted > file->identity.size - first * PAGE_SIZE)
		wanted = file->identity.size - first * PAGE_SIZE;
	got = file_read_frame(file->file, first * PAGE_SIZE, phys_to_virt(frames), wanted);
	for (unsigned i = 0; i < count; i++, frames += PAGE_SIZE) {
		phys_t *to = slot + (int64_t)(first + i - page);

		if (got > 0 && (uint64_t)got > i * PAGE_SIZE && *to == 0)
			*to = frames;
		else
			frame_drop(frames);
	}
	return *slot != 0 ? PAGE_CACHE_FOUND : PAGE_CACHE_PAST_FILE;
}

enum page_cache_result page_cache_take(struct mapped_file *file, uint64_t page, phys_t *frame)
{
	phys_t *slot;

	if (page >= pages_of(file))
		return PAGE_CACHE_PAST_FILE;
	slot = slot_of(file, page, true);
	if (slot == NULL)
		return PAGE_CACHE_NO_MEMORY;
	if (*slot == 0) {
		enum page_cache_result result = read_around(file, page, slot);

		if (result != PAGE_CACHE_FOUND)
			return result;
	}
	*frame = *slot;
	frame_share(*frame);
	return PAGE_CACHE_FOUND;
}

phys_t *page_cache_places(struct mapped_file *file, uint64_t page)
{
	return slot_of(file, page, true);
}

bool page_cache_read(struct mapped_file *file, uint64_t offset, void *to, size_t bytes)
{
	char *next = to;

	if (offset > file->identity.size || bytes > file->identity.size - offset)
		return false;
	while (bytes > 0) {
		uint64_t start = offset & (PAGE_SIZE - 1);
		size_t part = bytes < PAGE_SIZE - start ? bytes : PAGE_SIZE - start;
		phys_t frame;

		if (page_cache_take(file, offset >> PAGE_SHIFT, &frame) != PAGE_CACHE_FOUND)
			return false;
		(memcpy)(next, (char *)phys_to_virt(frame) + start, part);
		frame_drop(frame);
		next += part;
		offset += part;
		bytes -= part;
	}
	return true;
}
