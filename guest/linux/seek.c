/* SPDX-License-Identifier: MIT */
/* seek.c: the offset of a file, and the directories that are read at it. */
#include "kernel/user_memory.h"
#include "linux/file.h"
#include "linux/syscall.h"

static int64_t size_of(const struct file *file)
{
	struct vmm_file_request request = {.operation = VMM_FILE_SIZE, .handle = file->handle};

	return file->kind == FILE_HOST ? file_request(&request) : 0;
}

/* Files have no holes that the VMM would tell of: data, and at the end a hole. */
static int64_t seek_data(const struct file *file, int64_t offset, int whence)
{
	int64_t size = size_of(file);

	if (size < 0)
		return size;
	if (offset < 0 || offset >= size)
		return -ENXIO;
	return whence == SEEK_DATA ? offset : size;
}

static int64_t new_offset(const struct file *file, int64_t offset, int whence)
{
	int64_t base = 0;

	switch (whence) {
	case SEEK_SET:
		break;
	case SEEK_CUR:
		base = (int64_t)file->offset;
		break;
	case SEEK_END:
		base = size_of(file);
		break;
	case SEEK_DATA:
	case SEEK_HOLE:
		return seek_data(file, offset, whence);
	default:
		return -EINVAL;
	}
	if (base < 0)
		return base;
	if (__builtin_add_overflow(base, offset, &offset))
		return -EOVERFLOW;
	return offset < 0 ? -EINVAL : offset;
}

SYSTEM_CALL(lseek, int fd, int64_t offset, int whence)
{
	struct file *file = file_of(fd);

	if (file == NULL || (file->flags & O_PATH))
		return -EBADF;
	if (!file_has_offset(file))
		return -ESPIPE;
	if (file->kind == FILE_HOST && file->handle < STANDARD)
		return file_seek_standard(file, offset, whence);
	if (file->kind == FILE_HOST && file_vmm_kind(file) == VMM_FILE_KIND_DEVICE)
		return 0; /* /dev/null and the like */
	offset = new_offset(file, offset, whence);
	if (offset >= 0)
		file->offset = (uint64_t)offset;
	return offset;
}

SYSTEM_CALL(getdents64, int fd, uint64_t buffer, uint64_t bytes)
{
	struct file *file = file_of(fd);
	struct vmm_file_request request = {
		.operation = VMM_FILE_GETDENTS, .buffer = buffer, .bytes = bytes & UINT32_MAX};
	int64_t result;

	if (file == NULL || (file->flags & O_PATH))
		return -EBADF;
	if (!user_range(buffer, request.bytes))
		return -EFAULT;
	if (file->kind == FILE_FD_LIST)
		return fd_list_read(file, buffer, request.bytes);
	if (file->kind != FILE_HOST)
		return -ENOTDIR;
	request.handle = file->handle;
	request.offset = file->offset;
	result = file_request(&request);
	if (result >= 0)
		file->offset = request.offset;
	return result;
}
