/* SPDX-License-Identifier: MIT */
/*
 * test_files.c: each operation of VMM_HYPERCALL_FILE, right and wrong, on a host directory (read-only and writable) and
 * on /tmp, which must not differ where Linux's file systems do not; /dev and /proc; requests that lie.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "file_guest.h"
#include "run/walk.h"
#include "suites.h"

/* "/ro" is read-only, "/rw" the same directory, writable. */
static void setup(void)
{
	struct file_root roots[2];

	files_setup();
	mkdir(files_host("d"), 0755);
	files_host_write("f", "file");
	ck_assert_int_eq(symlink("f", files_host("l")), 0);
	roots[0] = (struct file_root){files.directory, "/ro", false};
	roots[1] = (struct file_root){files.directory, "/rw", true};
	files_open(roots, 2);
}

static int64_t opened(const char *path, uint32_t flags)
{
	return CALL(OPEN, ROOT, .path = P(path), .flags = flags, .mode = 0644);
}

static struct stat status_of(const char *path, uint32_t flags)
{
	struct stat status;

	ck_assert_int_eq(CALL(STAT, ROOT, .path = P(path), .flags = flags, .buffer = FILE_BUFFER), 0);
	files_buffer(0, &status, sizeof(status));
	return status;
}

static int64_t stat_error(const char *path)
{
	return CALL(STAT, ROOT, .path = P(path), .flags = AT_SYMLINK_NOFOLLOW, .buffer = FILE_BUFFER);
}

/* Where files may be made: a host directory and memory. */
static const char *const places[] = {"/rw", "/tmp"};

static const char *at(int place, const char *name)
{
	static char paths[4][64];
	static unsigned next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", places[place], name);
	return path;
}

START_TEST(open_flags)
{
	int64_t handle = opened(at(_i, "new"), O_WRONLY | O_CREAT | O_EXCL);

	ck_assert_int_ge(handle, 3);
	ck_assert_uint_eq(files.request.kind, VMM_FILE_KIND_REGULAR);
	ck_assert_uint_eq(status_of(at(_i, "new"), 0).st_mode, S_IFREG | 0644);
	ck_assert_int_eq(files_write_text(handle, "12345"), 5);
	ck_assert_uint_eq(files.request.offset, 5);
	ck_assert_int_eq(CALL(READ, (int32_t)handle, .buffer = FILE_BUFFER, .bytes = 1), -EBADF);
	ck_assert_int_eq(CALL(CLOSE, (int32_t)handle), 0);
	ck_assert_int_eq(CALL(CLOSE, (int32_t)handle), -EBADF);
	ck_assert_int_eq(opened(at(_i, "new"), O_WRONLY | O_CREAT | O_EXCL), -EEXIST);
	ck_assert_str_eq(files_read_text(opened(at(_i, "new"), O_RDWR | O_CREAT)), "12345");
	ck_assert_str_eq(files_read_text(opened(at(_i, "new"), O_RDWR | O_TRUNC)), "");
	ck_assert_int_eq(opened(at(_i, "new"), O_RDONLY | O_DIRECTORY), -ENOTDIR);
	ck_assert_int_eq(opened(at(_i, "no"), O_RDONLY), -ENOENT);
	ck_assert_int_eq(opened(at(_i, "no/"), O_RDONLY | O_CREAT), -EISDIR);
	ck_assert_int_eq(opened(at(_i, ""), O_WRONLY), -EISDIR);
	ck_assert_int_eq(opened(at(_i, "."), O_RDONLY | O_CREAT), -EISDIR);
	ck_assert_int_eq(opened(at(_i, "new"), O_ACCMODE), -EINVAL);
	ck_assert_int_eq(opened(at(_i, ""), O_TMPFILE | O_RDWR), -EOPNOTSUPP);
	ck_assert_int_ge(opened(at(_i, ""), O_RDONLY | O_DIRECTORY), 3);
	ck_assert_uint_eq(files.request.kind, VMM_FILE_KIND_DIRECTORY);
}
END_TEST

START_TEST(open_links)
{
	char text[8] = "";

	ck_assert_int_eq(CALL(SYMLINK, ROOT, .path = P("later"), .path2 = P2(at(_i, "link"))), 0);
	ck_assert_int_eq(CALL(SYMLINK, ROOT, .path = P("later"), .path2 = P2(at(_i, "link"))), -EEXIST);
	ck_assert_int_eq(CALL(SYMLINK, ROOT, .path = P(""), .path2 = P2(at(_i, "link2"))), -ENOENT);
	ck_assert_int_eq(CALL(READLINK, ROOT, .path = P(at(_i, "link")), .buffer = FILE_BUFFER, .bytes = 4), 4);
	files_buffer(0, text, 4);
	ck_assert_str_eq(text, "late");
	ck_assert_int_eq(CALL(READLINK, ROOT, .path = P(at(_i, "link")), .buffer = FILE_BUFFER, .bytes = 99), 5);
	ck_assert_int_eq(CALL(READLINK, ROOT, .path = P(at(_i, "link")), .buffer = FILE_BUFFER), -EINVAL);
	ck_assert_int_eq(CALL(READLINK, ROOT, .path = P(at(_i, "")), .buffer = FILE_BUFFER, .bytes = 9), -EINVAL);
	ck_assert_int_eq(opened(at(_i, "link"), O_RDONLY), -ENOENT);
	ck_assert_int_eq(opened(at(_i, "link"), O_RDONLY | O_CREAT | O_EXCL), -EEXIST);
	ck_assert_int_eq(opened(at(_i, "link"), O_RDONLY | O_NOFOLLOW), -ELOOP);
	ck_assert_int_ge(opened(at(_i, "link"), O_PATH | O_NOFOLLOW), 3);
	ck_assert_int_ge(opened(at(_i, "link"), O_RDONLY | O_CREAT), 3); /* makes what it leads to */
	ck_assert(S_ISREG(status_of(at(_i, "later"), 0).st_mode));
	ck_assert(S_ISLNK(status_of(at(_i, "link"), AT_SYMLINK_NOFOLLOW).st_mode));
	ck_assert_int_eq(status_of(at(_i, "link"), AT_SYMLINK_NOFOLLOW).st_size, 5);
}
END_TEST

