/* SPDX-License-Identifier: MIT */
/* memory_data.c: contents of files in memory, page by page; what was never written takes no memory and reads as 0. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "memory_parts.h"

#define SIZE_MAX_BYTES (UINT64_C(1) << 43)

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static void free_page(struct memory_node *node, uint64_t index)
{
	if (node->pages[index] == NULL)
		return;
	free(node->pages[index]);
	node->pages[index] = NULL;
	node->system->bytes -= MEMORY_PAGE;
}

void memory_data_free(struct memory_node *node)
{
	for (uint64_t i = 0; i < node->slots; i++)
		free_page(node, i);
	free(node->pages);
	node->system->bytes -= node->slots * sizeof(node->pages[0]);
	node->pages = NULL;
	node->slots = 0;
}

/* The table of pages also counts: a file may be one page at the end of a very long hole. */
static bool grow(struct memory_node *node, uint64_t slots)
{
	uint64_t wanted = slots > node->slots * 2 ? slots : node->slots * 2;
	uint64_t more;
	uint8_t **pages;

	if (slots <= node->slots)
		return true;
	if (wanted < 16)
		wanted = 16;
	more = (wanted - node->slots) * sizeof(pages[0]);
	if (!memory_take(node->system, more))
		return false;
	pages = realloc(node->pages, wanted * sizeof(pages[0]));
	if (pages == NULL) {
		node->system->bytes -= more;
		return false;
	}
	memset(pages + node->slots, 0, more);
	node->pages = pages;
	node->slots = wanted;
	return true;
}

static uint8_t *page_for_writing(struct memory_node *node, uint64_t index)
{
	if (!grow(node, index + 1))
		return NULL;
	if (node->pages[index] == NULL && memory_take(node->system, MEMORY_PAGE)) {
		node->pages[index] = calloc(1, MEMORY_PAGE);
		if (node->pages[index] == NULL)
			node->system->bytes -= MEMORY_PAGE;
	}
	return node->pages[index];
}

ssize_t memory_read(struct file *file, void *to, size_t count, uint64_t offset)
{
	struct memory_node *node = file->node.memory;
	uint64_t wanted = offset < node->size ? least(count, node->size - offset) : 0;

	for (uint64_t done = 0; done < wanted;) {
		uint64_t index = (offset + done) / MEMORY_PAGE, at = (offset + done) % MEMORY_PAGE;
		uint64_t part = least(wanted - done, MEMORY_PAGE - at);

		if (index < node->slots && node->pages[index] != NULL)
			memcpy((uint8_t *)to + done, node->pages[index] + at, part);
		else
			memset((uint8_t *)to + done, 0, part);
		done += part;
	}
	return (ssize_t)wanted;
}

ssize_t memory_write(struct file *file, const void *from, size_t count, uint64_t *offset, bool append)
{
	struct memory_node *node = file->node.memory;
	uint64_t start = append ? node->size : *offset, done = 0;

	if (start > SIZE_MAX_BYTES || count > SIZE_MAX_BYTES - start)
		return -EFBIG;
	while (done < count) {
		uint64_t at = (start + done) % MEMORY_PAGE, part = least(count - done, MEMORY_PAGE - at);
		uint8_t *page = page_for_writing(node, (start + done) / MEMORY_PAGE);

		if (page == NULL)
			break;
		memcpy(page + at, (const uint8_t *)from + done, part);
		done += part;
	}
	if (done == 0 && count > 0)
		return -ENOSPC;
	*offset = start + done;
	if (*offset > node->size && count > 0)
		node->size = *offset;
	node->modified = node->changed = memory_now();
	return (ssize_t)done;
}

int memory_node_set_size(struct memory_node *node, uint64_t size)
{
	uint64_t first = size / MEMORY_PAGE, at = size % MEMORY_PAGE;

	if (size > SIZE_MAX_BYTES)
		return -EFBIG;
	if (size < node->size) {
		if (at != 0 && first < node->slots && node->pages[first] != NULL)
			memset(node->pages[first] + at, 0, MEMORY_PAGE - at);
		for (uint64_t i = first + (at != 0); i < node->slots; i++)
			free_page(node, i);
	}
	node->size = size;
	node->modified = node->changed = memory_now();
	return 0;
}

int memory_set_size(struct file *file, uint64_t size)
{
	return memory_node_set_size(file->node.memory, size);
}
