/* SPDX-License-Identifier: MIT */
/*
 * paths.c: names in /tmp: making, listing, renaming, linking and removing them; the current directory, also one that
 * was removed; paths relative to a descriptor; the names of /proc/self, each opening of which has its own offset; an
 * empty path is the descriptor itself if that is asked for, and -ENOENT otherwise.
 */
#include "file_calls.h"

#define HOME "/tmp/vmm-paths"

static struct stat status;

static void names(void)
{
	char text[8];

	EXPECT(CALL(mkdir, HOME, 0777) == 0 && CALL(mkdir, HOME, 0777) == -EEXIST && CALL(chdir, HOME) == 0);
	EXPECT(CALL(stat, ".", &status) == 0 && status.mode == 0040755);
	EXPECT(CALL(open, "a/b", O_CREAT | O_RDWR, 0600) == -ENOENT && CALL(open, ".", O_RDWR) == -EISDIR);
	EXPECT(CALL(close, CALL(open, "a", O_CREAT | O_RDWR | O_EXCL, 0666)) == 0);
	EXPECT(CALL(open, "a", O_CREAT | O_EXCL | O_RDWR, 0666) == -EEXIST && CALL(open, "a/b", O_RDONLY) == -ENOTDIR);
	EXPECT(CALL(open, "a", O_DIRECTORY) == -ENOTDIR && CALL(stat, "a", &status) == 0 && status.mode == 0100644);
	EXPECT(CALL(link, "a", "b") == 0 && CALL(stat, "b", &status) == 0 && status.nlink == 2);
	EXPECT(CALL(symlink, "b", "s") == 0 && CALL(readlink, "s", text, 8) == 1 && text[0] == 'b');
	EXPECT(CALL(readlink, "a", text, 8) == -EINVAL && CALL(readlink, "s", text, 0) == -EINVAL);
	EXPECT(CALL(lstat, "s", &status) == 0 && (status.mode & 0170000) == 0120000);
	EXPECT(CALL(rename, "a", "c") == 0 && CALL(access, "a", 0) == -ENOENT && CALL(access, "c", 4) == 0);
	EXPECT(CALL(unlink, "b") == 0 && CALL(access, "s", 0) == -ENOENT && CALL(unlink, "b") == -ENOENT);
	EXPECT(CALL(unlink, HOME) == -EISDIR && CALL(rmdir, HOME) == -ENOTEMPTY && CALL(rmdir, "c") == -ENOTDIR);
}

/* How many entries a directory has. */
static int entries_of(const char *path)
{
	struct {
		uint64_t number, next;
		uint16_t bytes;
	} * entry;
	char buffer[512];
	int fd = (int)CALL(open, path, O_RDONLY | O_DIRECTORY), count = 0;
	long bytes;

	EXPECT(fd >= 0 && CALL(getdents64, fd, buffer, 10) == -EINVAL);
	while ((bytes = CALL(getdents64, fd, buffer, sizeof(buffer))) > 0)
		for (char *at = buffer; at < buffer + bytes; at += entry->bytes, count++)
			entry = (void *)at;
	EXPECT(bytes == 0 && CALL(close, fd) == 0);
	return count;
}

static void directories(void)
{
	char text[64];
	int fd = (int)CALL(open, HOME, O_PATH | O_DIRECTORY);

	EXPECT(entries_of(".") == 4); /* ".", "..", "c", "s" */
	EXPECT(CALL(newfstatat, fd, "c", &status, 0) == 0 && CALL(newfstatat, 99, "c", &status, 0) == -EBADF);
	EXPECT(CALL(newfstatat, 99, HOME "/c", &status, 0) == 0 && CALL(newfstatat, fd, "", &status, 0) == -ENOENT);
	EXPECT(CALL(newfstatat, fd, "", &status, AT_EMPTY_PATH) == 0 && (status.mode & 0170000) == 0040000);
	EXPECT(CALL(mkdirat, fd, "d", 0700) == 0 && CALL(chdir, "d") == 0);
	EXPECT(CALL(getcwd, text, sizeof(text)) == sizeof(HOME "/d") && strcmp(text, HOME "/d") == 0);
	EXPECT(CALL(getcwd, text, 5) == -ERANGE && CALL(getcwd, 8, 64) == -EFAULT);
	EXPECT(CALL(rmdir, "../d") == 0 && CALL(getcwd, text, sizeof(text)) == -ENOENT);
	EXPECT(CALL(open, "x", O_CREAT | O_RDWR, 0600) == -ENOENT && CALL(fchdir, fd) == 0);
	EXPECT(CALL(getdents64, fd, text, 64) == -EBADF && CALL(fchdir, 0) == -ENOTDIR && CALL(close, fd) == 0);
}

int main(int argc, char **argv, char **envp)
{
	char text[4];

	(void)argc, (void)argv, (void)envp;
	CALL(umask, 022);
	names();
	directories();
	EXPECT(CALL(unlink, "c") == 0 && CALL(unlink, "s") == 0 && CALL(chdir, "/") == 0 && CALL(rmdir, HOME) == 0);
	EXPECT(CALL(getcwd, text, 4) == 2 && strcmp(text, "/") == 0);
	return 0;
}
