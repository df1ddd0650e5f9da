/* SPDX-License-Identifier: MIT */
/* service_names.c: the operations that make, change and remove names. The order of the checks is Linux's. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service_parts.h"

/* May names be changed in this directory? */
static int check_writable(const struct node *directory, bool possible)
{
	return directory->mount->read_only || !possible ? -EROFS : 0;
}

/* ---- open ----------------------------------------------------------------------------------------------------------
 */

static int check_existing(const struct found *found, int flags)
{
	const struct node *node = &found->node;
	bool changes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC);

	if ((flags & O_CREAT) && (flags & O_EXCL))
		return -EEXIST;
	if ((flags & O_DIRECTORY) && !S_ISDIR(node->type))
		return -ENOTDIR;
	if (flags & O_PATH)
		return 0;
	if (S_ISLNK(node->type))
		return -ELOOP;
	if (S_ISDIR(node->type) && (changes || (flags & O_CREAT)))
		return -EISDIR;
	if (S_ISSOCK(node->type))
		return -ENXIO;
	if (S_ISFIFO(node->type))
		return 0;
	if (node->system == &host_files && !S_ISREG(node->type) && !S_ISDIR(node->type))
		return -EACCES; /* devices of the host stay the host's */
	if (changes && node->mount->read_only && !S_ISCHR(node->type))
		return -EROFS;
	return 0;
}

static int open_existing(const struct found *found, int flags, struct file *file)
{
	const struct node *parent = found->parent.system != NULL && !found->mounted ? &found->parent : NULL;
	int result = check_existing(found, flags);

	if (result < 0)
		return result;
	if ((flags & O_PATH) || S_ISFIFO(found->node.type))
		return node_copy(&found->node, &file->node);
	return found->node.system->open(&found->node, parent, found->name, flags, file);
}

static int open_new(const struct found *found, int flags, mode_t mode, struct file *file)
{
	int result;

	if (!(flags & O_CREAT))
		return -ENOENT;
	if (found->slash)
		return -EISDIR;
	result = check_writable(&found->parent, found->parent.system->create != NULL);
	if (result < 0)
		return result;
	return found->parent.system->create(&found->parent, found->name, flags, mode, file);
}

static uint32_t kind_of(const struct node *node)
{
	return S_ISDIR(node->type)    ? VMM_FILE_KIND_DIRECTORY
	       : S_ISCHR(node->type)  ? VMM_FILE_KIND_DEVICE
	       : S_ISFIFO(node->type) ? VMM_FILE_KIND_FIFO
				      : VMM_FILE_KIND_REGULAR;
}

/* Of a device file: major * 256 + minor; 0: of another file, or a number that does not fit. */
static int32_t device_number(const struct node *node)
{
	struct statx status;

	if (!S_ISCHR(node->type) || node->system->status(node, STATX_TYPE, &status) < 0 ||
	    status.stx_rdev_major > 0xff || status.stx_rdev_minor > 0xff)
		return 0;
	return (int32_t)(status.stx_rdev_major << 8 | status.stx_rdev_minor);
}

static int32_t free_handle(const struct file_service *service)
{
	for (int32_t handle = FIRST_HANDLE; handle < FIRST_HANDLE + FILE_HANDLES; handle++)
		if (service->files[handle] == NULL)
			return handle;
	return -ENFILE;
}

static int open_found(struct file_service *service, int flags, mode_t mode, struct file *file)
{
	struct found *found = &service->found;
	int result =
		found->node.system != NULL ? open_existing(found, flags, file) : open_new(found, flags, mode, file);

	if (result == -EREMOTE)
		return (int)service_remote(service, &file->node);
	if (result < 0)
		return result;
	file->flags = S_ISFIFO(file->node.type) ? flags | O_PATH : flags;
	file->path = strdup(found->path);
	if (file->path != NULL)
		return 0;
	service_close_file(file);
	return -ENOMEM;
}

