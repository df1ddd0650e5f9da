/* SPDX-License-Identifier: MIT */
/* service_data.c: the operations on open files. Guest memory is checked before anything is consumed or changed. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run/walk.h"
#include "service_parts.h"

#define TRANSFER_MAX UINT64_C(0x7ffff000)         /* as Linux's MAX_RW_COUNT */
#define MERGED       UINT64_C(0x7fffffffffff0000) /* offsets behind the file system's own entries */

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static bool stopped(const struct file_service *service)
{
	return service->host->stopped != NULL && service->host->stopped();
}

int64_t service_close(struct file_service *service, struct vmm_file_request *request)
{
	struct file *file = service_file(service, request->handle);

	if (service_is_standard(request->handle))
		return 0; /* they stay open for the next one */
	if (file == NULL)
		return -EBADF;
	service->files[request->handle] = NULL;
	service_close_file(file);
	free(file);
	return 0;
}

/* ---- read ----------------------------------------------------------------------------------------------------------
 */

static int check_readable(const struct file *file)
{
	if (file == NULL || (file->flags & O_PATH) || (file->flags & O_ACCMODE) == O_WRONLY)
		return -EBADF;
	if (S_ISDIR(file->node.type))
		return -EISDIR;
	return file->node.system->read != NULL ? 0 : -EINVAL;
}

/* file == NULL: a standard descriptor. A stream gives what it has; only regular files are read on. */
static int64_t read_chunks(struct file_service *service, struct file *file, struct vmm_file_request *request)
{
	uint64_t bytes = least(request->bytes, TRANSFER_MAX), done = 0;
	bool whole = file != NULL || standard_is_regular(&service->standard, request->handle);

	while (done < bytes) {
		uint64_t wanted = least(bytes - done, CHUNK);
		uint64_t room = service_writable(service, request->buffer + done, wanted);
		ssize_t got;

		if (room == 0) {
			request->fault = 1;
			return done > 0 ? (int64_t)done : -EFAULT;
		}
		got = file != NULL ? file->node.system->read(file, service->buffer, room, request->offset)
				   : standard_read(&service->standard, request->handle, service->buffer, room);
		if (got < 0)
			return done > 0 ? (int64_t)done : got;
		walk_write(service->ram, service->cr3, request->buffer + done, service->buffer, (uint64_t)got);
		done += (uint64_t)got;
		request->offset += (uint64_t)got;
		if ((uint64_t)got < room || !whole || stopped(service)) {
			request->fault = (uint64_t)got == room && room < wanted;
			break;
		}
	}
	return (int64_t)done;
}

int64_t service_read(struct file_service *service, struct vmm_file_request *request)
{
	struct file *file = service_file(service, request->handle);
	int result = service_is_standard(request->handle) ? 0 : check_readable(file);

	if (result < 0)
		return result;
	if (request->offset > INT64_MAX)
		return -EINVAL;
	return read_chunks(service, file, request);
}

/* ---- write ---------------------------------------------------------------------------------------------------------
 */

static ssize_t write_chunk(struct file_service *service, struct file *file, struct vmm_file_request *request,
			   uint64_t count)
{
	int descriptor;

	if (file != NULL)
		return file->node.system->write(file, service->buffer, count, &request->offset,
						request->flags & O_APPEND);
	descriptor = standard_descriptor(&service->standard, request->handle);
	return device_host_write(service->host, descriptor, service->buffer, count);
}

int64_t service_write(struct file_service *service, struct vmm_file_request *request)
{
	struct file *file = service_file(service, request->handle);
	uint64_t bytes = least(request->bytes, TRANSFER_MAX), done = 0;

	if (!service_is_standard(request->handle)) {
		if (file == NULL || (file->flags & O_PATH) || (file->flags & O_ACCMODE) == O_RDONLY)
			return -EBADF;
		if (file->node.system->write == NULL)
			return -EINVAL;
	}
	if (request->offset > INT64_MAX)
		return -EINVAL;
	while (done < bytes) {
		uint64_t wanted = least(bytes - done, CHUNK);
		uint64_t got = walk_read(service->ram, service->cr3, request->buffer + done, service->buffer, wanted);
		ssize_t written;

		if (got == 0) {
			request->fault = 1;
			return done > 0 ? (int64_t)done : -EFAULT;
		}
		written = write_chunk(service, file, request, got);
		if (written < 0)
			return done > 0 ? (int64_t)done : written;
		done += (uint64_t)written;
		/* Few frames can be mapped at very many addresses: the guest may not outlive its timeout in here. */
		if ((uint64_t)written < got || stopped(service))
			break;
	}
	return (int64_t)done;
}

