/* SPDX-License-Identifier: MIT */
/* path.c: calls on names, which are the VMM's work: here a request is filled in. */
#include "kernel/memory.h"
#include "kernel/user_memory.h"
#include "linux/file.h"
#include "linux/syscall.h"

#define S_IFMT  0170000
#define S_IFREG 0100000

int64_t file_request_at(struct vmm_file_request *request, int directory)
{
	int64_t result = file_start(request, directory);

	return result < 0 ? result : file_path_request(request);
}

/* The same of calls that change names: /proc/self has none of those. */
static int64_t change(struct vmm_file_request *request, int directory)
{
	int64_t result = file_start(request, directory);

	if (result == 0)
		result = file_request(request);
	return result == -EREMOTE ? -EPERM : result;
}

/* A request on two paths. */
static int64_t change_two(struct vmm_file_request *request, int directory, int directory2)
{
	struct vmm_file_request second = {.path = request->path2};
	int64_t result = file_start(&second, directory2);

	if (result < 0)
		return result;
	request->handle2 = second.handle;
	return change(request, directory);
}

int64_t file_request_on(struct vmm_file_request *request, int fd)
{
	const struct file *file = file_of(fd);

	if (file == NULL || (file->flags & O_PATH))
		return -EBADF;
	if (file->kind != FILE_HOST)
		return -EINVAL;
	request->handle = file->handle;
	return file_request(request);
}

static uint32_t masked(uint32_t mode)
{
	return mode & 01777 & ~(current_process()->linux_state.umask_set ^ 022);
}

SYSTEM_CALL(mkdirat, int directory, uint64_t path, uint32_t mode)
{
	return change(&(struct vmm_file_request){.operation = VMM_FILE_MKDIR, .path = path, .mode = masked(mode)},
		      directory);
}

SYSTEM_CALL(mkdir, uint64_t path, uint32_t mode)
{
	return sys_mkdirat(AT_FDCWD, path, mode);
}

/* Of devices there are those of /dev, and no others. */
SYSTEM_CALL(mknodat, int directory, uint64_t path, uint32_t mode)
{
	uint32_t type = mode & S_IFMT, rights = mode & 07777 & ~(current_process()->linux_state.umask_set ^ 022);

	if (type == 0)
		type = S_IFREG;
	return change(&(struct vmm_file_request){.operation = VMM_FILE_MKNOD, .path = path, .mode = type | rights},
		      directory);
}

SYSTEM_CALL(mknod, uint64_t path, uint32_t mode)
{
	return sys_mknodat(AT_FDCWD, path, mode);
}

SYSTEM_CALL(unlinkat, int directory, uint64_t path, uint32_t flags)
{
	if (flags & ~(uint32_t)AT_REMOVEDIR)
		return -EINVAL;
	return change(&(struct vmm_file_request){.operation = VMM_FILE_UNLINK, .path = path, .flags = flags},
		      directory);
}

SYSTEM_CALL(unlink, uint64_t path)
{
	return sys_unlinkat(AT_FDCWD, path, 0);
}