int64_t service_open(struct file_service *service, struct vmm_file_request *request)
{
	int flags = (int)request->flags;
	bool exclusive = (flags & O_CREAT) && (flags & O_EXCL);
	int32_t handle = free_handle(service);
	struct file *file;
	int result;

	if ((flags & O_ACCMODE) == O_ACCMODE)
		return -EINVAL;
	if ((flags & O_TMPFILE) == O_TMPFILE)
		return -EOPNOTSUPP;
	if (flags & O_PATH)
		flags &= O_PATH | O_DIRECTORY | O_NOFOLLOW;
	if (handle < 0)
		return handle;
	result = service_walk(service, !(flags & O_NOFOLLOW) && !exclusive);
	if (result < 0)
		return result;
	file = calloc(1, sizeof(*file));
	result = file != NULL ? open_found(service, flags, request->mode & 07777, file) : -ENOMEM;
	if (result == -EEXIST && !exclusive) { /* somebody on the host made it between look-up and creation */
		found_release(&service->found);
		result = service_walk(service, !(flags & O_NOFOLLOW));
		if (result == 0)
			result = open_found(service, flags, request->mode & 07777, file);
	}
	if (result < 0) {
		free(file);
		return result;
	}
	service->files[handle] = file;
	request->kind = kind_of(&file->node);
	request->number = device_number(&file->node);
	return handle;
}

/* ---- directories ---------------------------------------------------------------------------------------------------
 */

/* Is there something here that a mount is, or that leads to one? */
static bool is_busy(struct file_service *service, const struct found *found)
{
	return found->mounted || found->covered || namespace_leads(&service->names, found->path);
}

/* A place for a new name: what is there, and whether the directory takes one. */
static int check_new(const struct found *found, bool possible)
{
	if (found->last != LAST_NAME || found->node.system != NULL)
		return -EEXIST;
	return check_writable(&found->parent, possible);
}

static int64_t make(struct file_service *service, mode_t mode)
{
	struct found *found = &service->found;
	int result = service_walk(service, false);

	if (result == 0)
		result = check_new(found, found->parent.system != NULL && found->parent.system->make != NULL);
	if (result == 0 && found->slash && !S_ISDIR(mode))
		result = -ENOENT;
	if (result < 0)
		return result;
	return found->parent.system->make(&found->parent, found->name, mode);
}

int64_t service_mkdir(struct file_service *service, struct vmm_file_request *request)
{
	return make(service, S_IFDIR | (request->mode & 07777));
}

int64_t service_mknod(struct file_service *service, struct vmm_file_request *request)
{
	mode_t type = request->mode & S_IFMT;

	if (type != S_IFREG && type != S_IFIFO)
		return -EPERM;
	return make(service, type | (request->mode & 07777));
}

/* Handles of what was there keep it, but its name is gone. */
static void mark_removed(struct file_service *service, const char *path)
{
	for (size_t i = FIRST_HANDLE; i < FIRST_HANDLE + FILE_HANDLES; i++)
		if (service->files[i] != NULL && strcmp(service->files[i]->path, path) == 0)
			service->files[i]->removed = true;
}

/* "." and the like cannot be removed. */
static int check_last(enum last last, bool directory)
{
	static const int of_directory[] = {
		[LAST_NAME] = 0, [LAST_DOT] = -EINVAL, [LAST_DOT_DOT] = -ENOTEMPTY, [LAST_ROOT] = -EBUSY};

	return directory ? of_directory[last] : last == LAST_NAME ? 0 : -EISDIR;
}

int64_t service_unlink(struct file_service *service, struct vmm_file_request *request)
{
	bool directory = request->flags & AT_REMOVEDIR;
	struct found *found = &service->found;
	int result;

	if ((request->flags & ~(unsigned)AT_REMOVEDIR) != 0)
		return -EINVAL;
	result = service_walk(service, false);
	if (result == 0)
		result = check_last(found->last, directory);
	if (result == 0)
		result = check_writable(&found->parent, found->parent.system->remove != NULL);
	if (result < 0)
		return result;
	if (found->node.system == NULL)
		return -ENOENT;
	if (is_busy(service, found))
		return -EBUSY;
	result = found->parent.system->remove(&found->parent, found->name, directory);
	if (result == 0)
		mark_removed(service, found->path);
	return result;
}

/* ---- rename, links -------------------------------------------------------------------------------------------------
 */