START_TEST(data)
{
	int64_t handle = opened(at(_i, "data"), O_RDWR | O_CREAT);
	char text[16] = "";

	files_fill(0, "abcdef", 6);
	ck_assert_int_eq(CALL(WRITE, (int32_t)handle, .buffer = FILE_BUFFER, .bytes = 6, .offset = 5000), 6);
	ck_assert_uint_eq(files.request.offset, 5006);
	ck_assert_int_eq(CALL(SIZE, (int32_t)handle), 5006);
	ck_assert_int_eq(CALL(WRITE, (int32_t)handle, .buffer = FILE_BUFFER, .bytes = 2, .flags = O_APPEND), 2);
	ck_assert_uint_eq(files.request.offset, 5008);
	ck_assert_int_eq(CALL(READ, (int32_t)handle, .buffer = FILE_BUFFER, .bytes = 100, .offset = 4998), 10);
	ck_assert_uint_eq(files.request.offset, 5008);
	files_buffer(0, text, 10);
	ck_assert_mem_eq(text, "\0\0abcdefab", 10);
	ck_assert_int_eq(CALL(READ, (int32_t)handle, .buffer = FILE_BUFFER, .bytes = 9, .offset = 5008), 0);
	ck_assert_int_eq(CALL(READ, (int32_t)handle, .buffer = FILE_BUFFER, .bytes = 9, .offset = 99999), 0);
	ck_assert_int_eq(CALL(READ, (int32_t)handle, .buffer = FILE_BUFFER, .bytes = 9, .offset = UINT64_MAX), -EINVAL);
	ck_assert_int_eq(CALL(TRUNCATE, (int32_t)handle, .offset = 5002), 0);
	ck_assert_int_eq(CALL(TRUNCATE, ROOT, .path = P(at(_i, "data")), .offset = 5010), 0);
	ck_assert_int_eq(CALL(READ, (int32_t)handle, .buffer = FILE_BUFFER, .bytes = 100, .offset = 4998), 12);
	files_buffer(0, text, 12);
	ck_assert_mem_eq(text, "\0\0ab\0\0\0\0\0\0\0\0", 12);
	ck_assert_int_eq(CALL(TRUNCATE, ROOT, .path = P(at(_i, "")), .offset = 1), -EISDIR);
	ck_assert_int_eq(CALL(TRUNCATE, (int32_t)handle, .offset = UINT64_MAX), -EINVAL);
	ck_assert_int_eq(CALL(SYNC, (int32_t)handle), 0);
	ck_assert_int_eq(CALL(SYNC, 900), -EBADF);
}
END_TEST

/* Memory that cannot be accessed: nothing done, or the first part and `fault`. */
START_TEST(faults)
{
	int64_t handle = opened(at(_i, "data"), O_RDWR | O_CREAT);
	gva_t end = FILE_BUFFER + FILE_BUFFER_MAX;

	files_fill(FILE_BUFFER_MAX - 4, "wxyz", 4);
	ck_assert_int_eq(CALL(WRITE, (int32_t)handle, .buffer = end, .bytes = 4), -EFAULT);
	ck_assert_int_eq(CALL(WRITE, (int32_t)handle, .buffer = end - 4, .bytes = 9), 4);
	ck_assert_uint_eq(files.request.fault, 1);
	ck_assert_uint_eq(files.request.offset, 4);
	ck_assert_int_eq(CALL(SIZE, (int32_t)handle), 4);
	ck_assert_int_eq(CALL(READ, (int32_t)handle, .buffer = end, .bytes = 4), -EFAULT);
	ck_assert_int_eq(CALL(READ, (int32_t)handle, .buffer = end - 2, .bytes = 4), 2);
	ck_assert_uint_eq(files.request.fault, 1);
	ck_assert_uint_eq(files.request.offset, 2);
	ck_assert_int_eq(CALL(READ, (int32_t)handle, .buffer = end - 4, .bytes = 9), 4);
	ck_assert_int_eq(CALL(STAT, ROOT, .path = P("/"), .buffer = end - 100), -EFAULT);
	ck_assert_int_eq(CALL(STAT, ROOT, .path = end, .buffer = FILE_BUFFER), -EFAULT);
	ck_assert_int_eq(CALL(GETDENTS, (int32_t)opened("/", O_RDONLY), .buffer = end - 8, .bytes = 99), -EFAULT);
}
END_TEST

/* More than one chunk, and across the end of what is mapped. */
START_TEST(large)
{
	int64_t handle = opened(at(_i, "large"), O_RDWR | O_CREAT);
	static uint8_t pattern[FILE_BUFFER_MAX], back[FILE_BUFFER_MAX];

	for (size_t i = 0; i < sizeof(pattern); i++)
		pattern[i] = (uint8_t)(i * 31 >> 4);
	files_fill(0, pattern, sizeof(pattern));
	ck_assert_int_eq(CALL(WRITE, (int32_t)handle, .buffer = FILE_BUFFER, .bytes = UINT64_MAX), FILE_BUFFER_MAX);
	ck_assert_uint_eq(files.request.fault, 1);
	memset(back, 0, sizeof(back));
	files_fill(0, back, sizeof(back));
	ck_assert_int_eq(CALL(READ, (int32_t)handle, .buffer = FILE_BUFFER, .bytes = FILE_BUFFER_MAX), FILE_BUFFER_MAX);
	ck_assert_uint_eq(files.request.fault, 0);
	files_buffer(0, back, sizeof(back));
	ck_assert_mem_eq(back, pattern, sizeof(back));
}
END_TEST