SYSTEM_CALL(rmdir, uint64_t path)
{
	return sys_unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

SYSTEM_CALL(renameat2, int directory, uint64_t path, int directory2, uint64_t path2, uint32_t flags)
{
	return change_two(
		&(struct vmm_file_request){.operation = VMM_FILE_RENAME, .path = path, .path2 = path2, .flags = flags},
		directory, directory2);
}

SYSTEM_CALL(renameat, int directory, uint64_t path, int directory2, uint64_t path2)
{
	return sys_renameat2(directory, path, directory2, path2, 0);
}

SYSTEM_CALL(rename, uint64_t path, uint64_t path2)
{
	return sys_renameat2(AT_FDCWD, path, AT_FDCWD, path2, 0);
}

SYSTEM_CALL(linkat, int directory, uint64_t path, int directory2, uint64_t path2, uint32_t flags)
{
	if (flags & ~(uint32_t)(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	return change_two(
		&(struct vmm_file_request){.operation = VMM_FILE_LINK, .path = path, .path2 = path2, .flags = flags},
		directory, directory2);
}

SYSTEM_CALL(link, uint64_t path, uint64_t path2)
{
	return sys_linkat(AT_FDCWD, path, AT_FDCWD, path2, 0);
}

SYSTEM_CALL(symlinkat, uint64_t target, int directory, uint64_t path)
{
	struct vmm_file_request request = {.operation = VMM_FILE_SYMLINK, .path = target, .path2 = path},
				place = {.path = path};
	int64_t result = target >= USER_TOP ? -EFAULT : file_start(&place, directory);

	if (result < 0)
		return result;
	request.handle2 = place.handle;
	return file_request(&request);
}

SYSTEM_CALL(symlink, uint64_t target, uint64_t path)
{
	return sys_symlinkat(target, AT_FDCWD, path);
}

SYSTEM_CALL(faccessat2, int directory, uint64_t path, uint32_t mode, uint32_t flags)
{
	if (mode & ~7u)
		return -EINVAL;
	return file_request_at(
		&(struct vmm_file_request){.operation = VMM_FILE_ACCESS, .path = path, .mode = mode, .flags = flags},
		directory);
}

SYSTEM_CALL(faccessat, int directory, uint64_t path, uint32_t mode)
{
	return sys_faccessat2(directory, path, mode, 0);
}

SYSTEM_CALL(access, uint64_t path, uint32_t mode)
{
	return sys_faccessat2(AT_FDCWD, path, mode, 0);
}

int64_t path_exists(uint64_t path)
{
	return sys_faccessat2(AT_FDCWD, path, 0, 0);
}

SYSTEM_CALL(fchmodat, int directory, uint64_t path, uint32_t mode)
{
	return file_request_at(
		&(struct vmm_file_request){.operation = VMM_FILE_CHMOD, .path = path, .mode = mode & 07777}, directory);
}

SYSTEM_CALL(chmod, uint64_t path, uint32_t mode)
{
	return sys_fchmodat(AT_FDCWD, path, mode);
}

SYSTEM_CALL(fchmod, int fd, uint32_t mode)
{
	return file_request_on(&(struct vmm_file_request){.operation = VMM_FILE_CHMOD, .mode = mode & 07777}, fd);
}

SYSTEM_CALL(fchown, int fd, uint32_t user, uint32_t group)
{
	return file_request_on(
		&(struct vmm_file_request){.operation = VMM_FILE_CHOWN, .mode = user, .number = (int32_t)group}, fd);
}

SYSTEM_CALL(fchownat, int directory, uint64_t path, uint32_t user, uint32_t group, uint32_t flags)
{
	char first;

	if (flags & AT_EMPTY_PATH) {
		if (copy_from_user(&first, path, 1) != 0)
			return -EFAULT;
		if (first == '\0')
			return sys_fchown(directory, user, group);
	}
	return file_request_at(&(struct vmm_file_request){.operation = VMM_FILE_CHOWN,
							  .path = path,
							  .mode = user,
							  .number = (int32_t)group,
							  .flags = flags & AT_SYMLINK_NOFOLLOW},
			       directory);
}

SYSTEM_CALL(chown, uint64_t path, uint32_t user, uint32_t group)
{
	return sys_fchownat(AT_FDCWD, path, user, group, 0);
}

SYSTEM_CALL(lchown, uint64_t path, uint32_t user, uint32_t group)
{
	return sys_fchownat(AT_FDCWD, path, user, group, AT_SYMLINK_NOFOLLOW);
}

SYSTEM_CALL(truncate, uint64_t path, int64_t bytes)
{
	if (bytes < 0)
		return -EINVAL;
	return file_request_at(
		&(struct vmm_file_request){.operation = VMM_FILE_TRUNCATE, .path = path, .offset = (uint64_t)bytes},
		AT_FDCWD);
}

SYSTEM_CALL(ftruncate, int fd, int64_t bytes)
{
	const struct file *file = file_of(fd);

	if (bytes < 0)
		return -EINVAL;
	if (file != NULL && !file_can_write(file) && !(file->flags & O_PATH))
		return -EINVAL;
	return file_request_on(&(struct vmm_file_request){.operation = VMM_FILE_TRUNCATE, .offset = (uint64_t)bytes},
			       fd);
}

SYSTEM_CALL(fallocate, int fd)
{
	return file_of(fd) != NULL ? -EOPNOTSUPP : -EBADF;
}

SYSTEM_CALL(fadvise64, int fd)
{
	const struct file *file = file_of(fd);

	return file == NULL ? -EBADF : file->kind == FILE_HOST ? 0 : -ESPIPE;
}

SYSTEM_CALL(fsync, int fd)
{
	return file_request_on(&(struct vmm_file_request){.operation = VMM_FILE_SYNC}, fd);
}

SYSTEM_CALL(fdatasync, int fd)
{
	return sys_fsync(fd);
}

SYSTEM_CALL(syncfs, int fd)
{
	return sys_fsync(fd);
}

/* There is nothing that would wait to be written but what single files have. */
SYSTEM_CALL(sync, void)
{
	return 0;
}
