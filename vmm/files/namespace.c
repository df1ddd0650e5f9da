/* SPDX-License-Identifier: MIT */
/* namespace.c: mounts, and the walk along a path, as path_resolution(7) describes it. */
#include "namespace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIRST_DEVICE 0xff000 /* minor numbers that no file system of the host has */
#define REST_SIZE    (4 * PATH_MAX)

/* What is left of `path` below `top`: "" for itself, NULL if it is not below. */
static const char *below(const char *path, const char *top)
{
	size_t length = strlen(top);

	if (strcmp(top, "/") == 0)
		return path + 1;
	if (strncmp(path, top, length) != 0)
		return NULL;
	return path[length] == '\0' ? path + length : path[length] == '/' ? path + length + 1 : NULL;
}

struct mount *namespace_mount_at(struct namespace *names, const char *path)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->mounts[i].path, path) == 0)
			return &names->mounts[i];
	return NULL;
}

struct mount *namespace_mount(struct namespace *names, const char *path, const struct file_system *system)
{
	struct mount *mount = &names->mounts[names->count];

	if (names->count == NAMESPACE_MOUNTS)
		return NULL;
	*mount = (struct mount){
		.path = strdup(path),
		.system = system,
		.source = system->type,
		.read_only = true,
		.fd = -1,
		.device = FIRST_DEVICE + (uint32_t)names->count,
		.made = time(NULL),
	};
	if (mount->path == NULL)
		return NULL;
	names->count++;
	return mount;
}

void namespace_close(struct namespace *names)
{
	while (names->count > 0) {
		struct mount *mount = &names->mounts[--names->count];

		if (mount->fd >= 0)
			close(mount->fd);
		free(mount->path);
	}
}

/* The mount that holds `path`, and the path inside it. */
static struct mount *mount_of(struct namespace *names, const char *path, const char **inside)
{
	struct mount *best = NULL;

	for (size_t i = 0; i < names->count; i++) {
		const char *rest = below(path, names->mounts[i].path);

		if (rest != NULL && (best == NULL || strlen(names->mounts[i].path) > strlen(best->path))) {
			best = &names->mounts[i];
			*inside = rest;
		}
	}
	return best;
}

bool namespace_leads(struct namespace *names, const char *path)
{
	for (size_t i = 0; i < names->count; i++)
		if (below(names->mounts[i].path, path) != NULL && strcmp(names->mounts[i].path, path) != 0)
			return true;
	return false;
}

static void make_synthetic(struct namespace *names, const char *path, struct node *node)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (const char *c = path; *c != '\0'; c++)
		hash = (hash ^ (uint8_t)*c) * UINT64_C(0x100000001b3);
	*node = (struct node){
		.system = &synthetic_files,
		.mount = namespace_mount_at(names, "/"),
		.type = S_IFDIR,
		.id = (hash >> 16) | 2,
	};
}

int namespace_find(struct namespace *names, const char *path, struct node *found)
{
	const char *inside = "";
	struct mount *mount = mount_of(names, path, &inside);
	int result = mount != NULL ? mount->system->find(mount, inside, found) : -ENOENT;

	if (result == -ENOENT && namespace_leads(names, path)) {
		make_synthetic(names, path, found);
		return 0;
	}
	return result;
}

/* ---- the walk --------------------------------------------------------------------------------------------------- */

struct walk_state {
	struct namespace *names;
	struct found *found;
	struct node at; /* the directory reached so far, at found->path */
	char rest[REST_SIZE];
	unsigned links;
	bool follow;
};

/* Appends a component to a canonical path. */
static int path_append(char *path, const char *name)
{
	size_t length = strlen(path), more = strlen(name);
	size_t slash = path[1] != '\0';

	if (length + slash + more >= PATH_MAX)
		return -ENAMETOOLONG;
	if (slash)
		path[length++] = '/';
	memcpy(path + length, name, more + 1);
	return 0;
}

static void path_pop(char *path)
{
	char *slash = strrchr(path, '/');

	slash[slash == path] = '\0';
}

static int go_to(struct walk_state *walk)
{
	struct node node;
	int result = namespace_find(walk->names, walk->found->path, &node);

	if (result < 0)
		return result;
	node_release(&walk->at);
	walk->at = node;
	return 0;
}

/* The entry `name` of the directory reached; found->path is its path. */
static int look_up(struct walk_state *walk, const char *name, struct node *child)
{
	struct found *found = walk->found;
	struct mount *mount = namespace_mount_at(walk->names, found->path);
	int result;

	found->mounted = mount != NULL;
	found->covered = false;
	if (mount != NULL)
		return mount->system->find(mount, "", child);
	if (walk->at.system->lookup == NULL)
		return -ENOENT;
	result = walk->at.system->lookup(&walk->at, name, child);
	if (result != -ENOENT || !namespace_leads(walk->names, found->path))
		return result;
	found->covered = true;
	make_synthetic(walk->names, found->path, child);
	return 0;
}

/* Puts a link's text before what is left of the path, and goes to where it begins. */
static int follow_link(struct walk_state *walk, const struct node *link, const char *rest)
{
	char text[PATH_MAX];
	size_t left = strlen(rest);
	int length;

	if (++walk->links > NAMESPACE_LINKS)
		return -ELOOP;
	length = link->system->read_link(link, text, sizeof(text) - 1);
	if (length < 0)
		return length;
	if (length == 0)
		return -ENOENT;
	if ((size_t)length + left >= REST_SIZE)
		return -ENAMETOOLONG;
	memmove(walk->rest + length, rest, left + 1);
	memcpy(walk->rest, text, (size_t)length);
	if (text[0] == '/') {
		strcpy(walk->found->path, "/");
		return go_to(walk);
	}
	path_pop(walk->found->path);
	return 0;
}

