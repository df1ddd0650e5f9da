/* SPDX-License-Identifier: MIT */
/* memory_files.c: the file system in memory, as the name space sees it. */
#include "memory_files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory_parts.h"

static void fill_node(struct mount *mount, struct memory_node *memory, struct node *node)
{
	*node = (struct node){
		.system = &memory_files,
		.mount = mount,
		.type = memory->mode & S_IFMT,
		.memory = memory,
	};
	memory->users++;
}

static int memory_lookup(const struct node *directory, const char *name, struct node *child)
{
	struct memory_entry *entry = memory_entry_find(directory->memory, name);

	if (entry == NULL)
		return -ENOENT;
	fill_node(directory->mount, entry->node, child);
	return 0;
}

static int memory_copy(const struct node *node, struct node *copy)
{
	*copy = *node;
	copy->memory->users++;
	return 0;
}

static void memory_release(struct node *node)
{
	node->memory->users--;
	memory_node_drop(node->memory);
}

static int memory_find(struct mount *mount, const char *path, struct node *found)
{
	struct memory_system *system = mount->context;
	struct memory_node *at = system->root;

	while (*path != '\0') {
		size_t length = strcspn(path, "/");
		char name[NAME_MAX + 1];
		struct memory_entry *entry;

		if (length > NAME_MAX)
			return -ENOENT;
		memcpy(name, path, length);
		name[length] = '\0';
		entry = memory_entry_find(at, name);
		if (entry == NULL || !S_ISDIR(entry->node->mode))
			return -ENOENT;
		at = entry->node;
		path += length + (path[length] == '/');
	}
	fill_node(mount, at, found);
	return 0;
}

static int memory_read_link(const struct node *node, char *text, size_t size)
{
	size_t length = node->memory->size < size ? node->memory->size : size;

	memcpy(text, node->memory->text, length);
	return (int)length;
}

static void convert_time(const struct timespec *from, struct statx_timestamp *to)
{
	to->tv_sec = from->tv_sec;
	to->tv_nsec = (uint32_t)from->tv_nsec;
}

static int memory_status(const struct node *node, unsigned mask, struct statx *status)
{
	const struct memory_node *memory = node->memory;

	(void)mask;
	status_fill(node, memory->mode, memory->inode,
		    S_ISDIR(memory->mode) ? (memory->entries + 2) * MEMORY_DIRECTORY_ENTRY : memory->size, status);
	status->stx_nlink =
		S_ISDIR(memory->mode) && memory->parent == NULL && memory != memory->system->root ? 0 : memory->links;
	status->stx_uid = memory->user;
	status->stx_gid = memory->group;
	status->stx_blocks = 0;
	for (uint64_t i = 0; i < memory->slots; i++)
		status->stx_blocks += memory->pages[i] != NULL ? MEMORY_PAGE / 512 : 0;
	convert_time(&memory->accessed, &status->stx_atime);
	convert_time(&memory->modified, &status->stx_mtime);
	convert_time(&memory->changed, &status->stx_ctime);
	return 0;
}

static int memory_access(const struct node *node, int mode)
{
	return access_by_mode(node->memory->mode, mode);
}

static int memory_statfs(const struct node *node, struct statfs *status)
{
	const struct memory_system *system = node->mount->context;

	return statfs_fill(TMPFS_MAGIC, system->bytes_max / MEMORY_PAGE,
			   (system->bytes_max - system->bytes) / MEMORY_PAGE, system->nodes_max,
			   system->nodes_max - system->nodes, status);
}

static int memory_change_mode(const struct node *node, mode_t mode)
{
	if (S_ISLNK(node->type))
		return -EOPNOTSUPP;
	node->memory->mode = (node->memory->mode & S_IFMT) | (mode & 07777);
	node->memory->changed = memory_now();
	return 0;
}

static int memory_change_owner(const struct node *node, uid_t user, gid_t group)
{
	if (user != (uid_t)-1)
		node->memory->user = user;
	if (group != (gid_t)-1)
		node->memory->group = group;
	node->memory->changed = memory_now();
	return 0;
}

static void change_time(struct timespec *to, const struct timespec *from, const struct timespec *now)
{
	if (from == NULL || from->tv_nsec == UTIME_NOW)
		*to = *now;
	else if (from->tv_nsec != UTIME_OMIT)
		*to = *from;
}

static int memory_change_times(const struct node *node, const struct timespec *times)
{
	struct timespec now = memory_now();

	change_time(&node->memory->accessed, times, &now);
	change_time(&node->memory->modified, times != NULL ? &times[1] : NULL, &now);
	node->memory->changed = now;
	return 0;
}

/* A new node with a name in this directory. */
static int make(const struct node *parent, const char *name, uint32_t mode, struct memory_node **made)
{
	struct memory_node *node;
	int result;

	if (parent->memory->links < 2)
		return -ENOENT; /* the directory itself was removed */
	if (memory_entry_find(parent->memory, name) != NULL)
		return -EEXIST;
	node = memory_node_new(parent->memory->system, mode);
	if (node == NULL)
		return -ENOSPC;
	result = memory_entry_add(parent->memory, name, node);
	if (result < 0) {
		memory_node_drop(node);
		return result;
	}
	*made = node;
	return 0;
}

static int memory_create(const struct node *parent, const char *name, int flags, mode_t mode, struct file *file)
{
	struct memory_node *node;
	int result = make(parent, name, S_IFREG | (mode & 07777), &node);

	(void)flags;
	if (result == 0)
		fill_node(parent->mount, node, &file->node);
	return result;
}

