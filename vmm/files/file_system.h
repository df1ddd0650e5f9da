/* SPDX-License-Identifier: MIT */
/*
 * file_system.h: what a kind of file system can do, as a table of functions: a host directory, memory, /dev, /proc, and
 * the directories that exist only because a mount lies below them.
 *
 * Every function gives 0 or a count, or a negative errno. One that is missing stands for -EROFS where something would
 * be changed, and for -EINVAL elsewhere. Names are single components: no '/', not empty, not "." or "..", at most
 * NAME_MAX.
 */
#ifndef VMM_FILES_FILE_SYSTEM_H
#define VMM_FILES_FILE_SYSTEM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/vfs.h>
#include <time.h>

#include "machine/error.h"

struct file_system;
struct memory_node;

/* A file system at its place in the guest's name space. */
struct mount {
	char *path; /* canonical: "/", "/tmp" */
	const struct file_system *system;
	const char *source; /* for /proc/mounts */
	bool read_only;
	int fd;          /* a host directory (O_PATH), or a host file */
	uint32_t device; /* minor number of st_dev, for file systems that have none of the host's */
	time_t made;     /* times of what has none of its own */
	void *context;   /* the file system's own */
};

/* Anything that a path can lead to. */
struct node {
	const struct file_system *system; /* NULL: nothing */
	struct mount *mount;
	uint32_t type;   /* S_IFREG... */
	uint32_t remote; /* VMM_FILE_KIND_SELF_FD...: only the guest's kernel knows what it is; 0: we do */
	int fd;          /* host: the file, opened with O_PATH */
	bool borrowed;   /* fd belongs to somebody else */
	uint32_t pid;    /* /proc: whose directory */
	uint64_t id;     /* /dev, /proc: row and number; synthetic: its inode number */
	struct memory_node *memory;
};

/* An open file. */
struct file {
	struct node node; /* host: fd is open for data, not with O_PATH */
	char *path;       /* in the guest */
	int flags;        /* O_* */
	bool removed;     /* path leads nowhere any more */
	bool past_host;   /* directories: what is mounted below is being listed */
	char *text;       /* /proc: the generated content */
	size_t text_size;
};

/* One directory entry; false: no room for it, stop. `next` is the offset behind it. */
typedef bool list_entry(void *context, const char *name, uint32_t type, uint64_t inode, uint64_t next);

struct file_system {
	const char *type; /* for /proc/mounts */
	bool no_modify;   /* names cannot be made or removed here; the error is -EROFS */

	/* Names. A found node is released by the caller. */
	int (*lookup)(const struct node *directory, const char *name, struct node *child);
	int (*copy)(const struct node *node, struct node *copy); /* one more reference */
	void (*release)(struct node *node);
	/* The directory at a path relative to the mount, without symbolic links and ".."; "" is its root. */
	int (*find)(struct mount *mount, const char *path, struct node *found);
	int (*read_link)(const struct node *node, char *text, size_t size); /* the length, not more than size */

	/* Attributes. `mask` as in statx(2). */
	int (*status)(const struct node *node, unsigned mask, struct statx *status);
	int (*access)(const struct node *node, int mode);
	int (*statfs)(const struct node *node, struct statfs *status);
	int (*change_mode)(const struct node *node, mode_t mode);
	int (*change_owner)(const struct node *node, uid_t user, gid_t group);
	int (*change_times)(const struct node *node, const struct timespec *times);

	/* Changes of a directory. */
	int (*create)(const struct node *parent, const char *name, int flags, mode_t mode, struct file *file);
	int (*make)(const struct node *parent, const char *name, mode_t mode); /* with its type: not symbolic links */
	int (*remove)(const struct node *parent, const char *name, bool directory);
	int (*rename)(const struct node *from, const char *name, const struct node *to, const char *new_name,
		      unsigned flags);
	int (*link)(const struct node *node, const struct node *from, const char *name, const struct node *to,
		    const char *new_name);
	int (*make_link)(const char *text, const struct node *parent, const char *name);

	/* Open files. parent and name may be NULL: then node is the root of a mount, or a handle's own. On success
	   file->node is filled in. */
	int (*open)(const struct node *node, const struct node *parent, const char *name, int flags, struct file *file);
	void (*close)(struct file *file);
	ssize_t (*read)(struct file *file, void *to, size_t count, uint64_t offset);
	ssize_t (*write)(struct file *file, const void *from, size_t count, uint64_t *offset, bool append);
	int (*set_size)(struct file *file, uint64_t size);
	int (*sync)(struct file *file);
	int (*list)(struct file *file, uint64_t offset, list_entry *entry, void *context);
};

extern const struct file_system host_files, host_single_file, memory_files, device_files, process_files,
	synthetic_files;

/* One more reference to a node; and one less. */
int node_copy(const struct node *node, struct node *copy);
void node_release(struct node *node);

/* What is common to the status of all files that are not the host's. */
void status_fill(const struct node *node, mode_t mode, uint64_t inode, uint64_t size, struct statx *status);

/* The same for statfs. */
int statfs_fill(long magic, uint64_t blocks, uint64_t free_blocks, uint64_t nodes, uint64_t free_nodes,
		struct statfs *status);

/* access(2) for somebody who is root, by the mode alone: only executing needs a right. */
int access_by_mode(mode_t mode, int wanted);

#endif
