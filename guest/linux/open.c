/* SPDX-License-Identifier: MIT */
/* open.c: from a path to a file. */
#include "kernel/memory.h"
#include "kernel/scheduler.h"
#include "kernel/user_memory.h"
#include "linux/file.h"
#include "linux/syscall.h"

#define NOT_KEPT (O_CREAT | 0200 /* O_EXCL */ | 0400 /* O_NOCTTY */ | O_TRUNC | O_CLOEXEC)

static int32_t handle_of(const struct file *file)
{
	return file == NULL ? VMM_FILE_ROOT : file->handle;
}

int64_t file_start(struct vmm_file_request *request, int directory)
{
	const struct file *file;
	char first;

	if (request->path == 0 || request->path >= USER_TOP) /* 0 would mean the directory itself to the VMM */
		return -EFAULT;
	request->handle = handle_of(current_process()->linux_state.directory);
	if (directory == AT_FDCWD)
		return 0;
	file = file_of(directory);
	if (file != NULL && file->kind == FILE_HOST) {
		request->handle = file->handle;
		return 0;
	}
	if (copy_from_user(&first, request->path, 1) != 0)
		return -EFAULT;
	if (first == '/') /* then the directory does not matter */
		return 0;
	if (first == '\0')
		return -ENOENT;
	return file == NULL ? -EBADF : -ENOTDIR;
}

struct file *file_of_first_program(void)
{
	static struct file first;

	if (boot_info->program < 0)
		return NULL;
	if (first.users == 0)
		first = (struct file){.users = 1, .handle = boot_info->program, .vmm_kind = VMM_FILE_KIND_REGULAR};
	return &first;
}

struct file *file_program(void)
{
	struct file *file = current_process()->linux_state.program;

	return file != NULL ? file : file_of_first_program();
}

/* The VMM's terminal, if one of its three descriptors is one. */
static struct file *terminal(void)
{
	for (int fd = 0; fd < 3; fd++) {
		struct file *file = file_of_start(fd);

		if (file_vmm_kind(file) == VMM_FILE_KIND_TERMINAL)
			return file;
	}
	return NULL;
}

struct file *file_behind(const struct vmm_file_request *request)
{
	switch (request->kind) {
	case VMM_FILE_KIND_SELF_EXE:
		return file_program();
	case VMM_FILE_KIND_SELF_CWD:
		return current_process()->linux_state.directory;
	case VMM_FILE_KIND_SELF_FD:
		return file_of(request->number);
	case VMM_FILE_KIND_TTY:
		return terminal();
	default:
		return NULL;
	}
}

/* Is it asked what the name in /proc/self/fd is, not what is behind it? */
static bool asks_for_link(const struct vmm_file_request *request)
{
	return (request->operation == VMM_FILE_STAT || request->operation == VMM_FILE_STATX) &&
	       (request->flags & AT_SYMLINK_NOFOLLOW);
}

/* The same of a pipe and the like, of which the VMM knows nothing. */
static int64_t of_own(const struct file *file, const struct vmm_file_request *request)
{
	switch (request->operation) {
	case VMM_FILE_STAT:
		return stat_own(file, request->buffer, false);
	case VMM_FILE_STATX:
		return stat_own(file, request->buffer, true);
	case VMM_FILE_ACCESS:
		return 0;
	default:
		return -EINVAL;
	}
}

int64_t file_path_request(struct vmm_file_request *request)
{
	int64_t result = file_request(request);
	struct file *file;

	if (result != -EREMOTE)
		return result;
	file = file_behind(request);
	if (file == NULL && request->kind != VMM_FILE_KIND_SELF_CWD)
		return request->kind == VMM_FILE_KIND_TTY ? -ENXIO : -ENOENT;
	if (file != NULL && request->kind == VMM_FILE_KIND_SELF_FD && asks_for_link(request))
		return stat_link_to(file, request->buffer, request->operation == VMM_FILE_STATX);
	if (file != NULL && file->kind != FILE_HOST)
		return of_own(file, request);
	request->handle = handle_of(file);
	request->path = 0;
	return file_request(request);
}

