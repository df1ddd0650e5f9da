/* SPDX-License-Identifier: MIT */
/* file_service.c: one request: copied, checked, carried out by its row of the table, and written back. */
#include "file_service.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run/walk.h"
#include "service_parts.h"

/* What is done about a request's path before the operation. */
enum path_use { UNUSED, OPTIONAL, NEEDED };

static const struct {
	service_operation *operation;
	enum path_use path, path2;
} operations[] = {
	[VMM_FILE_OPEN] = {service_open, NEEDED, UNUSED},
	[VMM_FILE_CLOSE] = {service_close, UNUSED, UNUSED},
	[VMM_FILE_READ] = {service_read, UNUSED, UNUSED},
	[VMM_FILE_WRITE] = {service_write, UNUSED, UNUSED},
	[VMM_FILE_STAT] = {service_stat, OPTIONAL, UNUSED},
	[VMM_FILE_STATX] = {service_statx, OPTIONAL, UNUSED},
	[VMM_FILE_GETDENTS] = {service_getdents, UNUSED, UNUSED},
	[VMM_FILE_SIZE] = {service_size, UNUSED, UNUSED},
	[VMM_FILE_TRUNCATE] = {service_truncate, OPTIONAL, UNUSED},
	[VMM_FILE_MKDIR] = {service_mkdir, NEEDED, UNUSED},
	[VMM_FILE_MKNOD] = {service_mknod, NEEDED, UNUSED},
	[VMM_FILE_UNLINK] = {service_unlink, NEEDED, UNUSED},
	[VMM_FILE_RENAME] = {service_rename, NEEDED, NEEDED},
	[VMM_FILE_LINK] = {service_link, NEEDED, NEEDED},
	[VMM_FILE_SYMLINK] = {service_symlink, NEEDED, NEEDED},
	[VMM_FILE_READLINK] = {service_readlink, OPTIONAL, UNUSED},
	[VMM_FILE_ACCESS] = {service_access, OPTIONAL, UNUSED},
	[VMM_FILE_CHMOD] = {service_chmod, OPTIONAL, UNUSED},
	[VMM_FILE_CHOWN] = {service_chown, OPTIONAL, UNUSED},
	[VMM_FILE_UTIMENS] = {service_utimens, OPTIONAL, UNUSED},
	[VMM_FILE_SYNC] = {service_sync, UNUSED, UNUSED},
	[VMM_FILE_STATFS] = {service_statfs, OPTIONAL, UNUSED},
	[VMM_FILE_PATH] = {service_path, UNUSED, UNUSED},
	[VMM_FILE_POLL] = {service_poll, UNUSED, UNUSED},
	[VMM_FILE_FLAGS] = {service_flags, UNUSED, UNUSED},
	[VMM_FILE_CONTROL] = {service_control, UNUSED, UNUSED},
	[VMM_FILE_SEEK] = {service_seek, UNUSED, UNUSED},
};

#define OPERATIONS (sizeof(operations) / sizeof(operations[0]))

bool service_is_standard(int32_t handle)
{
	return handle >= 0 && handle < FIRST_HANDLE;
}

struct file *service_file(struct file_service *service, int32_t handle)
{
	return handle >= FIRST_HANDLE && handle < FIRST_HANDLE + FILE_HANDLES ? service->files[handle] : NULL;
}

void service_close_file(struct file *file)
{
	if (file->node.system != NULL && file->node.system->close != NULL)
		file->node.system->close(file);
	node_release(&file->node);
	free(file->path);
	file->path = NULL;
}

/* ---- guest memory --------------------------------------------------------------------------------------------------
 */

uint64_t service_writable(struct file_service *service, gva_t gva, uint64_t count)
{
	uint64_t done = 0;

	while (done < count) {
		uint64_t rest = PAGE_SIZE - ((gva + done) & (PAGE_SIZE - 1));
		uint64_t part = count - done < rest ? count - done : rest;
		struct walk walk;

		walk_address(service->ram, service->cr3, gva + done, &walk);
		if (!walk.present || !walk.writable || gpa_to_hva(service->ram, walk.gpa, part) == NULL)
			break;
		done += part;
	}
	return done;
}

