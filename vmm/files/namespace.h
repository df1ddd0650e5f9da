/* SPDX-License-Identifier: MIT */
/*
 * namespace.h: the guest's tree of names: which file system is mounted where, and the walk along a path. Symbolic links
 * are followed here, against the guest's root; the host never follows one. ".." is by the names of the way, so that it
 * leads back over a mount.
 */
#ifndef VMM_FILES_NAMESPACE_H
#define VMM_FILES_NAMESPACE_H

#include <limits.h>

#include "file_system.h"

#define NAMESPACE_MOUNTS 64
#define NAMESPACE_LINKS  40 /* symbolic links that a path may lead over; then -ELOOP */

struct namespace
{
	struct mount mounts[NAMESPACE_MOUNTS];
	size_t count;
};

/* What a path's last component is. */
enum last { LAST_NAME, LAST_DOT, LAST_DOT_DOT, LAST_ROOT };

/* Where a path led. With LAST_NAME the directory and the name in it are known, and node.system is NULL if there is no
   such name. Released by found_release(). */
struct found {
	struct node parent, node;
	char name[NAME_MAX + 1];
	char path[PATH_MAX]; /* canonical, from the guest's root */
	enum last last;
	bool slash;   /* the path ended in '/': it must be a directory */
	bool mounted; /* node is the root of a mount */
	bool covered; /* node is above a mount, and exists for it only */
};

/* Adds a mount; `path` is canonical and absolute, and copied. What is below it is hidden. False: too many, no memory.
 */
struct mount *namespace_mount(struct namespace *names, const char *path, const struct file_system *system);
struct mount *namespace_mount_at(struct namespace *names, const char *path);

/* Closes what the mounts hold, and forgets them. */
void namespace_close(struct namespace *names);

/* The directory with that canonical path. */
int namespace_find(struct namespace *names, const char *path, struct node *found);

/* Walks along `path`, from the directory `start`, which is at `start_path`; both NULL: from the root. A symbolic link
   at the end is followed if `follow`. 0 also if only the last component is missing. -EREMOTE: found->node.remote says
   what is there. */
int namespace_walk(struct namespace *names, const struct node *start, const char *start_path, const char *path,
		   bool follow, struct found *found);
void found_release(struct found *found);

/* The mounts, and what leads to them, that are to be seen in the directory at `path`, one by one from `index` on;
   false: no more. If the directory has an entry of that name itself, a mount root takes its place, and what only leads
   to one is not seen. */
bool namespace_child(struct namespace *names, const char *path, size_t index, char name[NAME_MAX + 1],
		     struct node *node);

/* Does a mount lie below `path`? */
bool namespace_leads(struct namespace *names, const char *path);

/* Is `name` in the directory at `path` the root of a mount? Then `node` is that root, to be released. */
bool namespace_mounted(struct namespace *names, const char *path, const char *name, struct node *node);

#endif