/* A new file for an open handle. */
static int64_t new_host_file(const struct vmm_file_request *request, int64_t handle, struct file **file)
{
	*file = file_new();
	if (*file == NULL) {
		request_close((int32_t)handle);
		return -ENOMEM;
	}
	(*file)->users = 1;
	(*file)->handle = (int32_t)handle;
	(*file)->vmm_kind = request->kind;
	(*file)->device = device_known(request);
	(*file)->flags = (request->flags & ~(uint32_t)NOT_KEPT) | O_LARGEFILE;
	if (request->flags & O_PATH)
		(*file)->flags = request->flags & (O_PATH | O_DIRECTORY | O_NOFOLLOW);
	return 0;
}

/* Opens the VMM's file by its own path, in `page`, once more: so it has an offset and flags of its own. An error means
   that it has no such name any more. */
static int64_t open_by_path(const struct vmm_file_request *request, struct file *behind, char *page, struct file **file)
{
	struct vmm_file_request again = {
		.operation = VMM_FILE_OPEN, .handle = VMM_FILE_ROOT, .path = (uint64_t)page, .flags = request->flags};
	int64_t length = 1;

	page[0] = '/';
	if (behind != NULL)
		length = file_path(behind, page, PAGE_SIZE - 1);
	if (length < 0)
		return length;
	page[length] = '\0';
	length = file_request(&again);
	return length < 0 ? length : new_host_file(&again, length, file);
}

/* NULL: the root directory. Descriptors of the VMM's own, and files whose name has gone, have no second opening: then
   it is the same file once more. */
static int64_t open_host_again(const struct vmm_file_request *request, struct file *behind, struct file **file)
{
	phys_t frame = behind == NULL || behind->handle >= STANDARD ? frame_take() : 0;
	int64_t result = -ENOENT;

	if (frame != 0) {
		result = open_by_path(request, behind, phys_to_virt(frame), file);
		frame_drop(frame);
	}
	if ((result != -ENOENT && result != -EREMOTE) || behind == NULL)
		return result;
	*file = behind;
	file_hold(behind);
	return 0;
}

static int64_t open_fd_list(struct file **file)
{
	*file = file_new();
	if (*file == NULL)
		return -ENOMEM;
	(*file)->users = 1;
	(*file)->kind = FILE_FD_LIST;
	(*file)->flags = O_DIRECTORY | O_LARGEFILE;
	return 0;
}

/* Opens again what a name of /proc/self stands for. */
static int64_t open_behind(const struct vmm_file_request *request, struct file **file)
{
	struct file *behind;

	if (request->kind == VMM_FILE_KIND_SELF_MAPS)
		return text_open_maps(file);
	if (request->kind == VMM_FILE_KIND_FD_LIST)
		return open_fd_list(file);
	behind = file_behind(request);
	if (behind == NULL && request->kind != VMM_FILE_KIND_SELF_CWD)
		return request->kind == VMM_FILE_KIND_TTY ? -ENXIO : -ENOENT;
	if (request->flags & O_DIRECTORY && behind != NULL && behind->kind != FILE_FD_LIST &&
	    file_vmm_kind(behind) != VMM_FILE_KIND_DIRECTORY)
		return -ENOTDIR;
	if (behind == NULL || behind->kind == FILE_HOST)
		return open_host_again(request, behind, file);
	if (behind->kind == FILE_PIPE_IN || behind->kind == FILE_PIPE_OUT) {
		*file = pipe_open_again(behind, request->flags);
		return *file != NULL ? 0 : -ENOMEM;
	}
	*file = behind;
	file_hold(behind);
	return 0;
}