START_TEST(directories)
{
	ck_assert_int_eq(CALL(MKDIR, ROOT, .path = P(at(_i, "a/")), .mode = 0750), 0);
	ck_assert_uint_eq(status_of(at(_i, "a"), 0).st_mode, S_IFDIR | 0750);
	ck_assert_int_eq(CALL(MKDIR, ROOT, .path = P(at(_i, "a")), .mode = 0750), -EEXIST);
	ck_assert_int_eq(CALL(MKDIR, ROOT, .path = P(at(_i, ".")), .mode = 0750), -EEXIST);
	ck_assert_int_eq(CALL(MKDIR, ROOT, .path = P("/"), .mode = 0750), -EEXIST);
	ck_assert_int_eq(CALL(MKDIR, ROOT, .path = P(at(_i, "no/a")), .mode = 0750), -ENOENT);
	ck_assert_int_eq(CALL(MKDIR, ROOT, .path = P(at(_i, "a/b")), .mode = 0777), 0);
	ck_assert_int_ge(opened(at(_i, "a/file"), O_RDWR | O_CREAT), 3);
	ck_assert_str_eq(files_names(at(_i, "a"), 4096), ". .. b file ");
	ck_assert_str_eq(files_names(at(_i, "a"), 32), ". .. b file ");
	ck_assert_int_eq(CALL(GETDENTS, (int32_t)opened(at(_i, "a"), O_RDONLY), .buffer = FILE_BUFFER, .bytes = 16),
			 -EINVAL);
	ck_assert_int_eq(CALL(UNLINK, ROOT, .path = P(at(_i, "a")), .flags = AT_REMOVEDIR), -ENOTEMPTY);
	ck_assert_int_eq(CALL(UNLINK, ROOT, .path = P(at(_i, "a"))), -EISDIR);
	ck_assert_int_eq(CALL(UNLINK, ROOT, .path = P(at(_i, "a/file")), .flags = AT_REMOVEDIR), -ENOTDIR);
	ck_assert_int_eq(CALL(UNLINK, ROOT, .path = P(at(_i, "a/file/"))), -ENOTDIR);
	ck_assert_int_eq(CALL(UNLINK, ROOT, .path = P(at(_i, "a/.")), .flags = AT_REMOVEDIR), -EINVAL);
	ck_assert_int_eq(CALL(UNLINK, ROOT, .path = P(at(_i, "a/..")), .flags = AT_REMOVEDIR), -ENOTEMPTY);
	ck_assert_int_eq(CALL(UNLINK, ROOT, .path = P("/"), .flags = AT_REMOVEDIR), -EBUSY);
	ck_assert_int_eq(CALL(UNLINK, ROOT, .path = P(places[_i]), .flags = AT_REMOVEDIR),
			 -EROFS); /* of the synthetic / */
	ck_assert_int_eq(CALL(UNLINK, ROOT, .path = P(at(_i, "a/file"))), 0);
	ck_assert_int_eq(CALL(UNLINK, ROOT, .path = P(at(_i, "a/file"))), -ENOENT);
	ck_assert_int_eq(CALL(UNLINK, ROOT, .path = P(at(_i, "a/b/")), .flags = AT_REMOVEDIR), 0);
	ck_assert_int_eq(CALL(UNLINK, ROOT, .path = P(at(_i, "a")), .flags = AT_REMOVEDIR), 0);
	ck_assert_int_eq(stat_error(at(_i, "a")), -ENOENT);
}
END_TEST

/* rm -r reads and removes by turns. */
START_TEST(remove_while_reading)
{
	char name[16], seen[200] = {0};
	int64_t directory, got;
	uint64_t offset = 0;

	CALL(MKDIR, ROOT, .path = P(at(_i, "many")), .mode = 0777);
	directory = opened(at(_i, "many"), O_RDONLY);
	for (int i = 0; i < 200; i++) {
		snprintf(name, sizeof(name), "many/%d", i);
		ck_assert_int_eq(CALL(CLOSE, (int32_t)opened(at(_i, name), O_WRONLY | O_CREAT)), 0);
	}
	while ((got = CALL(GETDENTS, (int32_t)directory, .buffer = FILE_BUFFER, .bytes = 64, .offset = offset)) > 0) {
		char buffer[64];

		offset = files.request.offset;
		files_buffer(0, buffer, (uint64_t)got);
		for (int64_t i = 0; i < got; i += *(uint16_t *)(buffer + i + 16)) {
			if (buffer[i + 19] == '.')
				continue;
			seen[atoi(buffer + i + 19)]++;
			ck_assert_int_eq(CALL(UNLINK, (int32_t)directory, .path = P(buffer + i + 19)), 0);
		}
	}
	for (int i = 0; i < 200; i++)
		ck_assert_int_eq(seen[i], 1);
	ck_assert_int_eq(CALL(UNLINK, ROOT, .path = P(at(_i, "many")), .flags = AT_REMOVEDIR), 0);
	ck_assert_int_eq(CALL(OPEN, (int32_t)directory, .path = P("x"), .flags = O_CREAT | O_RDWR), -ENOENT);
	ck_assert_int_eq(CALL(PATH, (int32_t)directory, .buffer = FILE_BUFFER, .bytes = 99), -ENOENT);
}
END_TEST

static int64_t renamed(const char *from, const char *to, uint32_t flags)
{
	return CALL(RENAME, ROOT, .path = P(from), .path2 = P2(to), .flags = flags);
}

