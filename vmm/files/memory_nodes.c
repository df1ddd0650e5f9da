/* SPDX-License-Identifier: MIT */
/* memory_nodes.c: nodes and names of the file system in memory. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "memory_parts.h"

/* What a node or a name is counted with, so that very many empty ones are not free. */
#define NODE_BYTES  256
#define ENTRY_BYTES 128

struct timespec memory_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now;
}

bool memory_take(struct memory_system *system, uint64_t count)
{
	if (count > system->bytes_max - system->bytes)
		return false;
	system->bytes += count;
	return true;
}

struct memory_node *memory_node_new(struct memory_system *system, uint32_t mode)
{
	struct memory_node *node;

	if (system->nodes == system->nodes_max || !memory_take(system, NODE_BYTES))
		return NULL;
	node = calloc(1, sizeof(*node));
	if (node == NULL) {
		system->bytes -= NODE_BYTES;
		return NULL;
	}
	system->nodes++;
	node->system = system;
	node->mode = mode;
	node->inode = ++system->next_inode;
	node->accessed = node->modified = node->changed = memory_now();
	if (S_ISDIR(mode))
		node->links = 1; /* its "."; the name in the parent makes it 2 */
	return node;
}

void memory_node_drop(struct memory_node *node)
{
	bool named = S_ISDIR(node->mode) ? node->links > 1 || node == node->system->root : node->links > 0;

	if (named || node->users > 0)
		return;
	memory_data_free(node);
	if (node->text != NULL)
		node->system->bytes -= node->size;
	free(node->text);
	node->system->nodes--;
	node->system->bytes -= NODE_BYTES;
	free(node);
}

static struct memory_entry **bucket_of(const struct memory_node *directory, const char *name)
{
	uint64_t hash = directory->inode * UINT64_C(0x9e3779b97f4a7c15);

	for (; *name != '\0'; name++)
		hash = (hash ^ (uint8_t)*name) * UINT64_C(0x100000001b3);
	return &directory->system->buckets[(hash >> 32) % MEMORY_BUCKETS];
}

struct memory_entry *memory_entry_find(const struct memory_node *directory, const char *name)
{
	struct memory_entry *entry = *bucket_of(directory, name);

	while (entry != NULL && (entry->directory != directory || strcmp(entry->name, name) != 0))
		entry = entry->same_hash;
	return entry;
}

static void touch(struct memory_node *directory)
{
	directory->modified = directory->changed = memory_now();
}

int memory_entry_add(struct memory_node *directory, const char *name, struct memory_node *node)
{
	struct memory_entry **bucket = bucket_of(directory, name), *entry;
	size_t size = strlen(name) + 1;

	if (!memory_take(directory->system, ENTRY_BYTES + size))
		return -ENOSPC;
	entry = malloc(sizeof(*entry) + size);
	if (entry == NULL) {
		directory->system->bytes -= ENTRY_BYTES + size;
		return -ENOSPC;
	}
	*entry = (struct memory_entry){.directory = directory,
				       .node = node,
				       .previous = directory->last,
				       .same_hash = *bucket,
				       .cookie = ++directory->next_cookie};
	memcpy(entry->name, name, size);
	*bucket = entry;
	*(directory->last != NULL ? &directory->last->next : &directory->first) = entry;
	directory->last = entry;
	directory->entries++;
	node->links++;
	if (S_ISDIR(node->mode)) {
		node->parent = directory;
		directory->links++;
	}
	touch(directory);
	return 0;
}

void memory_entry_remove(struct memory_entry *entry)
{
	struct memory_node *directory = entry->directory, *node = entry->node;
	struct memory_entry **link = bucket_of(directory, entry->name);

	while (*link != entry)
		link = &(*link)->same_hash;
	*link = entry->same_hash;
	*(entry->previous != NULL ? &entry->previous->next : &directory->first) = entry->next;
	*(entry->next != NULL ? &entry->next->previous : &directory->last) = entry->previous;
	directory->system->bytes -= ENTRY_BYTES + strlen(entry->name) + 1;
	directory->entries--;
	node->links--;
	if (S_ISDIR(node->mode)) {
		node->parent = NULL;
		directory->links--;
	}
	touch(directory);
	node->changed = directory->changed;
	free(entry);
	memory_node_drop(node);
}

struct memory_system *memory_system_open(uint64_t bytes, uint64_t nodes)
{
	struct memory_system *system = calloc(1, sizeof(*system));

	if (system == NULL)
		return NULL;
	system->bytes_max = bytes;
	system->nodes_max = nodes;
	system->root = memory_node_new(system, S_IFDIR | 01777);
	if (system->root == NULL) {
		free(system);
		return NULL;
	}
	system->root->links = 2;
	return system;
}

/* An entry with nothing below it; no recursion: a guest decides how deep it is. NULL: the directory is empty. */
static struct memory_entry *find_leaf(const struct memory_node *directory)
{
	struct memory_entry *entry = directory->first;

	/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): an entry that was removed is not found again */
	while (entry != NULL && entry->node->first != NULL)
		entry = entry->node->first;
	return entry;
}

void memory_system_close(struct memory_system *system)
{
	struct memory_entry *leaf;

	if (system == NULL)
		return;
	while ((leaf = find_leaf(system->root)) != NULL)
		memory_entry_remove(leaf);
	free(system->root);
	free(system);
}
