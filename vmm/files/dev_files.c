/* SPDX-License-Identifier: MIT */
/* dev_files.c: /dev, a table: one row a name. */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/random.h>
#include <sys/sysmacros.h>

#include "abi.h"
#include "file_system.h"

static ssize_t read_nothing(void *to, size_t count)
{
	(void)to, (void)count;
	return 0;
}

static ssize_t read_zeros(void *to, size_t count)
{
	memset(to, 0, count);
	return (ssize_t)count;
}

static ssize_t read_random(void *to, size_t count)
{
	ssize_t got = getrandom(to, count, 0);

	return got < 0 ? -errno : got;
}

/* A row with a link is a symbolic link, one with `remote` leads to what the guest's kernel knows; id 0 is /dev. */
static const struct row {
	const char *name, *link;
	unsigned major, minor, remote;
	ssize_t (*read)(void *to, size_t count);
	int write_error;
} rows[] = {
	{.name = ""},
	{.name = "null", .major = 1, .minor = 3, .read = read_nothing},
	{.name = "zero", .major = 1, .minor = 5, .read = read_zeros},
	{.name = "full", .major = 1, .minor = 7, .read = read_zeros, .write_error = ENOSPC},
	{.name = "random", .major = 1, .minor = 8, .read = read_random},
	{.name = "urandom", .major = 1, .minor = 9, .read = read_random},
	{.name = "tty", .major = 5, .minor = 0, .remote = VMM_FILE_KIND_TTY},
	{.name = "console", .major = 5, .minor = 1, .remote = VMM_FILE_KIND_TTY},
	{.name = "fd", .link = "/proc/self/fd"},
	{.name = "stdin", .link = "/proc/self/fd/0"},
	{.name = "stdout", .link = "/proc/self/fd/1"},
	{.name = "stderr", .link = "/proc/self/fd/2"},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

#define DIRECTORY_SIZE (20 * (ROWS + 1)) /* as in Linux's tmpfs, with "." and ".." */

static uint32_t type_of(const struct row *row)
{
	return row == rows ? S_IFDIR : row->link != NULL ? S_IFLNK : S_IFCHR;
}

static void fill_node(struct mount *mount, size_t id, struct node *node)
{
	*node = (struct node){.system = &device_files, .mount = mount, .type = type_of(&rows[id]), .id = id};
}

static int device_lookup(const struct node *directory, const char *name, struct node *child)
{
	for (size_t i = 1; i < ROWS; i++)
		if (strcmp(rows[i].name, name) == 0) {
			fill_node(directory->mount, i, child);
			return 0;
		}
	return -ENOENT;
}

static int device_find(struct mount *mount, const char *path, struct node *found)
{
	if (path[0] != '\0')
		return -ENOENT;
	fill_node(mount, 0, found);
	return 0;
}

static int device_read_link(const struct node *node, char *text, size_t size)
{
	size_t length = strnlen(rows[node->id].link, size);

	memcpy(text, rows[node->id].link, length);
	return (int)length;
}

static int device_status(const struct node *node, unsigned mask, struct statx *status)
{
	static const mode_t rights[] = {[S_IFDIR >> 12] = 0755, [S_IFLNK >> 12] = 0777, [S_IFCHR >> 12] = 0666};
	const struct row *row = &rows[node->id];

	(void)mask;
	status_fill(node, node->type | rights[node->type >> 12], node->id + 1,
		    row->link != NULL ? strlen(row->link) : DIRECTORY_SIZE * (node->id == 0), status);
	status->stx_rdev_major = row->major;
	status->stx_rdev_minor = row->minor;
	return 0;
}

static int device_access(const struct node *node, int mode)
{
	return (mode & 1) && S_ISCHR(node->type) ? -EACCES : 0; /* X_OK */
}

static int device_statfs(const struct node *node, struct statfs *status)
{
	(void)node;
	return statfs_fill(TMPFS_MAGIC, 0, 0, 0, 0, status);
}

static int device_open(const struct node *node, const struct node *parent, const char *name, int flags,
		       struct file *file)
{
	(void)parent, (void)name;
	if (rows[node->id].remote != 0 && !(flags & O_PATH)) {
		file->node.remote = rows[node->id].remote;
		return -EREMOTE;
	}
	file->node = *node;
	return 0;
}

static ssize_t device_read(struct file *file, void *to, size_t count, uint64_t offset)
{
	(void)offset;
	return rows[file->node.id].read(to, count);
}

static ssize_t device_write(struct file *file, const void *from, size_t count, uint64_t *offset, bool append)
{
	(void)from, (void)offset, (void)append;
	return rows[file->node.id].write_error != 0 ? -rows[file->node.id].write_error : (ssize_t)count;
}

static int device_list(struct file *file, uint64_t offset, list_entry *entry, void *context)
{
	(void)file;
	for (size_t at = offset; at < ROWS + 1; at++) {
		size_t id = at > 0 ? at - 1 : 0; /* "." and ".." first */
		const char *name = at == 0 ? "." : at == 1 ? ".." : rows[id].name;

		if (!entry(context, name, type_of(&rows[id]), id + 1, at + 1))
			return 0;
	}
	return 0;
}

const struct file_system device_files = {
	.type = "devtmpfs",
	.lookup = device_lookup,
	.find = device_find,
	.read_link = device_read_link,
	.status = device_status,
	.access = device_access,
	.statfs = device_statfs,
	.open = device_open,
	.read = device_read,
	.write = device_write,
	.list = device_list,
};