START_TEST(rename_files)
{
	int64_t handle = opened(at(_i, "a"), O_RDWR | O_CREAT), directory;
	char path[64] = "";

	files_write_text(handle, "a");
	files_write_text(opened(at(_i, "b"), O_RDWR | O_CREAT), "b");
	ck_assert_int_eq(renamed(at(_i, "a"), at(_i, "b"), RENAME_NOREPLACE), -EEXIST);
	ck_assert_int_eq(renamed(at(_i, "a"), at(_i, "b"), 0), 0);
	ck_assert_int_eq(stat_error(at(_i, "a")), -ENOENT);
	ck_assert_str_eq(files_read_text(opened(at(_i, "b"), O_RDONLY)), "a");
	ck_assert_int_eq(CALL(PATH, (int32_t)handle, .buffer = FILE_BUFFER, .bytes = 99), (int64_t)strlen(at(_i, "b")));
	ck_assert_int_eq(CALL(PATH, (int32_t)handle, .buffer = FILE_BUFFER, .bytes = 3), -ERANGE);
	ck_assert_int_eq(renamed(at(_i, "b"), at(_i, "b"), 0), 0);
	ck_assert_int_eq(renamed(at(_i, "none"), at(_i, "b"), 0), -ENOENT);
	ck_assert_int_eq(renamed(at(_i, "b"), at(_i, "c/"), 0), -ENOTDIR);
	ck_assert_int_eq(renamed(at(_i, "b"), at(_i, "c"), 99), -EINVAL);
	ck_assert_int_eq(renamed(at(_i, "b"), at(_i, "."), 0), -EBUSY);
	ck_assert_int_eq(renamed(at(_i, "b"), at(!_i, "b"), 0), -EXDEV);
	CALL(MKDIR, ROOT, .path = P(at(_i, "d1")), .mode = 0777);
	CALL(MKDIR, ROOT, .path = P(at(_i, "d2")), .mode = 0777);
	CALL(MKDIR, ROOT, .path = P(at(_i, "d1/in")), .mode = 0777);
	directory = opened(at(_i, "d1/in"), O_RDONLY);
	ck_assert_int_eq(renamed(at(_i, "d1"), at(_i, "d1/in/x"), 0), -EINVAL);
	ck_assert_int_eq(renamed(at(_i, "d1"), at(_i, "b"), 0), -ENOTDIR);
	ck_assert_int_eq(renamed(at(_i, "b"), at(_i, "d1"), 0), -EISDIR);
	ck_assert_int_eq(renamed(at(_i, "d2"), at(_i, "d1"), 0), -ENOTEMPTY);
	ck_assert_int_eq(renamed(at(_i, "d1"), at(_i, "d2/"), 0), 0);
	ck_assert_str_eq(files_names(at(_i, "d2"), 99), ". .. in ");
	ck_assert_int_eq(CALL(PATH, (int32_t)directory, .buffer = FILE_BUFFER, .bytes = 99),
			 (int64_t)strlen(at(_i, "d2/in")));
	files_buffer(0, path, strlen(at(_i, "d2/in")));
	ck_assert_str_eq(path, at(_i, "d2/in"));
	ck_assert_int_ge(CALL(OPEN, (int32_t)directory, .path = P("../in")), 3); /* ".." knows the new name */
	ck_assert_uint_eq(status_of(at(_i, "d2"), 0).st_nlink, 3);
}
END_TEST

START_TEST(hard_links)
{
	files_write_text(opened(at(_i, "a"), O_RDWR | O_CREAT), "a");
	CALL(SYMLINK, ROOT, .path = P("a"), .path2 = P2(at(_i, "s")));
	ck_assert_int_eq(CALL(LINK, ROOT, .path = P(at(_i, "a")), .path2 = P2(at(_i, "b"))), 0);
	ck_assert_uint_eq(status_of(at(_i, "b"), 0).st_nlink, 2);
	ck_assert_uint_eq(status_of(at(_i, "b"), 0).st_ino, status_of(at(_i, "a"), 0).st_ino);
	ck_assert_int_eq(CALL(LINK, ROOT, .path = P(at(_i, "a")), .path2 = P2(at(_i, "b"))), -EEXIST);
	ck_assert_int_eq(CALL(LINK, ROOT, .path = P(at(_i, "none")), .path2 = P2(at(_i, "c"))), -ENOENT);
	ck_assert_int_eq(CALL(LINK, ROOT, .path = P(at(_i, ".")), .path2 = P2(at(_i, "c"))), -EPERM);
	ck_assert_int_eq(CALL(LINK, ROOT, .path = P(at(_i, "a")), .path2 = P2(at(!_i, "c"))), -EXDEV);
	ck_assert_int_eq(
		CALL(LINK, ROOT, .path = P(at(_i, "s")), .path2 = P2(at(_i, "s3")), .flags = AT_SYMLINK_FOLLOW), 0);
	ck_assert_uint_eq(status_of(at(_i, "a"), 0).st_nlink, 3);
	ck_assert_int_eq(CALL(LINK, ROOT, .path = P(at(_i, "s")), .path2 = P2(at(_i, "s2"))), 0);
	ck_assert(S_ISLNK(status_of(at(_i, "s2"), AT_SYMLINK_NOFOLLOW).st_mode));
	ck_assert_int_eq(CALL(UNLINK, ROOT, .path = P(at(_i, "a"))), 0);
	ck_assert_str_eq(files_read_text(opened(at(_i, "b"), O_RDONLY)), "a");
}
END_TEST

/* A file without a name lives until its last handle is closed. */
START_TEST(unlinked)
{
	int64_t handle = opened(at(_i, "gone"), O_RDWR | O_CREAT);
	char text[99] = "";
	int64_t length;

	files_write_text(handle, "still");
	ck_assert_int_eq(CALL(UNLINK, ROOT, .path = P(at(_i, "gone"))), 0);
	ck_assert_str_eq(files_read_text(handle), "still");
	length = CALL(PATH, (int32_t)handle, .buffer = FILE_BUFFER, .bytes = 99);
	files_buffer(0, text, (uint64_t)length);
	ck_assert_ptr_nonnull(strstr(text, "/gone (deleted)"));
	ck_assert_int_eq(CALL(STAT, (int32_t)handle, .buffer = FILE_BUFFER), 0);
	ck_assert_int_ge(opened(at(_i, "gone"), O_RDWR | O_CREAT), 3);
	ck_assert_int_eq(CALL(CLOSE, (int32_t)handle), 0);
}
END_TEST

