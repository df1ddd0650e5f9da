/* SPDX-License-Identifier: MIT */
/* fcntl.c: what a descriptor and its file are like, and locks. */
#include "kernel/user_memory.h"
#include "linux/file.h"
#include "linux/syscall.h"

#define F_DUPFD         0
#define F_GETFD         1
#define F_SETFD         2
#define F_GETFL         3
#define F_SETFL         4
#define F_GETLK         5
#define F_SETLK         6
#define F_SETLKW        7
#define F_SETOWN        8
#define F_GETOWN        9
#define F_OFD_GETLK     36
#define F_OFD_SETLK     37
#define F_OFD_SETLKW    38
#define F_DUPFD_CLOEXEC 1030
#define F_SETPIPE_SZ    1031
#define F_GETPIPE_SZ    1032
#define FD_CLOEXEC      1

#define F_RDLCK 0
#define F_WRLCK 1
#define F_UNLCK 2

#define LOCK_SH 1
#define LOCK_EX 2
#define LOCK_NB 4
#define LOCK_UN 8

/* with O_ASYNC, O_DIRECT and O_NOATIME, which mean nothing here */
#define CHANGEABLE_FLAGS ((uint32_t)(O_APPEND | O_NONBLOCK | 020000 | 040000 | 01000000))

static int64_t duplicate(struct file *file, uint64_t from, bool close_on_exec)
{
	if (from >= DESCRIPTORS)
		return -EINVAL;
	file_hold(file);
	return file_install(file, (int)from, close_on_exec);
}

/* struct flock */
struct lock {
	int16_t type, whence;
	int32_t unused;
	int64_t start, length;
	int32_t pid, unused2;
};

/* Nobody else ever holds a lock: who asks for one gets it, and who asks about one hears that there is none. */
static int64_t lock(const struct file *file, int command, uint64_t address)
{
	bool asks = command == F_GETLK || command == F_OFD_GETLK;
	struct lock lock;

	if (copy_from_user(&lock, address, sizeof(lock)) != 0)
		return -EFAULT;
	if (lock.type < F_RDLCK || lock.type > F_UNLCK || lock.whence < 0 || lock.whence > 2)
		return -EINVAL;
	if ((asks && lock.type == F_UNLCK) || (command >= F_OFD_GETLK && lock.pid != 0))
		return -EINVAL;
	if (!asks) {
		bool usable =
			lock.type == F_UNLCK || (lock.type == F_RDLCK ? file_can_read(file) : file_can_write(file));

		return usable ? 0 : -EBADF;
	}
	lock.type = F_UNLCK;
	return copy_to_user(address, &lock, sizeof(lock));
}

static bool is_pipe(const struct file *file)
{
	return file->kind == FILE_PIPE_IN || file->kind == FILE_PIPE_OUT;
}

/* The commands that also files opened with O_PATH know. -EINVAL: another one. */
static int64_t of_descriptor(struct file *file, int fd, int command, uint64_t argument)
{
	switch (command) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
		return duplicate(file, argument, command == F_DUPFD_CLOEXEC);
	case F_GETFD:
		return files_closes_on_exec(fd) ? FD_CLOEXEC : 0;
	case F_SETFD:
		return files_set_close_on_exec(fd, argument & FD_CLOEXEC);
	case F_GETFL:
		file_ask_flags(file);
		return file->flags;
	default:
		return file->flags & O_PATH ? -EBADF : -EINVAL;
	}
}

SYSTEM_CALL(fcntl, int fd, int command, uint64_t argument)
{
	struct file *file = file_of(fd);

	if (file == NULL)
		return -EBADF;
	if (file->flags & O_PATH)
		return of_descriptor(file, fd, command, argument);
	switch (command) {
	case F_SETFL:
		file_ask_flags(file);
		file->flags = (file->flags & ~CHANGEABLE_FLAGS) | ((uint32_t)argument & CHANGEABLE_FLAGS);
		return 0;
	case F_GETLK:
	case F_SETLK:
	case F_SETLKW:
	case F_OFD_GETLK:
	case F_OFD_SETLK:
	case F_OFD_SETLKW:
		return lock(file, command, argument);
	case F_SETOWN: /* SIGIO and SIGURG, which never come */
	case F_GETOWN:
		return 0;
	case F_GETPIPE_SZ:
	case F_SETPIPE_SZ:
		return is_pipe(file) ? (int64_t)PIPE_BYTES : -EBADF;
	default:
		return of_descriptor(file, fd, command, argument);
	}
}

SYSTEM_CALL(flock, int fd, int operation)
{
	const struct file *file = file_of(fd);
	int what = operation & ~LOCK_NB;

	if (what != LOCK_SH && what != LOCK_EX && what != LOCK_UN)
		return -EINVAL;
	return file == NULL || (file->flags & O_PATH) ? -EBADF : 0;
}
