/* SPDX-License-Identifier: MIT */
/* file.c: the three files that a process has so far: 0, 1 and 2, which are the VMM's own. */
#include "kernel/cpu.h"
#include "kernel/hypercall.h"
#include "kernel/process.h"
#include "kernel/user_memory.h"
#include "linux/errno.h"
#include "linux/files.h"
#include "linux/syscall.h"

#define STDIN         0
#define STDERR        2
#define MAX_TRANSFER  UINT64_C(0x7ffff000) /* of one call; the rest is left, as in Linux */
#define CHUNK         UINT64_C(0x10000) /* of one hypercall, so that no more pages than these are brought in for it */
#define IOV_MAX       1024
#define AT_EMPTY_PATH 0x1000

static bool is_open(int fd)
{
	return fd >= 0 && fd <= STDERR && !(current_process()->linux_state.closed_files >> fd & 1);
}

/* struct iovec */
struct part {
	uint64_t address, bytes;
};

SYSTEM_CALL(read, int fd, uint64_t buffer, uint64_t bytes)
{
	if (!is_open(fd) || fd != STDIN)
		return -EBADF;
	if (!user_range(buffer, bytes))
		return -EFAULT;
	if (bytes == 0)
		return 0;
	return user_hypercall(VMM_HYPERCALL_CONSOLE_READ, 0, buffer, bytes < CHUNK ? bytes : CHUNK, true);
}

/* What was written before an error counts as success: the next call finds the error again. */
SYSTEM_CALL(write, int fd, uint64_t buffer, uint64_t bytes)
{
	uint64_t written = 0;

	if (!is_open(fd) || fd == STDIN)
		return -EBADF;
	if (!user_range(buffer, bytes))
		return -EFAULT;
	if (bytes > MAX_TRANSFER)
		bytes = MAX_TRANSFER;
	while (written < bytes) {
		uint64_t chunk = bytes - written < CHUNK ? bytes - written : CHUNK;
		int64_t result =
			user_hypercall(VMM_HYPERCALL_CONSOLE_WRITE, (uint64_t)fd, buffer + written, chunk, false);

		if (result <= 0)
			return written > 0 ? (int64_t)written : result;
		written += (uint64_t)result;
	}
	return (int64_t)written;
}

/* One element of writev's vector, or a negative errno. */
static int64_t take_part(uint64_t vectors, int index, struct part *part)
{
	int64_t result = copy_from_user(part, vectors + (uint64_t)index * sizeof(*part), sizeof(*part));

	if (result == 0 && (int64_t)part->bytes < 0)
		return -EINVAL;
	return result == 0 && !user_range(part->address, part->bytes) ? -EFAULT : result;
}

/* All of the vector is looked at before anything is written, as by Linux. */
SYSTEM_CALL(writev, int fd, uint64_t vectors, int count)
{
	int64_t result = 0, written = 0;
	struct part part;

	if (!is_open(fd) || fd == STDIN)
		return -EBADF;
	if (count < 0 || count > IOV_MAX)
		return -EINVAL;
	for (int i = 0; i < count && result == 0; i++)
		result = take_part(vectors, i, &part);
	for (int i = 0; i < count && result == 0; i++) {
		result = take_part(vectors, i, &part);
		if (result == 0)
			result = sys_write(fd, part.address, part.bytes);
		if (result < 0)
			break;
		written += result;
		result = (uint64_t)result < part.bytes; /* then it is the last */
	}
	return result < 0 && written == 0 ? result : written;
}

SYSTEM_CALL(close, int fd)
{
	if (!is_open(fd))
		return -EBADF;
	current_process()->linux_state.closed_files |= UINT32_C(1) << fd;
	return 0;
}

SYSTEM_CALL(lseek, int fd)
{
	return is_open(fd) ? -ESPIPE : -EBADF;
}

/* None of them is a terminal, whatever they are for the VMM. */
SYSTEM_CALL(ioctl, int fd)
{
	return is_open(fd) ? -ENOTTY : -EBADF;
}

/* All three look like /dev/console. */
SYSTEM_CALL(fstat, int fd, uint64_t buffer)
{
	struct {
		uint64_t dev, ino, nlink;
		uint32_t mode, uid, gid, pad;
		uint64_t rdev;
		int64_t size, block_size, blocks;
		uint64_t times[6], reserved[3];
	} status = {.dev = 1, .ino = 1, .nlink = 1, .mode = 0020600, .rdev = 0x501, .block_size = 1024};
	_Static_assert(sizeof(status) == 144, "Linux's struct stat");

	return is_open(fd) ? copy_to_user(buffer, &status, sizeof(status)) : -EBADF;
}

/* There is no file with a name. */
static int64_t no_such_file(uint64_t path)
{
	char name[256];
	int64_t length = copy_string_from_user(name, path, sizeof(name));

	return length == -EFAULT ? -EFAULT : -ENOENT;
}

SYSTEM_CALL(newfstatat, int directory, uint64_t path, uint64_t buffer, int flags)
{
	char first;

	if (copy_from_user(&first, path, 1) != 0)
		return -EFAULT;
	if (first == '\0' && (flags & AT_EMPTY_PATH))
		return sys_fstat(directory, buffer);
	return no_such_file(path);
}

SYSTEM_CALL(readlink, uint64_t path, uint64_t buffer, int bytes)
{
	(void)buffer;
	return bytes <= 0 ? -EINVAL : no_such_file(path);
}

bool files_copy(struct linux_process *child, const struct linux_process *parent)
{
	child->closed_files = parent->closed_files;
	return true;
}

void files_end(struct linux_process *state)
{
	(void)state;
}

void files_input_ready(void)
{
}

uint32_t terminal_foreground(void)
{
	return INIT_PID;
}