START_TEST(attributes)
{
	const struct timespec times[2] = {{.tv_sec = 1000, .tv_nsec = 5}, {.tv_nsec = UTIME_OMIT}};
	const struct timespec bad[2] = {{.tv_nsec = -1}, {.tv_nsec = 0}};
	int64_t handle = opened(at(_i, "a"), O_RDWR | O_CREAT);
	time_t modified = status_of(at(_i, "a"), 0).st_mtim.tv_sec;

	ck_assert_int_eq(CALL(CHMOD, ROOT, .path = P(at(_i, "a")), .mode = 0600), 0);
	ck_assert_uint_eq(status_of(at(_i, "a"), 0).st_mode, S_IFREG | 0600);
	ck_assert_int_eq(CALL(CHMOD, (int32_t)handle, .mode = 0755), 0);
	ck_assert_uint_eq(status_of(at(_i, "a"), 0).st_mode, S_IFREG | 0755);
	ck_assert_int_eq(CALL(CHOWN, ROOT, .path = P(at(_i, "a")), .mode = getuid(), .number = (int32_t)getgid()), 0);
	ck_assert_int_eq(CALL(CHOWN, (int32_t)handle, .mode = UINT32_MAX, .number = -1), 0);
	ck_assert_uint_eq(status_of(at(_i, "a"), 0).st_uid, getuid());
	files_fill(0, times, sizeof(times));
	ck_assert_int_eq(CALL(UTIMENS, ROOT, .path = P(at(_i, "a")), .buffer = FILE_BUFFER), 0);
	ck_assert_int_eq(status_of(at(_i, "a"), 0).st_atim.tv_sec, 1000);
	ck_assert_int_eq(status_of(at(_i, "a"), 0).st_atim.tv_nsec, 5);
	ck_assert_int_eq(status_of(at(_i, "a"), 0).st_mtim.tv_sec, modified);
	ck_assert_int_eq(CALL(UTIMENS, (int32_t)handle), 0);
	ck_assert_int_gt(status_of(at(_i, "a"), 0).st_atim.tv_sec, 1000);
	files_fill(0, bad, sizeof(bad));
	ck_assert_int_eq(CALL(UTIMENS, ROOT, .path = P(at(_i, "a")), .buffer = FILE_BUFFER), -EINVAL);
	ck_assert_int_eq(CALL(ACCESS, ROOT, .path = P(at(_i, "a")), .mode = R_OK | W_OK | X_OK), 0);
	CALL(CHMOD, (int32_t)handle, .mode = 0644);
	ck_assert_int_eq(CALL(ACCESS, ROOT, .path = P(at(_i, "a")), .mode = X_OK), -EACCES);
	ck_assert_int_eq(CALL(ACCESS, ROOT, .path = P(at(_i, "none")), .mode = F_OK), -ENOENT);
	ck_assert_int_eq(CALL(ACCESS, ROOT, .path = P(at(_i, "a")), .mode = 8), -EINVAL);
	ck_assert_int_eq(CALL(POLL, (int32_t)handle), 5);
	ck_assert_int_eq(CALL(POLL, 500), -EBADF);
}
END_TEST

START_TEST(statuses)
{
	struct statx extended;
	struct statfs system;

	files_write_text(opened(at(_i, "a"), O_RDWR | O_CREAT), "12345");
	ck_assert_int_eq(CALL(STATX, ROOT, .path = P(at(_i, "a")), .mode = STATX_ALL, .buffer = FILE_BUFFER), 0);
	files_buffer(0, &extended, sizeof(extended));
	ck_assert_uint_eq(extended.stx_mask & STATX_BASIC_STATS, STATX_BASIC_STATS);
	ck_assert_uint_eq(extended.stx_size, 5);
	ck_assert_uint_eq(extended.stx_ino, status_of(at(_i, "a"), 0).st_ino);
	ck_assert_int_eq(CALL(STATX, ROOT, .path = P(at(_i, "a")), .mode = STATX__RESERVED, .buffer = FILE_BUFFER),
			 -EINVAL);
	ck_assert_int_eq(CALL(STAT, ROOT, .buffer = FILE_BUFFER), 0); /* the root itself */
	ck_assert_int_eq(CALL(PATH, ROOT, .buffer = FILE_BUFFER, .bytes = 9), 1);
	ck_assert_int_gt(status_of("/", 0).st_mtim.tv_sec, 1000000000);
	ck_assert_int_gt(status_of("/proc/version", 0).st_mtim.tv_sec, 1000000000);
	ck_assert_int_eq(CALL(STAT, 77, .buffer = FILE_BUFFER), -EBADF);
	ck_assert_int_eq(CALL(STAT, (int32_t)opened(at(_i, ""), O_PATH), .path = P(""), .flags = AT_EMPTY_PATH,
			      .buffer = FILE_BUFFER),
			 0);
	ck_assert_int_eq(CALL(STATFS, ROOT, .path = P(at(_i, "a")), .buffer = FILE_BUFFER), 0);
	files_buffer(0, &system, sizeof(system));
	ck_assert_int_gt(system.f_blocks, 0);
	ck_assert(!(system.f_flags & 1));
	ck_assert_uint_ne(status_of("/rw", 0).st_dev, status_of("/tmp", 0).st_dev);
	ck_assert_uint_ne(status_of("/dev", 0).st_dev, status_of("/tmp", 0).st_dev);
}
END_TEST

