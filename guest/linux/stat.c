/* SPDX-License-Identifier: MIT */
/* stat.c: what files are. */
#include "kernel/memory.h"
#include "kernel/user_memory.h"
#include "linux/file.h"
#include "linux/syscall.h"
#include "linux/time.h"

#define STAT_BYTES   144
#define STATX_BYTES  256
#define STATFS_BYTES 120
#define S_IFIFO      0010000
#define S_IFREG      0100000
#define S_IFLNK      0120000
#define S_IFSOCK     0140000
#define S_IFDIR      0040000
#define PIPE_DEVICE  12 /* st_dev of pipes, and of /proc */
#define PROC_DEVICE  4

#define AT_STATX_SYNC_TYPE 0x6000
#define AT_NO_AUTOMOUNT    0x800

static bool is_pipe(const struct file *file)
{
	return file->kind == FILE_PIPE_IN || file->kind == FILE_PIPE_OUT;
}

static uint32_t mode_of_own(const struct file *file)
{
	if (is_pipe(file))
		return S_IFIFO | 0600;
	if (file->kind == FILE_EVENT || file->kind == FILE_EPOLL)
		return 0600; /* of no type */
	if (file->kind == FILE_SOCKET)
		return S_IFSOCK | 0777;
	return file->kind == FILE_FD_LIST ? S_IFDIR | 0500 : S_IFREG | 0444;
}

/* What the VMM does not know of. */
struct own {
	uint64_t device, number, bytes, block_bytes;
	uint32_t mode;
};

static struct own describe(const struct file *file)
{
	return (struct own){
		.device = is_pipe(file) ? PIPE_DEVICE : PROC_DEVICE,
		.number = is_pipe(file) ? pipe_number(file) : 1,
		.block_bytes = is_pipe(file) ? 4096 : 1024,
		.mode = mode_of_own(file),
	};
}

/* The times of all of it are those of the start. */
static struct timespec start_time(void)
{
	return (struct timespec){(int64_t)(boot_info->start_ns / 1000000000),
				 (int64_t)(boot_info->start_ns % 1000000000)};
}

static int64_t give_stat(const struct own *own, uint64_t buffer)
{
	struct {
		uint64_t dev, ino, nlink;
		uint32_t mode, uid, gid, pad;
		uint64_t rdev;
		uint64_t size, block_size, blocks;
		struct timespec times[3];
		uint64_t reserved[3];
	} status = {
		.dev = own->device,
		.ino = own->number,
		.nlink = 1,
		.mode = own->mode,
		.size = own->bytes,
		.block_size = own->block_bytes,
		.times = {start_time(), start_time(), start_time()},
	};
	_Static_assert(sizeof(status) == STAT_BYTES, "Linux's struct stat");

	return copy_to_user(buffer, &status, sizeof(status));
}

static int64_t give_statx(const struct own *own, uint64_t buffer)
{
	struct timespec time = start_time();
	struct {
		uint32_t mask, block_size;
		uint64_t attributes;
		uint32_t nlink, uid, gid;
		uint16_t mode, pad;
		uint64_t ino, size, blocks, attributes_mask;
		struct timespec times[4]; /* of access, birth, change, modification */
		uint32_t rdev_major, rdev_minor, dev_major, dev_minor;
		uint64_t reserved[14];
	} status = {
		.mask = 0x7ff, /* STATX_BASIC_STATS */
		.block_size = (uint32_t)own->block_bytes,
		.nlink = 1,
		.mode = (uint16_t)own->mode,
		.ino = own->number,
		.size = own->bytes,
		.times = {[0] = time, [2] = time, [3] = time},
		.dev_minor = (uint32_t)own->device,
	};
	_Static_assert(sizeof(status) == STATX_BYTES, "Linux's struct statx");

	return copy_to_user(buffer, &status, sizeof(status));
}

int64_t stat_own(const struct file *file, uint64_t buffer, bool extended)
{
	struct own own = describe(file);
	struct vmm_file_request of_name = {
		.operation = extended ? VMM_FILE_STATX : VMM_FILE_STAT,
		.handle = file->handle,
		.buffer = buffer,
		.mode = 0x7ff, /* STATX_BASIC_STATS */
	};

	if (is_pipe(file) && file->handle > 0) /* a FIFO */
		return file_request(&of_name);
	return extended ? give_statx(&own, buffer) : give_stat(&own, buffer);
}

