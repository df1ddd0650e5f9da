/* SPDX-License-Identifier: MIT */
/* service_attributes.c: the operations that ask for or change what a file is like; each takes a path or a handle. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "service_parts.h"

#define STANDARD        1    /* a result: the handle is one of the VMM's own descriptors */
#define ST_RDONLY_FLAGS 0x21 /* ST_RDONLY and ST_VALID of statfs(2) */

/* What the request is about, in found.node: the path's, or without one the handle's. 0, STANDARD (then node is empty),
   or a negative errno. */
static int64_t find_target(struct file_service *service, bool follow)
{
	struct vmm_file_request *request = &service->request;
	struct found *found = &service->found;
	bool empty = request->path == 0 || (service->path[0] == '\0' && (request->flags & AT_EMPTY_PATH));
	struct file *file;
	int result;

	if (!empty) {
		result = service_walk(service, follow);
		if (result < 0)
			return result;
		return found->node.system != NULL ? 0 : -ENOENT;
	}
	if (request->handle == VMM_FILE_ROOT) {
		strcpy(service->path, "/");
		return service_walk(service, true);
	}
	if (service_is_standard(request->handle))
		return STANDARD;
	file = service_file(service, request->handle);
	if (file == NULL)
		return -EBADF;
	found->parent = (struct node){0};
	found->mounted = false;
	return node_copy(&file->node, &found->node);
}

static int64_t status_of_target(struct file_service *service, unsigned mask, struct statx *status)
{
	struct vmm_file_request *request = &service->request;
	const struct node *node = &service->found.node;
	int64_t result = find_target(service, !(request->flags & AT_SYMLINK_NOFOLLOW));

	if (result == STANDARD)
		return standard_status(&service->standard, request->handle, mask, status);
	if (result < 0)
		return result;
	if (node->remote == VMM_FILE_KIND_SELF_FD) /* is it open at all? */
		return service_remote(service, node);
	return node->system->status(node, mask, status);
}

static struct timespec time_of(const struct statx_timestamp *from)
{
	return (struct timespec){.tv_sec = from->tv_sec, .tv_nsec = from->tv_nsec};
}

static struct stat convert(const struct statx *from)
{
	return (struct stat){
		.st_dev = makedev(from->stx_dev_major, from->stx_dev_minor),
		.st_ino = from->stx_ino,
		.st_nlink = from->stx_nlink,
		.st_mode = from->stx_mode,
		.st_uid = from->stx_uid,
		.st_gid = from->stx_gid,
		.st_rdev = makedev(from->stx_rdev_major, from->stx_rdev_minor),
		.st_size = (off_t)from->stx_size,
		.st_blksize = (blksize_t)from->stx_blksize,
		.st_blocks = (blkcnt_t)from->stx_blocks,
		.st_atim = time_of(&from->stx_atime),
		.st_mtim = time_of(&from->stx_mtime),
		.st_ctim = time_of(&from->stx_ctime),
	};
}

int64_t service_stat(struct file_service *service, struct vmm_file_request *request)
{
	struct statx extended = {0};
	struct stat status;
	int64_t result = status_of_target(service, STATX_BASIC_STATS, &extended);

	_Static_assert(sizeof(status) == 144, "the guest's struct stat");
	if (result < 0)
		return result;
	status = convert(&extended);
	return service_put(service, request->buffer, &status, sizeof(status));
}

int64_t service_statx(struct file_service *service, struct vmm_file_request *request)
{
	struct statx status = {0};
	int64_t result;

	_Static_assert(sizeof(status) == 256, "the guest's struct statx");
	if (request->mode & STATX__RESERVED)
		return -EINVAL;
	result = status_of_target(service, (request->mode & STATX_ALL) | STATX_BASIC_STATS, &status);
	return result < 0 ? result : service_put(service, request->buffer, &status, sizeof(status));
}

int64_t service_statfs(struct file_service *service, struct vmm_file_request *request)
{
	const struct node *node = &service->found.node;
	struct statfs status = {0};
	int64_t result = find_target(service, true);

	_Static_assert(sizeof(status) == 120, "the guest's struct statfs");
	if (result == STANDARD)
		result = fstatfs(standard_descriptor(&service->standard, request->handle), &status) < 0 ? -errno : 0;
	else if (result == 0)
		result = node->system->statfs(node, &status);
	if (result < 0)
		return result;
	if (node->system != NULL && node->mount->read_only)
		status.f_flags |= ST_RDONLY_FLAGS;
	return service_put(service, request->buffer, &status, sizeof(status));
}