START_TEST(read_only)
{
	ck_assert_str_eq(files_read_text(opened("/ro/f", O_RDONLY)), "file");
	ck_assert_int_eq(opened("/ro/f", O_RDWR), -EROFS);
	ck_assert_int_eq(opened("/ro/f", O_RDONLY | O_TRUNC), -EROFS);
	ck_assert_int_eq(opened("/ro/new", O_RDWR | O_CREAT), -EROFS);
	ck_assert_int_ge(opened("/ro/f", O_RDONLY | O_CREAT), 3);
	ck_assert_int_eq(CALL(MKDIR, ROOT, .path = P("/ro/x"), .mode = 0777), -EROFS);
	ck_assert_int_eq(CALL(MKDIR, ROOT, .path = P("/ro/d"), .mode = 0777), -EEXIST);
	ck_assert_int_eq(CALL(UNLINK, ROOT, .path = P("/ro/f")), -EROFS);
	ck_assert_int_eq(CALL(UNLINK, ROOT, .path = P("/ro/none")), -EROFS);
	ck_assert_int_eq(renamed("/ro/f", "/ro/g", 0), -EROFS);
	ck_assert_int_eq(renamed("/ro/f", "/rw/g", 0), -EXDEV);
	ck_assert_int_eq(CALL(LINK, ROOT, .path = P("/ro/f"), .path2 = P2("/ro/g")), -EROFS);
	ck_assert_int_eq(CALL(SYMLINK, ROOT, .path = P("f"), .path2 = P2("/ro/g")), -EROFS);
	ck_assert_int_eq(CALL(CHMOD, ROOT, .path = P("/ro/f"), .mode = 0), -EROFS);
	ck_assert_int_eq(CALL(CHMOD, (int32_t)opened("/ro/f", O_RDONLY), .mode = 0), -EROFS);
	ck_assert_int_eq(CALL(CHOWN, ROOT, .path = P("/ro/f"), .mode = 0), -EROFS);
	ck_assert_int_eq(CALL(UTIMENS, ROOT, .path = P("/ro/f")), -EROFS);
	ck_assert_int_eq(CALL(TRUNCATE, ROOT, .path = P("/ro/f"), .offset = 0), -EROFS);
	ck_assert_int_eq(CALL(TRUNCATE, (int32_t)opened("/ro/f", O_RDONLY), .offset = 0), -EINVAL);
	ck_assert_int_eq(CALL(WRITE, (int32_t)opened("/ro/f", O_RDONLY), .buffer = FILE_BUFFER, .bytes = 1), -EBADF);
	ck_assert_int_eq(CALL(ACCESS, ROOT, .path = P("/ro/f"), .mode = W_OK), -EROFS);
	ck_assert_int_eq(CALL(ACCESS, ROOT, .path = P("/ro/f"), .mode = R_OK), 0);
	ck_assert_str_eq(files_read_text(opened("/ro/f", O_RDONLY)), "file");
	ck_assert_int_eq(access(files_host("f"), F_OK), 0);
}
END_TEST

