/* SPDX-License-Identifier: MIT */
/*
 * file_calls.h: the calls on files, for the test guests about them.
 */
#ifndef FILE_CALLS_H
#define FILE_CALLS_H

#include "test.h"

#define O_RDONLY    0
#define O_WRONLY    1
#define O_RDWR      2
#define O_CREAT     0100
#define O_EXCL      0200
#define O_TRUNC     01000
#define O_APPEND    02000
#define O_NONBLOCK  04000
#define O_DIRECTORY 0200000
#define O_CLOEXEC   02000000
#define O_PATH      010000000

#define SEEK_SET  0
#define SEEK_CUR  1
#define SEEK_END  2
#define SEEK_DATA 3
#define SEEK_HOLE 4

#define F_DUPFD         0
#define F_GETFD         1
#define F_SETFD         2
#define F_GETFL         3
#define F_SETFL         4
#define F_DUPFD_CLOEXEC 1030

#define AT_FDCWD            (-100)
#define AT_SYMLINK_NOFOLLOW 0x100
#define AT_EMPTY_PATH       0x1000

#define POLLIN   0x001
#define POLLOUT  0x004
#define POLLERR  0x008
#define POLLHUP  0x010
#define POLLNVAL 0x020

#define SIGPIPE 13

/* A call with up to four arguments of any type. */
#define CALL(name, ...)                CALL_(SYS_##name, __VA_ARGS__, 0, 0, 0, 0)
#define CALL_(number, a, b, c, d, ...) syscall6(number, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)

struct stat {
	uint64_t dev, ino, nlink;
	uint32_t mode, uid, gid, pad;
	uint64_t rdev;
	int64_t size, block_size, blocks;
	struct timespec access, change, status_change;
	int64_t reserved[3];
};
_Static_assert(sizeof(struct stat) == 144, "Linux's");

struct pollfd {
	int32_t fd;
	uint16_t events, revents;
};

struct iovec {
	const void *base;
	size_t bytes;
};

#endif