/* ---- directories ---------------------------------------------------------------------------------------------------
 */

struct listing {
	struct file_service *service;
	const struct file *file;
	uint64_t room, used, offset;
	bool full;
};

struct record {
	uint64_t inode, next;
	uint16_t length;
	uint8_t type;
	char name[];
};

static bool add_record(struct listing *listing, const char *name, uint32_t type, uint64_t inode, uint64_t next)
{
	size_t name_size = strlen(name) + 1;
	size_t length = (offsetof(struct record, name) + name_size + 7) & ~(size_t)7;
	struct record head = {.inode = inode, .next = next, .length = (uint16_t)length, .type = IFTODT(type)};
	uint8_t *to = listing->service->buffer + listing->used;

	if (length > listing->room - listing->used) {
		listing->full = true;
		return false;
	}
	memset(to, 0, length);
	memcpy(to, &head, offsetof(struct record, name));
	memcpy(to + offsetof(struct record, name), name, name_size);
	listing->used += length;
	listing->offset = next;
	return true;
}

/* An entry of the file system itself; in the place of one that is a mount point, what is mounted there. */
static bool add_entry(void *context, const char *name, uint32_t type, uint64_t inode, uint64_t next)
{
	struct listing *listing = context;
	struct statx status;
	struct node node;

	if (namespace_mounted(&listing->service->names, listing->file->path, name, &node)) {
		if (node.system->status(&node, STATX_BASIC_STATS, &status) == 0)
			inode = status.stx_ino;
		type = node.type;
		node_release(&node);
	}
	return add_record(listing, name, type, inode, next);
}

static bool is_missing(const struct file *directory, const char *name)
{
	struct node node;
	int result = directory->node.system->lookup(&directory->node, name, &node);

	if (result == 0)
		node_release(&node);
	return result == -ENOENT;
}

/* Mount points, and ways to some, that the file system itself does not have. */
static void add_mounts(struct listing *listing, struct file *file)
{
	uint64_t index = file->past_host ? listing->offset - MERGED : 0;
	char name[NAME_MAX + 1];
	struct statx status;
	struct node node;

	for (; namespace_child(&listing->service->names, file->path, index, name, &node); index++) {
		bool going_on = true;

		if (node.system == NULL)
			continue;
		if (is_missing(file, name) && node.system->status(&node, STATX_BASIC_STATS, &status) == 0) {
			going_on = add_record(listing, name, node.type, status.stx_ino, MERGED + index + 1);
			file->past_host |= going_on;
		}
		node_release(&node);
		if (!going_on)
			return;
	}
}

int64_t service_getdents(struct file_service *service, struct vmm_file_request *request)
{
	struct file *file = service_file(service, request->handle);
	struct listing listing = {.service = service, .file = file, .offset = request->offset};
	int result = 0;

	if (service_is_standard(request->handle))
		return -ENOTDIR;
	if (file == NULL || (file->flags & O_PATH))
		return -EBADF;
	if (!S_ISDIR(file->node.type))
		return -ENOTDIR;
	listing.room = service_writable(service, request->buffer, least(request->bytes, CHUNK));
	if (listing.room == 0)
		return request->bytes == 0 ? -EINVAL : -EFAULT;
	if (request->offset < MERGED)
		file->past_host = false;
	if (!file->past_host)
		result = file->node.system->list(file, request->offset, add_entry, &listing);
	if (result < 0)
		return result;
	if (!listing.full && !file->removed)
		add_mounts(&listing, file);
	if (listing.used == 0 && listing.full)
		return listing.room < least(request->bytes, CHUNK) ? -EFAULT : -EINVAL;
	walk_write(service->ram, service->cr3, request->buffer, service->buffer, listing.used);
	request->offset = listing.offset;
	return (int64_t)listing.used;
}

