/* SPDX-License-Identifier: MIT */
/* sharers.c: a sorted list of frames and the processes that map them. */
#include "sharers.h"

#include <stdlib.h>

#include "walk.h"

struct search {
	struct sharers *sharers;
	uint32_t process;
};

static bool add(struct sharers *sharers, gpa_t frame, uint32_t process)
{
	if (sharers->count == sharers->room) {
		size_t room = sharers->room ? 2 * sharers->room : 1024;
		struct sharer *items = realloc(sharers->items, room * sizeof(*items));

		if (items == NULL)
			return false;
		sharers->items = items;
		sharers->room = room;
	}
	sharers->items[sharers->count++] = (struct sharer){frame, process};
	return true;
}

static bool note_page(void *context, const struct walk_page *page)
{
	struct search *search = context;
	struct sharers *sharers = search->sharers;

	/* Ascending addresses: the first page of the kernel half ends the search. */
	if (page->gva >= KERNEL_HALF)
		return false;
	if (sharers->pages_left == 0 || !add(sharers, page->gpa, search->process)) {
		sharers->cut_short = true;
		return false;
	}
	sharers->pages_left--;
	return true;
}

static int compare(const void *left, const void *right)
{
	const struct sharer *a = left, *b = right;

	return a->frame != b->frame ? (a->frame < b->frame ? -1 : 1)
				    : (a->process > b->process) - (a->process < b->process);
}

/* A process may map a frame at many addresses. */
static void remove_doubles(struct sharers *sharers)
{
	size_t kept = 0;

	for (size_t i = 0; i < sharers->count; i++)
		if (kept == 0 || compare(&sharers->items[kept - 1], &sharers->items[i]) != 0)
			sharers->items[kept++] = sharers->items[i];
	sharers->count = kept;
}

bool sharer_is_other(const struct process *process, gpa_t cr3)
{
	return process->state == VMM_PROCESS_LIVE && !process_is_thread(process) && process->cr3 != 0 &&
	       process->cr3 != (cr3 & CR3_ADDRESS);
}

void sharers_find(struct sharers *sharers, const struct guest_ram *ram, const struct process_list *processes, gpa_t cr3,
		  uint64_t pages, uint64_t tables)
{
	*sharers = (struct sharers){.pages_left = pages};
	for (uint32_t i = 0; i < processes->count; i++) {
		struct search search = {sharers, i};
		struct walk_totals totals;

		if (!sharer_is_other(&processes->items[i], cr3))
			continue;
		walk_pages(ram, processes->items[i].cr3, note_page, &search, &tables, &totals);
		sharers->cut_short |= totals.cut_short;
	}
	if (sharers->count > 0)
		qsort(sharers->items, sharers->count, sizeof(struct sharer), compare);
	remove_doubles(sharers);
}

void sharers_free(struct sharers *sharers)
{
	free(sharers->items);
	*sharers = (struct sharers){0};
}

const struct sharer *sharers_of(const struct sharers *sharers, gpa_t frame, size_t *count)
{
	size_t low = 0, high = sharers->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (sharers->items[middle].frame < frame)
			low = middle + 1;
		else
			high = middle;
	}
	*count = 0;
	while (low + *count < sharers->count && sharers->items[low + *count].frame == frame)
		*count += 1;
	return *count > 0 ? &sharers->items[low] : NULL;
}