int64_t stat_link_to(const struct file *file, uint64_t buffer, bool extended)
{
	struct own own = {.device = PROC_DEVICE, .number = 1, .bytes = 64, .block_bytes = 1024, .mode = S_IFLNK | 0100};

	own.mode |= (file_can_read(file) ? 0400 : 0) | (file_can_write(file) ? 0200 : 0);
	return extended ? give_statx(&own, buffer) : give_stat(&own, buffer);
}

#define MODE_AT 24 /* of st_mode in struct stat */

/* The VMM's terminal is /dev/tty here, also by its numbers: by these ttyname(3) finds its name. */
static int64_t stat_host(struct file *file, uint64_t buffer)
{
	struct vmm_file_request request = {
		.operation = VMM_FILE_STAT, .handle = file->handle, .buffer = buffer, .bytes = STAT_BYTES};
	int64_t result = file_request(&request);
	uint32_t mode = 0;

	if (result < 0 || file->handle >= STANDARD || copy_from_user(&mode, buffer + MODE_AT, sizeof(mode)) != 0)
		return result;
	if ((mode & 0170000) != 0020000 || file_vmm_kind(file) != VMM_FILE_KIND_TERMINAL)
		return result;
	request.handle = VMM_FILE_ROOT;
	request.path = (uint64_t) "/dev/tty";
	return file_request(&request);
}

static int64_t stat_file(struct file *file, uint64_t buffer)
{
	return file->kind == FILE_HOST ? stat_host(file, buffer) : stat_own(file, buffer, false);
}

int64_t file_stat(struct file *file, void *buffer)
{
	struct vmm_file_request request = {
		.operation = VMM_FILE_STAT, .handle = file->handle, .buffer = (uint64_t)buffer, .bytes = STAT_BYTES};

	return file->kind == FILE_HOST ? file_request(&request) : -EINVAL;
}

int64_t file_path(struct file *file, char *buffer, uint64_t bytes)
{
	struct vmm_file_request request = {
		.operation = VMM_FILE_PATH, .handle = file->handle, .buffer = (uint64_t)buffer, .bytes = bytes};

	return file->kind == FILE_HOST ? file_request(&request) : -EINVAL;
}

uint32_t file_vmm_kind(struct file *file)
{
	struct {
		uint64_t unused[3];
		uint32_t mode;
		uint8_t more[STAT_BYTES - 28];
	} status;
	struct vmm_file_request terminal = {
		.operation = VMM_FILE_CONTROL, .handle = file->handle, .flags = 0x5401 /* TCGETS */};
	uint8_t settings[64];

	if (file->vmm_kind != 0 || file->kind != FILE_HOST)
		return file->vmm_kind;
	terminal.buffer = (uint64_t)settings;
	terminal.bytes = sizeof(settings);
	if (file_request(&terminal) >= 0) {
		file->vmm_kind = VMM_FILE_KIND_TERMINAL;
	} else if (file_stat(file, &status) == 0) {
		switch (status.mode & 0170000) {
		case S_IFREG:
			file->vmm_kind = VMM_FILE_KIND_REGULAR;
			break;
		case S_IFDIR:
			file->vmm_kind = VMM_FILE_KIND_DIRECTORY;
			break;
		case 0020000: /* S_IFCHR */
			file->vmm_kind = VMM_FILE_KIND_DEVICE;
			break;
		default:
			file->vmm_kind = VMM_FILE_KIND_STREAM;
		}
	}
	return file->vmm_kind;
}

bool file_is_mappable(struct file *file)
{
	return file->kind == FILE_HOST && file_vmm_kind(file) == VMM_FILE_KIND_REGULAR;
}

SYSTEM_CALL(fstat, int fd, uint64_t buffer)
{
	struct file *file = file_of(fd);

	if (file == NULL)
		return -EBADF;
	return user_range(buffer, STAT_BYTES) ? stat_file(file, buffer) : -EFAULT;
}

