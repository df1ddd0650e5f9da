/* SPDX-License-Identifier: MIT */
/* file_system.c: what all kinds of file system share, and the directories that exist for the sake of mounts only. */
#include "file_system.h"

#include <errno.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/stat.h>
#include <string.h>
#include <unistd.h>

#define BLOCK      4096
#define ST_FLAGS   0x20 /* ST_VALID of the kernel: f_flags is filled in */
#define BASIC_MASK 0x7ffU

int node_copy(const struct node *node, struct node *copy)
{
	if (node->system->copy != NULL)
		return node->system->copy(node, copy);
	*copy = *node;
	return 0;
}

void node_release(struct node *node)
{
	if (node->system != NULL && node->system->release != NULL)
		node->system->release(node);
	node->system = NULL;
}

void status_fill(const struct node *node, mode_t mode, uint64_t inode, uint64_t size, struct statx *status)
{
	const struct statx_timestamp made = {.tv_sec = node->mount->made};

	*status = (struct statx){
		.stx_atime = made,
		.stx_mtime = made,
		.stx_ctime = made,
		.stx_mask = BASIC_MASK,
		.stx_blksize = BLOCK,
		.stx_nlink = S_ISDIR(mode) ? 2 : 1,
		.stx_mode = (uint16_t)mode,
		.stx_ino = inode,
		.stx_size = size,
		.stx_blocks = S_ISREG(mode) ? (size + BLOCK - 1) / BLOCK * (BLOCK / 512) : 0,
		.stx_dev_minor = node->mount->device,
	};
}

int statfs_fill(long magic, uint64_t blocks, uint64_t free_blocks, uint64_t nodes, uint64_t free_nodes,
		struct statfs *status)
{
	*status = (struct statfs){
		.f_type = magic,
		.f_bsize = BLOCK,
		.f_blocks = blocks,
		.f_bfree = free_blocks,
		.f_bavail = free_blocks,
		.f_files = nodes,
		.f_ffree = free_nodes,
		.f_namelen = NAME_MAX,
		.f_frsize = BLOCK,
		.f_flags = ST_FLAGS,
	};
	return 0;
}

int access_by_mode(mode_t mode, int wanted)
{
	return (wanted & X_OK) && S_ISREG(mode) && !(mode & 0111) ? -EACCES : 0;
}

/* ---- directories that a mount needs above it: the name space knows what is in them ------------------------------- */

static int synthetic_lookup(const struct node *directory, const char *name, struct node *child)
{
	(void)directory, (void)name, (void)child;
	return -ENOENT;
}

/* Only its root: all others are made by the name space. */
static int synthetic_find(struct mount *mount, const char *path, struct node *found)
{
	if (path[0] != '\0')
		return -ENOENT;
	*found = (struct node){.system = &synthetic_files, .mount = mount, .type = S_IFDIR, .id = 1};
	return 0;
}

static int synthetic_status(const struct node *node, unsigned mask, struct statx *status)
{
	(void)mask;
	status_fill(node, S_IFDIR | 0555, node->id, 0, status);
	return 0;
}

static int synthetic_access(const struct node *node, int mode)
{
	(void)node, (void)mode;
	return 0;
}

static int synthetic_statfs(const struct node *node, struct statfs *status)
{
	(void)node;
	return statfs_fill(RAMFS_MAGIC, 0, 0, 0, 0, status);
}

static int synthetic_open(const struct node *node, const struct node *parent, const char *name, int flags,
			  struct file *file)
{
	(void)parent, (void)name, (void)flags;
	file->node = *node;
	return 0;
}

static int synthetic_list(struct file *file, uint64_t offset, list_entry *entry, void *context)
{
	if (offset < 1 && !entry(context, ".", S_IFDIR, file->node.id, 1))
		return 0;
	if (offset < 2)
		(void)entry(context, "..", S_IFDIR, 1, 2);
	return 0;
}

const struct file_system synthetic_files = {
	.type = "rootfs",
	.lookup = synthetic_lookup,
	.find = synthetic_find,
	.status = synthetic_status,
	.access = synthetic_access,
	.statfs = synthetic_statfs,
	.open = synthetic_open,
	.list = synthetic_list,
};