/* ---- the rest ------------------------------------------------------------------------------------------------------
 */

int64_t service_size(struct file_service *service, struct vmm_file_request *request)
{
	struct file *file = service_file(service, request->handle);
	struct statx status;
	struct stat standard;
	int result;

	if (service_is_standard(request->handle)) {
		if (fstat(standard_descriptor(&service->standard, request->handle), &standard) < 0)
			return -errno;
		return S_ISREG(standard.st_mode) ? standard.st_size : -ESPIPE;
	}
	if (file == NULL || (file->flags & O_PATH))
		return -EBADF;
	if (file->text != NULL)
		return (int64_t)file->text_size;
	result = file->node.system->status(&file->node, STATX_SIZE, &status);
	return result < 0 ? result : (int64_t)status.stx_size;
}

/* The offset of the VMM's own descriptors is the host's: others may share it. */
int64_t service_seek(struct file_service *service, struct vmm_file_request *request)
{
	off_t result;

	if (!service_is_standard(request->handle))
		return -EBADF;
	if (request->mode > SEEK_HOLE)
		return -EINVAL;
	result = lseek(standard_descriptor(&service->standard, request->handle), (off_t)request->offset,
		       (int)request->mode);
	return result < 0 ? -errno : result;
}

int64_t service_flags(struct file_service *service, struct vmm_file_request *request)
{
	int flags;

	if (!service_is_standard(request->handle))
		return -EBADF;
	flags = fcntl(standard_descriptor(&service->standard, request->handle), F_GETFL);
	return flags < 0 ? -errno : flags & (O_ACCMODE | O_APPEND | O_NONBLOCK | O_PATH);
}

int64_t service_sync(struct file_service *service, struct vmm_file_request *request)
{
	struct file *file = service_file(service, request->handle);

	if (service_is_standard(request->handle))
		return fsync(standard_descriptor(&service->standard, request->handle)) < 0 ? -errno : 0;
	if (file == NULL || (file->flags & O_PATH))
		return -EBADF;
	if (file->node.system->sync == NULL)
		return S_ISCHR(file->node.type) ? -EINVAL : 0;
	return file->node.system->sync(file);
}

int64_t service_path(struct file_service *service, struct vmm_file_request *request)
{
	struct file *file = service_file(service, request->handle);
	char text[PATH_MAX + 16];
	uint64_t length;
	int result;

	if (service_is_standard(request->handle)) {
		standard_name(&service->standard, request->handle, text, sizeof(text));
	} else if (request->handle == VMM_FILE_ROOT) {
		strcpy(text, "/");
	} else {
		if (file == NULL)
			return -EBADF;
		if (file->removed && S_ISDIR(file->node.type))
			return -ENOENT;
		strcpy(text, file->path);
		if (file->removed)
			strcat(text, " (deleted)");
	}
	length = strlen(text);
	if (length > request->bytes)
		return -ERANGE;
	result = service_put(service, request->buffer, text, length);
	return result < 0 ? result : (int64_t)length;
}

int64_t service_poll(struct file_service *service, struct vmm_file_request *request)
{
	if (service_is_standard(request->handle))
		return standard_poll(&service->standard, request->handle, (short)request->flags);
	return service_file(service, request->handle) != NULL ? POLLIN | POLLOUT : -EBADF;
}

int64_t service_control(struct file_service *service, struct vmm_file_request *request)
{
	uint8_t argument[64] = {0};
	bool given;
	int size, result;

	if (!service_is_standard(request->handle))
		return service_file(service, request->handle) != NULL ? -ENOTTY : -EBADF;
	size = standard_control_size(request->flags, &given);
	if (size < 0)
		return size;
	if (given ? service_get(service, request->buffer, argument, (uint64_t)size) < 0
		  : service_writable(service, request->buffer, (uint64_t)size) < (uint64_t)size)
		return -EFAULT;
	result = standard_control(&service->standard, request->handle, request->flags, argument);
	if (result < 0 || given)
		return result;
	return service_put(service, request->buffer, argument, (uint64_t)size);
}