int64_t service_readlink(struct file_service *service, struct vmm_file_request *request)
{
	const struct node *node = &service->found.node;
	uint64_t room = request->bytes < PATH_MAX ? request->bytes : PATH_MAX;
	char text[PATH_MAX];
	int64_t result;
	int length;

	if (request->bytes == 0)
		return -EINVAL;
	result = find_target(service, false);
	if (result == STANDARD)
		return -EINVAL;
	if (result < 0)
		return result;
	if (!S_ISLNK(node->type))
		return -EINVAL;
	if (node->remote != 0)
		return service_remote(service, node);
	length = node->system->read_link(node, text, room);
	if (length < 0)
		return length;
	result = service_put(service, request->buffer, text, (uint64_t)length);
	return result < 0 ? result : length;
}

int64_t service_access(struct file_service *service, struct vmm_file_request *request)
{
	const struct node *node = &service->found.node;
	int64_t result;

	if ((request->mode & ~(unsigned)(R_OK | W_OK | X_OK)) != 0)
		return -EINVAL;
	result = find_target(service, !(request->flags & AT_SYMLINK_NOFOLLOW));
	if (result == STANDARD)
		return 0;
	if (result < 0)
		return result;
	if ((request->mode & W_OK) && node->mount->read_only && !S_ISCHR(node->type))
		return -EROFS;
	return node->system->access(node, (int)request->mode);
}

/* ---- changes -------------------------------------------------------------------------------------------------------
 */

/* The same, for something that is to be changed. */
static int64_t find_changed(struct file_service *service)
{
	int64_t result = find_target(service, !(service->request.flags & AT_SYMLINK_NOFOLLOW));

	if (result == STANDARD)
		return -EPERM; /* what the host's standard descriptors are is the host's */
	return result == 0 && service->found.node.mount->read_only ? -EROFS : result;
}

int64_t service_chmod(struct file_service *service, struct vmm_file_request *request)
{
	const struct node *node = &service->found.node;
	int64_t result = find_changed(service);

	if (result < 0)
		return result;
	return node->system->change_mode != NULL ? node->system->change_mode(node, request->mode & 07777) : -EROFS;
}

int64_t service_chown(struct file_service *service, struct vmm_file_request *request)
{
	const struct node *node = &service->found.node;
	int64_t result = find_changed(service);

	if (result < 0)
		return result;
	return node->system->change_owner != NULL
		       ? node->system->change_owner(node, request->mode, (gid_t)request->number)
		       : -EROFS;
}

static bool is_time(const struct timespec *time)
{
	return time->tv_nsec == UTIME_NOW || time->tv_nsec == UTIME_OMIT ||
	       (time->tv_nsec >= 0 && time->tv_nsec < 1000000000);
}

int64_t service_utimens(struct file_service *service, struct vmm_file_request *request)
{
	const struct node *node = &service->found.node;
	struct timespec times[2];
	int64_t result;

	if (request->buffer != 0) {
		if (service_get(service, request->buffer, times, sizeof(times)) < 0)
			return -EFAULT;
		if (!is_time(&times[0]) || !is_time(&times[1]))
			return -EINVAL;
		if (times[0].tv_nsec == UTIME_OMIT && times[1].tv_nsec == UTIME_OMIT)
			return 0;
	}
	result = find_changed(service);
	if (result < 0)
		return result;
	return node->system->change_times != NULL
		       ? node->system->change_times(node, request->buffer != 0 ? times : NULL)
		       : -EROFS;
}

static int64_t truncate_path(struct file_service *service, uint64_t size)
{
	const struct found *found = &service->found;
	const struct node *node = &found->node;
	struct file file = {0};
	int64_t result = service_walk(service, true);

	if (result == 0 && node->system == NULL)
		result = -ENOENT;
	if (result < 0)
		return result;
	if (!S_ISREG(node->type))
		return S_ISDIR(node->type) ? -EISDIR : -EINVAL;
	if (node->mount->read_only || node->system->set_size == NULL)
		return -EROFS;
	result = node->system->open(node, found->parent.system != NULL ? &found->parent : NULL, found->name, O_WRONLY,
				    &file);
	if (result < 0)
		return result;
	result = node->system->set_size(&file, size);
	service_close_file(&file);
	return result;
}

int64_t service_truncate(struct file_service *service, struct vmm_file_request *request)
{
	struct file *file;

	if (request->offset > INT64_MAX)
		return -EINVAL;
	if (request->path != 0)
		return truncate_path(service, request->offset);
	if (service_is_standard(request->handle))
		return -EINVAL;
	file = service_file(service, request->handle);
	if (file == NULL || (file->flags & O_PATH))
		return -EBADF;
	if ((file->flags & O_ACCMODE) == O_RDONLY || !S_ISREG(file->node.type) || file->node.system->set_size == NULL)
		return -EINVAL;
	return file->node.system->set_size(file, request->offset);
}
