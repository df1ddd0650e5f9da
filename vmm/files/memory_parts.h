/* SPDX-License-Identifier: MIT */
/*
 * memory_parts.h: what memory_files.c (names), memory_nodes.c (nodes and directory entries) and memory_data.c
 * (contents) share.
 */
#ifndef VMM_FILES_MEMORY_PARTS_H
#define VMM_FILES_MEMORY_PARTS_H

#include "memory_files.h"

#define MEMORY_PAGE    4096
#define MEMORY_BUCKETS 1024

#define MEMORY_DIRECTORY_ENTRY 20 /* bytes that an entry adds to the size of its directory, as in Linux's tmpfs */

/* A name in a directory; in the directory's list, in the order in which they were made, and in a hash table. */
struct memory_entry {
	struct memory_node *directory, *node;
	struct memory_entry *next, *previous, *same_hash;
	uint64_t cookie; /* offset of directory readers behind it */
	char name[];
};

struct memory_node {
	struct memory_system *system;
	uint32_t mode, links, users; /* users: struct nodes that point here */
	uint32_t user, group;
	uint64_t inode, size;
	struct timespec accessed, modified, changed;
	/* directories */
	struct memory_node *parent; /* NULL: removed, or the root */
	struct memory_entry *first, *last;
	uint64_t next_cookie, entries;
	/* files: pages[i] is NULL where nothing was written */
	uint8_t **pages;
	uint64_t slots;
	/* symbolic links */
	char *text;
};

struct memory_system {
	struct memory_node *root;
	struct memory_entry *buckets[MEMORY_BUCKETS];
	uint64_t bytes, bytes_max, nodes, nodes_max, next_inode;
};

/* A new node without a name, or NULL: too many. */
struct memory_node *memory_node_new(struct memory_system *system, uint32_t mode);

/* Frees it if no name and no user is left. */
void memory_node_drop(struct memory_node *node);

/* May count more bytes be kept? If so, they are counted. */
bool memory_take(struct memory_system *system, uint64_t count);

struct memory_entry *memory_entry_find(const struct memory_node *directory, const char *name);
int memory_entry_add(struct memory_node *directory, const char *name, struct memory_node *node);
void memory_entry_remove(struct memory_entry *entry);

struct timespec memory_now(void);

/* Contents; memory_data.c. */
void memory_data_free(struct memory_node *node);
ssize_t memory_read(struct file *file, void *to, size_t count, uint64_t offset);
ssize_t memory_write(struct file *file, const void *from, size_t count, uint64_t *offset, bool append);
int memory_set_size(struct file *file, uint64_t size);
int memory_node_set_size(struct memory_node *node, uint64_t size);

#endif