/* Is the path empty, and may it be? 1, 0 or -EFAULT. */
static int64_t means_descriptor(uint64_t path, uint32_t flags)
{
	char first;

	if (!(flags & AT_EMPTY_PATH))
		return 0;
	if (copy_from_user(&first, path, 1) != 0)
		return -EFAULT;
	return first == '\0';
}

static int64_t stat_path(int directory, uint64_t path, uint64_t buffer, uint32_t flags)
{
	struct vmm_file_request request = {
		.operation = VMM_FILE_STAT,
		.path = path,
		.flags = flags & AT_SYMLINK_NOFOLLOW,
		.buffer = buffer,
		.bytes = STAT_BYTES,
	};
	int64_t result = file_start(&request, directory);

	if (result < 0)
		return result;
	if (!user_range(buffer, STAT_BYTES))
		return -EFAULT;
	if (flags & AT_EMPTY_PATH) /* and it is: the current directory */
		request.path = 0;
	return file_path_request(&request);
}

SYSTEM_CALL(newfstatat, int directory, uint64_t path, uint64_t buffer, uint32_t flags)
{
	int64_t descriptor;

	if (flags & ~(uint32_t)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT))
		return -EINVAL;
	descriptor = means_descriptor(path, flags);
	if (descriptor < 0)
		return descriptor;
	if (descriptor == 1 && directory != AT_FDCWD)
		return sys_fstat(directory, buffer);
	return stat_path(directory, path, buffer, descriptor == 1 ? flags : flags & ~(uint32_t)AT_EMPTY_PATH);
}

SYSTEM_CALL(stat, uint64_t path, uint64_t buffer)
{
	return stat_path(AT_FDCWD, path, buffer, 0);
}

SYSTEM_CALL(lstat, uint64_t path, uint64_t buffer)
{
	return stat_path(AT_FDCWD, path, buffer, AT_SYMLINK_NOFOLLOW);
}

static int64_t statx_file(struct vmm_file_request *request, int fd)
{
	const struct file *file = file_of(fd);

	if (file == NULL)
		return -EBADF;
	if (file->kind != FILE_HOST)
		return stat_own(file, request->buffer, true);
	request->handle = file->handle;
	request->path = 0;
	return file_request(request);
}

SYSTEM_CALL(statx, int directory, uint64_t path, uint32_t flags, uint32_t mask, uint64_t buffer)
{
	struct vmm_file_request request = {
		.operation = VMM_FILE_STATX,
		.path = path,
		.flags = flags & AT_SYMLINK_NOFOLLOW,
		.mode = mask,
		.buffer = buffer,
		.bytes = STATX_BYTES,
	};
	int64_t descriptor, result;

	if (flags & ~(uint32_t)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT | AT_STATX_SYNC_TYPE))
		return -EINVAL;
	descriptor = means_descriptor(path, flags);
	if (descriptor < 0)
		return descriptor;
	if (!user_range(buffer, STATX_BYTES))
		return -EFAULT;
	if (descriptor == 1 && directory != AT_FDCWD)
		return statx_file(&request, directory);
	result = file_start(&request, directory);
	if (result < 0)
		return result;
	if (descriptor == 1)
		request.path = 0;
	return file_path_request(&request);
}

SYSTEM_CALL(statfs, uint64_t path, uint64_t buffer)
{
	struct vmm_file_request request = {
		.operation = VMM_FILE_STATFS, .path = path, .buffer = buffer, .bytes = STATFS_BYTES};
	int64_t result = file_start(&request, AT_FDCWD);

	if (result < 0)
		return result;
	return user_range(buffer, STATFS_BYTES) ? file_path_request(&request) : -EFAULT;
}

SYSTEM_CALL(fstatfs, int fd, uint64_t buffer)
{
	const struct file *file = file_of(fd);
	struct vmm_file_request request = {.operation = VMM_FILE_STATFS, .buffer = buffer, .bytes = STATFS_BYTES};

	if (file == NULL)
		return -EBADF;
	if (!user_range(buffer, STATFS_BYTES))
		return -EFAULT;
	if (file->kind != FILE_HOST)
		return -ENOSYS;
	request.handle = file->handle;
	return file_request(&request);
}