/* Handles at or below `from` are below `to` now. */
static void move_handles(struct file_service *service, const char *from, const char *to)
{
	size_t length = strlen(from), new_length = strlen(to);

	for (size_t i = FIRST_HANDLE; i < FIRST_HANDLE + FILE_HANDLES; i++) {
		struct file *file = service->files[i];
		char *moved;

		if (file == NULL || file->removed || strncmp(file->path, from, length) != 0 ||
		    (file->path[length] != '/' && file->path[length] != '\0'))
			continue;
		moved = malloc(new_length + strlen(file->path + length) + 1);
		if (moved == NULL || new_length + strlen(file->path + length) >= PATH_MAX) {
			file->removed = true;
			free(moved);
			continue;
		}
		memcpy(moved, to, new_length);
		strcpy(moved + new_length, file->path + length);
		free(file->path);
		file->path = moved;
	}
}

static int check_rename(struct file_service *service, unsigned flags)
{
	const struct found *from = &service->found, *to = &service->found2;

	if (from->last != LAST_NAME || to->last != LAST_NAME)
		return -EBUSY;
	if (from->parent.mount != to->parent.mount || from->parent.system != to->parent.system)
		return -EXDEV;
	if (check_writable(&from->parent, from->parent.system->rename != NULL) < 0)
		return -EROFS;
	if (from->node.system == NULL)
		return -ENOENT;
	if ((flags & RENAME_NOREPLACE) && to->node.system != NULL)
		return -EEXIST;
	if (!S_ISDIR(from->node.type) && (from->slash || to->slash))
		return -ENOTDIR;
	return is_busy(service, from) || (to->node.system != NULL && is_busy(service, to)) ? -EBUSY : 0;
}

int64_t service_rename(struct file_service *service, struct vmm_file_request *request)
{
	const struct found *from = &service->found, *to = &service->found2;
	int result;

	if ((request->flags & ~(unsigned)(RENAME_NOREPLACE | RENAME_EXCHANGE)) != 0 ||
	    request->flags == (RENAME_NOREPLACE | RENAME_EXCHANGE))
		return -EINVAL;
	result = service_walk(service, false);
	if (result == 0)
		result = service_walk2(service);
	if (result == 0)
		result = check_rename(service, request->flags);
	if (result == 0)
		result = from->parent.system->rename(&from->parent, from->name, &to->parent, to->name, request->flags);
	if (result < 0 || strcmp(from->path, to->path) == 0)
		return result;
	if (request->flags & RENAME_EXCHANGE) {
		move_handles(service, from->path, "//"); /* aside: no canonical path begins so */
		move_handles(service, to->path, from->path);
		move_handles(service, "//", to->path);
		return 0;
	}
	mark_removed(service, to->path);
	move_handles(service, from->path, to->path);
	return 0;
}

int64_t service_link(struct file_service *service, struct vmm_file_request *request)
{
	const struct found *from = &service->found, *to = &service->found2;
	int result;

	if ((request->flags & ~(unsigned)AT_SYMLINK_FOLLOW) != 0)
		return -EINVAL;
	result = service_walk(service, request->flags & AT_SYMLINK_FOLLOW);
	if (result == 0)
		result = service_walk2(service);
	if (result < 0)
		return result;
	if (from->node.system == NULL || (to->slash && to->node.system == NULL))
		return -ENOENT;
	if (to->last != LAST_NAME || to->node.system != NULL)
		return -EEXIST;
	if (to->parent.mount->read_only || to->parent.system->link == NULL)
		return from->node.mount != to->parent.mount ? -EXDEV : -EROFS;
	if (from->node.mount != to->parent.mount)
		return -EXDEV;
	if (from->last != LAST_NAME || S_ISDIR(from->node.type))
		return -EPERM;
	return to->parent.system->link(&from->node, &from->parent, from->name, &to->parent, to->name);
}

int64_t service_symlink(struct file_service *service, struct vmm_file_request *request)
{
	struct found *found = &service->found2;
	int result;

	(void)request;
	if (service->path[0] == '\0')
		return -ENOENT;
	result = service_walk2(service);
	if (result < 0)
		return result;
	if (found->slash && found->node.system == NULL)
		return -ENOENT;
	result = check_new(found, found->parent.system != NULL && found->parent.system->make_link != NULL);
	if (result < 0)
		return result;
	return found->parent.system->make_link(service->path, &found->parent, found->name);
}