/* Nobody on the host gets a program that runs with our rights. */
START_TEST(no_setuid)
{
	struct stat status;

	ck_assert_int_ge(CALL(OPEN, ROOT, .path = P("/rw/s"), .flags = O_CREAT | O_RDWR, .mode = 06755), 3);
	ck_assert_int_eq(stat(files_host("s"), &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0755);
	ck_assert_int_eq(CALL(CHMOD, ROOT, .path = P("/rw/s"), .mode = 06711), 0);
	ck_assert_int_eq(stat(files_host("s"), &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0711);
}
END_TEST

START_TEST(full_disk)
{
	const struct rlimit limit = {100, RLIM_INFINITY}, none = {RLIM_INFINITY, RLIM_INFINITY};
	int64_t handle = opened("/rw/big", O_RDWR | O_CREAT);

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	ck_assert_int_eq(CALL(WRITE, (int32_t)handle, .buffer = FILE_BUFFER, .bytes = 200), 100);
	ck_assert_int_eq(CALL(WRITE, (int32_t)handle, .buffer = FILE_BUFFER, .bytes = 200, .offset = 100), -EFBIG);
	setrlimit(RLIMIT_FSIZE, &none);
}
END_TEST

START_TEST(memory_is_limited)
{
	int64_t handle = opened("/tmp/big", O_RDWR | O_CREAT), got, small;
	uint64_t offset = 0;
	char name[32];
	int made = 0;

	while ((got = CALL(WRITE, (int32_t)handle, .buffer = FILE_BUFFER, .bytes = 0x10000, .offset = offset)) > 0)
		offset += (uint64_t)got;
	ck_assert_int_eq(got, -ENOSPC);
	ck_assert_uint_le(offset, GUEST_RAM_SIZE / 2);
	ck_assert_uint_gt(offset, GUEST_RAM_SIZE / 2 - 0x20000);
	ck_assert_int_eq(CALL(TRUNCATE, (int32_t)handle, .offset = 0), 0); /* and all of it is back */
	ck_assert_int_eq(CALL(WRITE, (int32_t)handle, .buffer = FILE_BUFFER, .bytes = 0x10000), 0x10000);
	ck_assert_int_eq(CALL(WRITE, (int32_t)handle, .buffer = FILE_BUFFER, .bytes = 1, .offset = UINT64_C(1) << 42),
			 -ENOSPC); /* the table of its pages would be too large */
	ck_assert_int_eq(CALL(WRITE, (int32_t)handle, .buffer = FILE_BUFFER, .bytes = 1, .offset = INT64_MAX), -EFBIG);
	ck_assert_int_eq(CALL(TRUNCATE, (int32_t)handle, .offset = UINT64_C(1) << 40), 0); /* a hole costs nothing */
	ck_assert_int_eq(CALL(SIZE, (int32_t)handle), INT64_C(1) << 40);
	for (;; made++) {
		snprintf(name, sizeof(name), "/tmp/%d", made);
		small = opened(name, O_RDWR | O_CREAT);
		if (small < 0)
			break;
		CALL(CLOSE, (int32_t)small);
	}
	ck_assert_int_eq(small, -ENOSPC);
	ck_assert_int_gt(made, 500);
	ck_assert_int_lt(made, (int)(GUEST_RAM_SIZE / 2 / PAGE_SIZE));
	ck_assert_int_eq(CALL(MKDIR, ROOT, .path = P("/tmp/no"), .mode = 0777), -ENOSPC);
	ck_assert_int_eq(CALL(SYMLINK, ROOT, .path = P("x"), .path2 = P2("/tmp/no")), -ENOSPC);
	ck_assert_int_eq(CALL(UNLINK, ROOT, .path = P("/tmp/0")), 0);
	ck_assert_int_ge(opened("/tmp/0", O_RDWR | O_CREAT), 3);
}
END_TEST

START_TEST(handles_are_limited)
{
	int64_t handle, count = 0;

	while ((handle = opened("/rw/f", O_RDONLY)) >= 0)
		count++;
	ck_assert_int_eq(handle, -ENFILE);
	ck_assert_int_eq(count, FILE_HANDLES);
	ck_assert_int_eq(CALL(CLOSE, 500), 0);
	ck_assert_int_eq(opened("/rw/f", O_RDONLY), 500);
}
END_TEST

START_TEST(devices)
{
	uint8_t bytes[64], other[64];
	int64_t null = opened("/dev/null", O_RDWR | O_TRUNC), zero = opened("/dev/zero", O_RDONLY);
	int64_t full = opened("/dev/full", O_WRONLY), random = opened("/dev/urandom", O_RDONLY);

	ck_assert_uint_eq(files.request.kind, VMM_FILE_KIND_DEVICE); /* the last one opened */
	ck_assert_int_eq(files.request.number, 0x109);
	ck_assert_int_ge(opened("/proc/mounts", O_RDONLY), 0);
	ck_assert_int_eq(files.request.number, 0);
	ck_assert_int_eq(files_write_text(null, "gone"), 4);
	ck_assert_str_eq(files_read_text(null), "");
	ck_assert_int_eq(files_write_text(full, "x"), -ENOSPC);
	ck_assert_int_eq(CALL(READ, (int32_t)zero, .buffer = FILE_BUFFER, .bytes = 64), 64);
	files_buffer(0, bytes, 64);
	for (int i = 0; i < 64; i++)
		ck_assert_uint_eq(bytes[i], 0);
	ck_assert_int_eq(CALL(READ, (int32_t)random, .buffer = FILE_BUFFER, .bytes = 64), 64);
	files_buffer(0, bytes, 64);
	CALL(READ, (int32_t)random, .buffer = FILE_BUFFER, .bytes = 64);
	files_buffer(0, other, 64);
	ck_assert_mem_ne(bytes, other, 64);
	ck_assert(S_ISCHR(status_of("/dev/null", 0).st_mode));
	ck_assert_uint_eq(status_of("/dev/null", 0).st_rdev, 0x103);
	ck_assert_int_eq(CALL(ACCESS, ROOT, .path = P("/dev/null"), .mode = W_OK), 0);
	ck_assert_int_eq(opened("/dev/tty", O_RDWR), -EREMOTE);
	ck_assert_uint_eq(files.request.kind, VMM_FILE_KIND_TTY);
	ck_assert_int_eq(opened("/dev/ptmx", O_RDWR), -ENOENT);
	ck_assert_int_eq(opened("/dev/new", O_RDWR | O_CREAT), -EROFS);
	ck_assert_int_eq(opened("/dev/stdin", O_RDONLY), -EREMOTE);
	ck_assert_uint_eq(files.request.kind, VMM_FILE_KIND_SELF_FD);
	ck_assert_int_eq(files.request.number, 0);
}
END_TEST

START_TEST(proc_self)
{
	static const struct {
		const char *path;
		uint32_t kind;
		int32_t number;
	} cases[] = {
		{"/proc/self/exe", VMM_FILE_KIND_SELF_EXE, 0},   {"/proc/1/exe", VMM_FILE_KIND_SELF_EXE, 0},
		{"/proc/self/cwd", VMM_FILE_KIND_SELF_CWD, 0},   {"/proc/self/fd", VMM_FILE_KIND_FD_LIST, 0},
		{"/proc/self/maps", VMM_FILE_KIND_SELF_MAPS, 0}, {"/proc/self/fd/17", VMM_FILE_KIND_SELF_FD, 17},
		{"/dev/fd/3", VMM_FILE_KIND_SELF_FD, 3},         {"/dev/stderr", VMM_FILE_KIND_SELF_FD, 2},
	};

	ck_assert_int_eq(opened(cases[_i].path, O_RDONLY), -EREMOTE);
	ck_assert_uint_eq(files.request.kind, cases[_i].kind);
	ck_assert_int_eq(files.request.number, cases[_i].number);
}
END_TEST

START_TEST(proc_links)
{
	char text[16] = "";

	ck_assert_int_eq(CALL(READLINK, ROOT, .path = P("/proc/self"), .buffer = FILE_BUFFER, .bytes = 16), 1);
	files_buffer(0, text, 1);
	ck_assert_str_eq(text, "1");
	ck_assert_int_eq(CALL(READLINK, ROOT, .path = P("/proc/self/exe"), .buffer = FILE_BUFFER, .bytes = 16),
			 -EREMOTE);
	ck_assert_uint_eq(files.request.kind, VMM_FILE_KIND_SELF_EXE);
	ck_assert(S_ISLNK(status_of("/proc/self/exe", AT_SYMLINK_NOFOLLOW).st_mode));
	ck_assert_int_eq(stat_error("/proc/self/fd/5"), -EREMOTE);
	ck_assert_int_eq(files.request.number, 5);
	ck_assert_int_eq(opened("/proc/7/maps", O_RDONLY), -EACCES); /* of others only they know */
	ck_assert_int_eq(opened("/proc/2/stat", O_RDONLY), -ENOENT);
	ck_assert_int_eq(opened("/proc/self/fd/x", O_RDONLY), -ENOENT);
	ck_assert_int_eq(opened("/proc/self/fd/99999999999", O_RDONLY), -ENOENT);
	ck_assert_int_eq(opened("/proc/self/exe/x", O_RDONLY), -ENOENT);
	ck_assert_int_eq(opened("/proc/new", O_RDWR | O_CREAT), -EROFS);
	ck_assert_int_eq(opened("/proc/version", O_RDWR), -EROFS);
	ck_assert_int_ge(opened("/proc/self/root/rw/f", O_RDONLY), 3);
}
END_TEST

START_TEST(proc_texts)
{
	static const char *const texts[][2] = {
		{"/proc/version", "Linux version 6.1.0"},
		{"/proc/uptime", "."},
		{"/proc/cpuinfo", "processor\t: 0\n"},
		{"/proc/meminfo", "MemTotal:           8192 kB\n"},
		{"/proc/mounts", "tmpfs /tmp tmpfs rw 0 0\nhost /ro host ro 0 0\nhost /rw host rw 0 0\n"},
		{"/proc/filesystems", "nodev\ttmpfs\n"},
		{"/proc/loadavg", "0.00 0.00 0.00 1/2 7\n"},
		{"/proc/stat", "\nprocesses 7\n"},
		{"/proc/1/stat", "1 (sh) R 0 1 "},
		{"/proc/7/stat", "7 (ls) Z 1 1 "},
		{"/proc/self/status", "Name:\tsh\n"},
		{"/proc/1/cmdline", "sh"},
		{"/proc/1/comm", "sh\n"},
	};
	int64_t handle = opened(texts[_i][0], O_RDONLY);
	const char *text = files_read_text(handle);

	ck_assert_msg(strstr(text, texts[_i][1]) != NULL, "%s: %s", texts[_i][0], text);
	ck_assert_int_eq(CALL(READ, (int32_t)handle, .buffer = FILE_BUFFER, .bytes = 99, .offset = 4096), 0);
	ck_assert_int_gt(CALL(SIZE, (int32_t)handle), 1);
}
END_TEST

START_TEST(proc_names)
{
	ck_assert_str_eq(files_names("/proc", 64),
			 ". .. 1 7 cpuinfo filesystems loadavg meminfo mounts self stat uptime version ");
	ck_assert_str_eq(files_names("/proc/7", 4096),
			 ". .. cmdline comm cwd exe fd maps mounts root stat statm status ");
}
END_TEST

/* Requests that lie where nothing may be read or written, and operations that do not exist. */
START_TEST(wild_requests)
{
	static const uint32_t operations[] = {0, 28, 29, 0x7fffffff, 0xffffffff};
	gva_t end = FILE_REQUEST + PAGE_SIZE;

	for (size_t i = 0; i < 5; i++)
		ck_assert_int_eq(files_call((struct vmm_file_request){.operation = operations[i]}), -ENOSYS);
	ck_assert_int_eq(file_service_request(files.service, files.guest.root, end - 8), -EFAULT);
	ck_assert_int_eq(file_service_request(files.service, files.guest.root, 0), -EFAULT);
	ck_assert_int_eq(file_service_request(files.service, files.guest.root, UINT64_MAX), -EFAULT);
	ck_assert_int_eq(file_service_request(files.service, files.guest.root, UINT64_C(0x800000000000)), -EFAULT);
	*guest_entry(&files.guest, FILE_REQUEST, 3) &= ~(uint64_t)PTE_W; /* its results could not be written */
	ck_assert_int_eq(file_service_request(files.service, files.guest.root, FILE_REQUEST), -EFAULT);
}
END_TEST

static uint64_t next_random(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *state >> 33;
}

/* Any request at all: under the sanitizers, nothing but an answer. */
START_TEST(fuzz)
{
	static const char *const paths[] = {"/tmp/a", "/tmp/b/c", "/rw/x",     "/rw/d/y", "/tmp/b",       "/ro/f",
					    "/proc",  "/dev",     "/proc/1",   "..",      "/tmp/../rw/z", "/",
					    "",       "b",        "/dev/null", "/rw/l",   "/proc/self/fd"};
	static const uint64_t addresses[] = {
		FILE_BUFFER, FILE_BUFFER + FILE_BUFFER_MAX - 3, 0, UINT64_MAX, FILE_REQUEST, FILE_PATH};
	uint64_t state = (uint64_t)_i * 977 + 1;

	files.host.input = open("/dev/null", O_RDWR);
	files.host.output = files.host.error_output = files.host.input;
	for (int i = 0; i < 20000; i++) {
		struct vmm_file_request request = {
			.operation = (uint32_t)next_random(&state) % 27,
			.flags = next_random(&state) % 3 ? (uint32_t)(1 << next_random(&state) % 24)
							 : (uint32_t)next_random(&state),
			.handle = (int32_t)(next_random(&state) % 24) - 2,
			.handle2 = (int32_t)(next_random(&state) % 24) - 2,
			.path = next_random(&state) % 8 ? P(paths[next_random(&state) % 17]) : addresses[i % 6],
			.path2 = next_random(&state) % 8 ? P2(paths[next_random(&state) % 17]) : addresses[i % 6],
			.buffer = addresses[next_random(&state) % 6],
			.bytes = next_random(&state) % 4 ? next_random(&state) % 5000 : next_random(&state) << 30,
			.offset = next_random(&state) % 4 ? next_random(&state) % 9000 : next_random(&state) << 33,
			.mode = (uint32_t)next_random(&state) % 01000,
			.number = (int32_t)next_random(&state),
			.pid = (uint32_t)next_random(&state) % 9,
		};

		if (request.operation == VMM_FILE_CHOWN)
			request.mode = UINT32_MAX, request.number = -1;
		if (request.operation == VMM_FILE_OPEN && next_random(&state) % 4)
			request.flags &= O_ACCMODE | O_CREAT | O_DIRECTORY;
		files_call(request);
	}
	for (int32_t handle = 3; handle < 100; handle++)
		CALL(CLOSE, handle);
	ck_assert_int_eq(CALL(STAT, ROOT, .path = P("/"), .buffer = FILE_BUFFER), 0);
	chmod(files_host("d"), 0755);
}
END_TEST

Suite *files_suite(void)
{
	Suite *suite = suite_create("files");
	TCase *both = tcase_create("host and memory"), *others = tcase_create("others");
	const TTest *const tests[] = {open_flags,           open_links,   data,       faults,   large,      directories,
				      remove_while_reading, rename_files, hard_links, unlinked, attributes, statuses};

	tcase_add_checked_fixture(both, setup, files_teardown);
	tcase_add_checked_fixture(others, setup, files_teardown);
	tcase_set_timeout(others, 30);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_loop_test(both, tests[i], 0, 2);
	tcase_add_test(others, read_only);
	tcase_add_test(others, no_setuid);
	tcase_add_test(others, full_disk);
	tcase_add_test(others, memory_is_limited);
	tcase_add_test(others, handles_are_limited);
	tcase_add_test(others, devices);
	tcase_add_loop_test(others, proc_self, 0, 8);
	tcase_add_test(others, proc_links);
	tcase_add_loop_test(others, proc_texts, 0, 13);
	tcase_add_test(others, proc_names);
	tcase_add_test(others, wild_requests);
	tcase_add_loop_test(others, fuzz, 0, 4);
	suite_add_tcase(suite, both);
	suite_add_tcase(suite, others);
	return suite;
}