static int64_t open_request(struct vmm_file_request *request, struct file **file)
{
	int64_t handle = file_request(request);

	if (handle == -EREMOTE)
		return open_behind(request, file);
	if (handle >= 0 && request->kind == VMM_FILE_KIND_FIFO && !(request->flags & O_PATH))
		return fifo_open((int32_t)handle, request->flags, file);
	return handle < 0 ? handle : new_host_file(request, handle, file);
}

int64_t file_open_path(int directory, uint64_t user_path, const char *kernel_path, int flags, struct file **file)
{
	struct vmm_file_request request = {.operation = VMM_FILE_OPEN, .flags = (uint32_t)flags, .path = user_path};
	int64_t result;

	if (kernel_path != NULL) {
		const struct file *start = directory == AT_FDCWD || *kernel_path == '/'
						   ? current_process()->linux_state.directory
						   : file_of(directory);

		if (start == NULL && directory != AT_FDCWD && *kernel_path != '/')
			return -EBADF;
		if (start != NULL && start->kind != FILE_HOST)
			return -ENOTDIR;
		request.handle = handle_of(start);
		request.path = (uint64_t)kernel_path;
	} else {
		result = file_start(&request, directory);
		if (result < 0)
			return result;
	}
	return open_request(&request, file);
}

static uint32_t creation_mode(uint32_t mode)
{
	uint32_t mask = current_process()->linux_state.umask_set ^ 022;

	return mode & 07777 & ~mask;
}

SYSTEM_CALL(openat, int directory, uint64_t path, uint32_t flags, uint32_t mode)
{
	struct vmm_file_request request = {
		.operation = VMM_FILE_OPEN, .path = path, .flags = flags, .mode = creation_mode(mode)};
	struct file *file;
	int64_t result = file_start(&request, directory);

	if (result == 0)
		result = open_request(&request, &file);
	return result < 0 ? result : file_install(file, 0, flags & O_CLOEXEC);
}

SYSTEM_CALL(open, uint64_t path, uint32_t flags, uint32_t mode)
{
	return sys_openat(AT_FDCWD, path, flags, mode);
}

SYSTEM_CALL(creat, uint64_t path, uint32_t mode)
{
	return sys_openat(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

SYSTEM_CALL(umask, uint32_t mask)
{
	struct linux_process *state = &current_process()->linux_state;
	uint32_t old = state->umask_set ^ 022;

	state->umask_set = (mask & 0777) ^ 022;
	return old;
}

static int64_t set_directory(struct file *file)
{
	struct linux_process *state = &current_process()->linux_state;

	if (file->kind != FILE_HOST || file_vmm_kind(file) != VMM_FILE_KIND_DIRECTORY) {
		file_drop(file);
		return -ENOTDIR;
	}
	file_drop(state->directory);
	state->directory = file;
	return 0;
}

SYSTEM_CALL(chdir, uint64_t path)
{
	struct file *file;
	int64_t result = file_open_path(AT_FDCWD, path, NULL, O_PATH | O_DIRECTORY, &file);

	return result < 0 ? result : set_directory(file);
}

SYSTEM_CALL(fchdir, int fd)
{
	struct file *file = file_of(fd);

	if (file == NULL)
		return -EBADF;
	file_hold(file);
	return set_directory(file);
}

SYSTEM_CALL(getcwd, uint64_t buffer, uint64_t bytes)
{
	const struct file *directory = current_process()->linux_state.directory;
	struct vmm_file_request request = {.operation = VMM_FILE_PATH, .buffer = buffer, .bytes = bytes - 1};
	int64_t length;

	if (bytes < 2)
		return -ERANGE;
	if (request.bytes > 4095)
		request.bytes = 4095;
	if (!user_range(buffer, request.bytes + 1))
		return -EFAULT;
	if (directory == NULL)
		return copy_to_user(buffer, "/", 2) != 0 ? -EFAULT : 2;
	request.handle = directory->handle;
	length = file_request(&request);
	if (length < 0)
		return length;
	return copy_to_user(buffer + (uint64_t)length, "", 1) != 0 ? -EFAULT : length + 1;
}
