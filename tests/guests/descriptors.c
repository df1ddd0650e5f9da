/* SPDX-License-Identifier: MIT */
/*
 * descriptors.c: the table of descriptors: the lowest free number is taken, dup, dup2, dup3 and F_DUPFD share the file
 * with its offset and flags, fork shares it too, close-on-exec belongs to the descriptor, close_range; and what a file
 * is read and written at: offsets, O_APPEND, vectors, holes.
 */
#include "file_calls.h"

static int fd;

static void child_reads(void)
{
	char text[4];

	EXPECT(read(fd, text, 3) == 3 && memcmp(text, "012", 3) == 0);
	EXPECT(CALL(close, fd) == 0 && CALL(close, fd) == -EBADF);
}

static void numbers(void)
{
	EXPECT(CALL(dup, 0) == fd + 1 && CALL(dup, 0) == fd + 2 && CALL(close, fd + 1) == 0);
	EXPECT(CALL(dup, fd) == fd + 1);
	EXPECT(CALL(dup2, fd, fd + 2) == fd + 2 && CALL(dup2, fd, fd) == fd && CALL(dup2, 99, 99) == -EBADF);
	EXPECT(CALL(dup2, fd, 1024) == -EBADF && CALL(dup2, fd, -1) == -EBADF);
	EXPECT(CALL(dup3, fd, fd, 0) == -EINVAL && CALL(dup3, fd, 20, O_APPEND) == -EINVAL);
	EXPECT(CALL(dup3, fd, 20, O_CLOEXEC) == 20 && CALL(fcntl, 20, F_GETFD) == 1 && CALL(fcntl, fd, F_GETFD) == 0);
	EXPECT(CALL(fcntl, 20, F_SETFD, 0) == 0 && CALL(fcntl, 20, F_GETFD) == 0);
	EXPECT(CALL(fcntl, fd, F_DUPFD, 20) == 21 && CALL(fcntl, fd, F_DUPFD_CLOEXEC, 1023) == 1023);
	EXPECT(CALL(fcntl, fd, F_DUPFD, 1023) == -EMFILE && CALL(fcntl, fd, F_DUPFD, 1024) == -EINVAL);
	EXPECT(CALL(close_range, 21, UINT32_MAX, 0) == 0 && CALL(close, 21) == -EBADF && CALL(close, 1023) == -EBADF);
	EXPECT(CALL(close_range, 2, 1, 0) == -EINVAL && CALL(fcntl, fd, 12345) == -EINVAL);
}

static void sharing(void)
{
	EXPECT(CALL(lseek, fd, 0, SEEK_SET) == 0);
	EXPECT(status_of(child_reads) == 0);
	EXPECT(CALL(lseek, fd + 1, 0, SEEK_CUR) == 3);
	EXPECT(CALL(fcntl, fd + 1, F_SETFL, O_APPEND) == 0 && (CALL(fcntl, fd, F_GETFL) & O_APPEND));
	EXPECT(write(fd, "end", 3) == 3 && CALL(lseek, fd + 2, 0, SEEK_CUR) == 13);
	EXPECT(CALL(fcntl, fd, F_SETFL, 0) == 0);
}

static void positions(void)
{
	char text[8], more[8];
	const struct iovec parts[] = {{text, 2}, {NULL, 0}, {more, 8}};
	struct stat status;

	EXPECT(CALL(pwrite64, fd, "xy", 2, 1) == 2 && CALL(pread64, fd, text, 4, 0) == 4);
	EXPECT(memcmp(text, "0xy3", 4) == 0 && CALL(lseek, fd, 0, SEEK_CUR) == 13);
	EXPECT(CALL(pread64, fd, text, 4, -1) == -EINVAL && CALL(lseek, fd, -1, SEEK_SET) == -EINVAL);
	EXPECT(CALL(lseek, fd, 9, SEEK_SET) == 9 && CALL(readv, fd, parts, 3) == 4);
	EXPECT(memcmp(text, "9e", 2) == 0 && memcmp(more, "nd", 2) == 0);
	EXPECT(CALL(readv, fd, parts, -1) == -EINVAL && CALL(readv, fd, parts, 1025) == -EINVAL);
	EXPECT(CALL(lseek, fd, 0, 9) == -EINVAL && CALL(lseek, fd, 5, SEEK_DATA) == 5 &&
	       CALL(lseek, fd, 5, SEEK_HOLE) == 13);
	EXPECT(CALL(lseek, fd, 100, SEEK_END) == 113 && write(fd, "z", 1) == 1 && CALL(pread64, fd, text, 2, 111) == 2);
	EXPECT(text[0] == 0 && CALL(fstat, fd, &status) == 0 && status.size == 114);
	EXPECT(CALL(ftruncate, fd, 2) == 0 && CALL(fstat, fd, &status) == 0 && status.size == 2);
}

int main(int argc, char **argv, char **envp)
{
	static const uint64_t limit[] = {1024, 1024};

	(void)argc, (void)argv, (void)envp;
	EXPECT(CALL(close_range, 3, UINT32_MAX, 0) == 0);
	EXPECT(CALL(prlimit64, 0, 7 /* RLIMIT_NOFILE */, limit, 0) == 0);
	fd = (int)CALL(open, "/tmp/vmm-descriptors", O_CREAT | O_EXCL | O_RDWR, 0600);
	EXPECT(fd > 2 && CALL(unlink, "/tmp/vmm-descriptors") == 0);
	EXPECT(write(fd, "0123456789", 10) == 10);
	numbers();
	sharing();
	positions();
	return 0;
}
