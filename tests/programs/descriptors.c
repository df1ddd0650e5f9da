/* SPDX-License-Identifier: MIT */
/*
 * descriptors.c: open's flags, dup in its forms with the offset shared, fcntl, lseek, pread and pwrite, vectors,
 * O_APPEND, truncation, holes; and what bad descriptors and flags give.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "say.h"

static void *volatile nowhere = (void *)8;

static void open_flags(void)
{
	SAY("missing", open("/data/missing", O_RDONLY));
	SAY("exists", open("/data/words", O_CREAT | O_EXCL | O_WRONLY, 0600));
	SAY("directory for writing", open("/data", O_WRONLY));
	SAY("file as directory", open("/data/words", O_RDONLY | O_DIRECTORY));
	SAY("through a file", open("/data/words/x", O_RDONLY));
	SAY("empty name", open("", O_RDONLY));
}

static void duplicates(int fd)
{
	char text[8] = "";
	int copy = dup(fd);

	SAY("dup", copy);
	SAY("lseek", lseek(fd, 5, SEEK_SET));
	SAY("shared offset", lseek(copy, 0, SEEK_CUR));
	SAY("dup2", dup2(fd, 20));
	SAY("dup2 to itself", dup2(fd, fd));
	SAY("dup3", dup3(fd, 21, O_CLOEXEC));
	SAY("dup3 to itself", dup3(fd, fd, 0));
	SAY("F_GETFD", fcntl(21, F_GETFD));
	SAY("F_DUPFD", fcntl(fd, F_DUPFD, 30));
	SAY("F_DUPFD_CLOEXEC", fcntl(fd, F_DUPFD_CLOEXEC, 30));
	SAY("F_SETFD", fcntl(30, F_SETFD, FD_CLOEXEC));
	SAY("F_GETFD", fcntl(30, F_GETFD));
	SAY("F_GETFL", fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK));
	SAY("F_SETFL", fcntl(copy, F_SETFL, O_APPEND));
	SAY("F_GETFL of the other", fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK));
	SAY("close", close(copy));
	SAY("close again", close(copy));
	SAY("read", read(20, text, 3));
}

static void positions(int fd)
{
	char text[32] = "", more[4] = "";
	struct iovec parts[2] = {{text, 3}, {more, 3}};
	struct stat info;

	SAY("write, appended", write(fd, "END", 3));
	SAY("F_SETFL", fcntl(fd, F_SETFL, 0));
	SAY("pwrite", pwrite(fd, "PW", 2, 2));
	SAY("pread", pread(fd, text, 8, 0));
	printf("'%s'\n", text);
	SAY("lseek beyond", lseek(fd, 100, SEEK_END));
	SAY("write", write(fd, "x", 1));
	SAY("fstat", fstat(fd, &info));
	printf("size %ld\n", (long)info.st_size);
	SAY("ftruncate", ftruncate(fd, 10));
	SAY("lseek", lseek(fd, 0, SEEK_SET));
	SAY("readv", readv(fd, parts, 2));
	printf("'%.3s' '%.3s'\n", text, more);
	SAY("writev", writev(fd, parts, 2));
	SAY("at the end", lseek(fd, 0, SEEK_END));
	SAY("read there", read(fd, text, 8));
	SAY("lseek below 0", lseek(fd, -1, SEEK_SET));
	SAY("lseek, bad whence", lseek(fd, 0, 77));
}

int main(void)
{
	char byte;
	int fd = open("/data/new", O_CREAT | O_RDWR | O_TRUNC, 0640);

	SAY("open", fd);
	SAY("write", write(fd, "0123456789", 10));
	open_flags();
	duplicates(fd);
	positions(fd);
	SAY("bad read", read(99, &byte, 1));
	SAY("bad write", write(-1, &byte, 1));
	SAY("bad pointer", write(fd, nowhere, 1));
	SAY("bad close", close(12345));
	close(fd);
	fd = open("/data/words", O_RDONLY);
	SAY("read-only", write(fd, "x", 1));
	SAY("F_DUPFD too high", fcntl(fd, F_DUPFD, 1 << 30));
	return 0;
}