static int memory_make(const struct node *parent, const char *name, mode_t mode)
{
	struct memory_node *node;

	return make(parent, name, S_ISDIR(mode) ? mode & (S_IFMT | 01777) : mode, &node);
}

static int memory_make_link(const char *text, const struct node *parent, const char *name)
{
	struct memory_node *node;
	size_t length = strlen(text);
	int result;

	result = make(parent, name, S_IFLNK | 0777, &node);
	if (result < 0)
		return result;
	if (memory_take(node->system, length)) {
		node->text = strdup(text);
		if (node->text != NULL) {
			node->size = length;
			return 0;
		}
		node->system->bytes -= length;
	}
	memory_entry_remove(memory_entry_find(parent->memory, name));
	return -ENOSPC;
}

static int memory_remove(const struct node *parent, const char *name, bool directory)
{
	struct memory_entry *entry = memory_entry_find(parent->memory, name);

	if (entry == NULL)
		return -ENOENT;
	if (!directory && S_ISDIR(entry->node->mode))
		return -EISDIR;
	if (directory && !S_ISDIR(entry->node->mode))
		return -ENOTDIR;
	if (directory && entry->node->first != NULL)
		return -ENOTEMPTY;
	memory_entry_remove(entry);
	return 0;
}

static int memory_link(const struct node *node, const struct node *from, const char *name, const struct node *to,
		       const char *new_name)
{
	(void)from, (void)name;
	if (to->memory->links < 2 || node->memory->links == 0)
		return -ENOENT;
	return memory_entry_add(to->memory, new_name, node->memory);
}

static bool is_inside(const struct memory_node *node, const struct memory_node *directory)
{
	while (node != NULL && node != directory)
		node = node->parent;
	return node != NULL;
}

/* May `from` take the place of `to`, a different node? */
static int check_replaced(const struct memory_node *from, const struct memory_node *to)
{
	if (S_ISDIR(from->mode) && !S_ISDIR(to->mode))
		return -ENOTDIR;
	if (!S_ISDIR(from->mode) && S_ISDIR(to->mode))
		return -EISDIR;
	return to->first != NULL ? -ENOTEMPTY : 0;
}

static int memory_rename(const struct node *from, const char *name, const struct node *to, const char *new_name,
			 unsigned flags)
{
	struct memory_entry *entry = memory_entry_find(from->memory, name);
	struct memory_entry *old = memory_entry_find(to->memory, new_name);
	struct memory_node *node;
	int result;

	if ((flags & ~(unsigned)RENAME_NOREPLACE) != 0)
		return -EINVAL;
	if (entry == NULL || to->memory->links < 2)
		return -ENOENT;
	node = entry->node;
	if (S_ISDIR(node->mode) && is_inside(to->memory, node))
		return -EINVAL;
	if (old != NULL && (flags & RENAME_NOREPLACE))
		return -EEXIST;
	if (old != NULL && old->node == node)
		return 0; /* two names of one file: both stay */
	result = old != NULL ? check_replaced(node, old->node) : 0;
	if (result < 0)
		return result;
	node->users++;
	result = memory_entry_add(to->memory, new_name, node);
	if (result == 0) {
		if (old != NULL)
			memory_entry_remove(old);
		memory_entry_remove(entry);
		if (S_ISDIR(node->mode))
			node->parent = to->memory;
	}
	node->users--;
	return result;
}

static int memory_open(const struct node *node, const struct node *parent, const char *name, int flags,
		       struct file *file)
{
	(void)parent, (void)name;
	if ((flags & O_TRUNC) && S_ISREG(node->type))
		memory_node_set_size(node->memory, 0);
	return memory_copy(node, &file->node);
}

static int memory_sync(struct file *file)
{
	(void)file;
	return 0;
}

static int memory_list(struct file *file, uint64_t offset, list_entry *entry, void *context)
{
	const struct memory_node *directory = file->node.memory;
	const struct memory_node *parent = directory->parent != NULL ? directory->parent : directory;

	/* Offsets 1 and 2 are behind "." and "..", those of entries come after. */
	if (directory->links < 2)
		return -ENOENT;
	if (offset < 1 && !entry(context, ".", S_IFDIR, directory->inode, 1))
		return 0;
	if (offset < 2 && !entry(context, "..", S_IFDIR, parent->inode, 2))
		return 0;
	for (const struct memory_entry *item = directory->first; item != NULL; item = item->next)
		if (item->cookie + 2 > offset &&
		    !entry(context, item->name, item->node->mode & S_IFMT, item->node->inode, item->cookie + 2))
			return 0;
	return 0;
}

const struct file_system memory_files = {
	.type = "tmpfs",
	.lookup = memory_lookup,
	.copy = memory_copy,
	.release = memory_release,
	.find = memory_find,
	.read_link = memory_read_link,
	.status = memory_status,
	.access = memory_access,
	.statfs = memory_statfs,
	.change_mode = memory_change_mode,
	.change_owner = memory_change_owner,
	.change_times = memory_change_times,
	.create = memory_create,
	.make = memory_make,
	.remove = memory_remove,
	.rename = memory_rename,
	.link = memory_link,
	.make_link = memory_make_link,
	.open = memory_open,
	.read = memory_read,
	.write = memory_write,
	.set_size = memory_set_size,
	.sync = memory_sync,
	.list = memory_list,
};