int service_put(struct file_service *service, gva_t gva, const void *bytes, uint64_t count)
{
	if (service_writable(service, gva, count) < count)
		return -EFAULT;
	walk_write(service->ram, service->cr3, gva, bytes, count);
	return 0;
}

int service_get(struct file_service *service, gva_t gva, void *bytes, uint64_t count)
{
	return walk_read(service->ram, service->cr3, gva, bytes, count) == count ? 0 : -EFAULT;
}

/* A string with its NUL. Nothing behind the NUL is read, which may lie at the end of what is mapped. */
static int get_path(struct file_service *service, gva_t gva, enum path_use use, char path[PATH_MAX])
{
	uint64_t length = 0;

	path[0] = '\0';
	if (use == UNUSED || (use == OPTIONAL && gva == 0))
		return 0;
	while (length < PATH_MAX) {
		uint64_t part = PAGE_SIZE - ((gva + length) & (PAGE_SIZE - 1));
		const char *end;

		if (part > PATH_MAX - length)
			part = PATH_MAX - length;
		if (service_get(service, gva + length, path + length, part) < 0)
			return -EFAULT;
		end = memchr(path + length, '\0', part);
		if (end != NULL)
			return 0;
		length += part;
	}
	path[0] = '\0';
	return -ENAMETOOLONG;
}

/* ---- requests ------------------------------------------------------------------------------------------------------
 */

int64_t service_remote(struct file_service *service, const struct node *node)
{
	service->request.kind = node->remote;
	service->request.number = node->remote == VMM_FILE_KIND_SELF_FD ? (int32_t)(node->id & INT32_MAX) : 0;
	return -EREMOTE;
}

static int walk_from(struct file_service *service, int32_t handle, const char *path, bool follow, struct found *found)
{
	const struct file *file = service_file(service, handle);
	int result;

	if (path[0] != '/' && handle != VMM_FILE_ROOT) {
		if (path[0] == '\0')
			return -ENOENT;
		if (file == NULL)
			return service_is_standard(handle) ? -ENOTDIR : -EBADF;
		if (!S_ISDIR(file->node.type))
			return -ENOTDIR;
		if (file->removed)
			return -ENOENT;
		result = namespace_walk(&service->names, &file->node, file->path, path, follow, found);
	} else {
		result = namespace_walk(&service->names, NULL, NULL, path, follow, found);
	}
	return result == -EREMOTE ? (int)service_remote(service, &found->node) : result;
}

int service_walk(struct file_service *service, bool follow)
{
	return walk_from(service, service->request.handle, service->path, follow, &service->found);
}

int service_walk2(struct file_service *service)
{
	return walk_from(service, service->request.handle2, service->path2, false, &service->found2);
}

static int64_t carry_out(struct file_service *service)
{
	struct vmm_file_request *request = &service->request;
	uint32_t number = request->operation;
	int64_t result;

	if (number >= OPERATIONS || operations[number].operation == NULL)
		return -ENOSYS;
	result = get_path(service, request->path, operations[number].path, service->path);
	if (result == 0)
		result = get_path(service, request->path2, operations[number].path2, service->path2);
	if (result < 0)
		return result;
	service->proc.self = request->pid;
	service->found.node = service->found.parent = (struct node){0};
	service->found2.node = service->found2.parent = (struct node){0};
	result = operations[number].operation(service, request);
	found_release(&service->found);
	found_release(&service->found2);
	return result;
}

int64_t file_service_request(struct file_service *service, gpa_t cr3, gva_t gva)
{
	struct vmm_file_request *request = &service->request;
	int64_t result;

	service->cr3 = cr3;
	if (service_get(service, gva, request, sizeof(*request)) < 0 ||
	    service_writable(service, gva, sizeof(*request)) < sizeof(*request))
		return -EFAULT;
	request->kind = request->fault = 0;
	result = carry_out(service);
	walk_write(service->ram, cr3, gva, request, sizeof(*request));
	return result;
}