static int step_dots(struct walk_state *walk, bool up)
{
	struct found *found = walk->found;

	found->last = up ? LAST_DOT_DOT : LAST_DOT;
	if (!up)
		return 0;
	path_pop(found->path);
	return go_to(walk);
}

/* One name. `rest` is what follows it. Returns 1 when the end is reached. */
static int step_name(struct walk_state *walk, const char *name, const char *rest)
{
	struct found *found = walk->found;
	bool slash = rest[0] == '/', last = rest[strspn(rest, "/")] == '\0';
	struct node child;
	int result = path_append(found->path, name);

	if (result < 0)
		return result;
	result = look_up(walk, name, &child);
	if (result < 0 && (result != -ENOENT || !last))
		return result;
	if (result == 0 && S_ISLNK(child.type) && (!last || slash || walk->follow)) {
		if (child.remote == 0) {
			result = follow_link(walk, &child, rest);
			node_release(&child);
			return result;
		}
		if (!last || slash) {
			node_release(&child);
			return -ENOENT; /* what lies behind it, only the guest's kernel could say */
		}
		found->node = child;
		return -EREMOTE;
	}
	if (last) {
		found->last = LAST_NAME;
		found->slash = slash;
		strcpy(found->name, name);
		found->parent = walk->at;
		walk->at = (struct node){0};
		if (result == 0)
			found->node = child;
		return result == 0 && slash && !S_ISDIR(child.type) ? -ENOTDIR : 1;
	}
	node_release(&walk->at);
	walk->at = child;
	memmove(walk->rest, rest, strlen(rest) + 1);
	return 0;
}

/* One component of walk->rest. Returns 1 when the end is reached. */
static int step(struct walk_state *walk)
{
	const char *start = walk->rest + strspn(walk->rest, "/");
	size_t length = strcspn(start, "/");
	char name[NAME_MAX + 1];
	int result;

	if (length == 0)
		return 1;
	if (!S_ISDIR(walk->at.type))
		return -ENOTDIR;
	if (length > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(name, start, length);
	name[length] = '\0';
	if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
		return step_name(walk, name, start + length);
	result = step_dots(walk, name[1] == '.');
	memmove(walk->rest, start + length, strlen(start + length) + 1);
	return result;
}

static int begin(struct walk_state *walk, const struct node *start, const char *start_path, const char *path)
{
	strcpy(walk->rest, path);
	walk->found->last = LAST_ROOT;
	if (path[0] == '/' || start == NULL) {
		strcpy(walk->found->path, "/");
		return namespace_find(walk->names, "/", &walk->at);
	}
	walk->found->last = LAST_DOT;
	strcpy(walk->found->path, start_path);
	walk->at = *start;
	walk->at.borrowed = true;
	return start->system == &memory_files ? node_copy(start, &walk->at) : 0;
}

int namespace_walk(struct namespace *names, const struct node *start, const char *start_path, const char *path,
		   bool follow, struct found *found)
{
	struct walk_state walk;
	int result;

	found->parent = found->node = (struct node){0};
	found->slash = found->mounted = found->covered = false;
	if (path[0] == '\0')
		return -ENOENT;
	if (strlen(path) >= PATH_MAX)
		return -ENAMETOOLONG;
	walk.names = names;
	walk.found = found;
	walk.at = (struct node){0};
	walk.links = 0;
	walk.follow = follow;
	result = begin(&walk, start, start_path, path);
	while (result == 0)
		result = step(&walk);
	if (result == 1 && found->parent.system == NULL) {
		found->node = walk.at; /* the path ended in ".", ".." or is the root */
		walk.at = (struct node){0};
		found->mounted = namespace_mount_at(names, found->path) != NULL;
	}
	node_release(&walk.at);
	if (result == 1)
		return 0;
	if (result != -EREMOTE)
		found_release(found);
	return result;
}

void found_release(struct found *found)
{
	node_release(&found->parent);
	node_release(&found->node);
}

/* ---- what is to be seen in a directory ----------------------------------------------------------------------------
 */

/* The first component of mount `index` below the directory; false: it is not below. */
static bool child_name(struct namespace *names, const char *path, size_t index, char *name)
{
	const char *rest = below(names->mounts[index].path, path);
	size_t length = rest != NULL ? strcspn(rest, "/") : 0;

	if (length == 0 || length > NAME_MAX)
		return false;
	memcpy(name, rest, length);
	name[length] = '\0';
	return true;
}

bool namespace_mounted(struct namespace *names, const char *path, const char *name, struct node *node)
{
	for (size_t i = 0; i < names->count; i++) {
		const char *rest = below(names->mounts[i].path, path);

		if (rest != NULL && rest[0] != '\0' && strcmp(rest, name) == 0)
			return namespace_find(names, names->mounts[i].path, node) == 0;
	}
	return false;
}

bool namespace_child(struct namespace *names, const char *path, size_t index, char name[NAME_MAX + 1],
		     struct node *node)
{
	char other[NAME_MAX + 1], full[PATH_MAX];

	node->system = NULL;
	if (index >= names->count)
		return false;
	name[0] = '\0';
	if (!child_name(names, path, index, name))
		return true;
	for (size_t i = 0; i < index; i++)
		if (child_name(names, path, i, other) && strcmp(name, other) == 0)
			return true; /* shown already */
	strcpy(full, path);
	if (path_append(full, name) < 0)
		return true;
	if (namespace_mount_at(names, full) == NULL)
		make_synthetic(names, full, node);
	else if (namespace_find(names, full, node) < 0)
		node->system = NULL;
	return true;
}
