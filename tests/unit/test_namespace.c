/* SPDX-License-Identifier: MIT */
/*
 * test_namespace.c: paths lead where Linux's would, mounts and links included, and never out of a --root directory: not
 * by "..", not by symbolic links, not by magic links, and not while somebody on the host exchanges directories.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "file_guest.h"
#include "files/host_files.h"
#include "suites.h"

/* The tree that most tests walk in; its root is the guest's / and, writable, its /rw. */
static void setup(void)
{
	struct file_root roots[2];

	files_setup();
	mkdir(files_host("d"), 0755);
	mkdir(files_host("d/e"), 0755);
	files_host_write("f", "file");
	files_host_write("d/e/g", "deep");
	ck_assert_int_eq(symlink("d/e", files_host("link")), 0);
	ck_assert_int_eq(symlink("/d/e/g", files_host("absolute")), 0);
	ck_assert_int_eq(symlink("../../../../../f", files_host("d/up")), 0);
	ck_assert_int_eq(symlink("/etc/passwd", files_host("out")), 0);
	ck_assert_int_eq(symlink("loop", files_host("loop")), 0);
	ck_assert_int_eq(symlink("nowhere", files_host("dangling")), 0);
	ck_assert_int_eq(symlink("/tmp/t", files_host("to-tmp")), 0);
	roots[0] = (struct file_root){files.directory, "/", false};
	roots[1] = (struct file_root){files.directory, "/rw", true};
	files_open(roots, 2);
}

static int64_t opened(const char *path, uint32_t flags)
{
	return CALL(OPEN, ROOT, .path = P(path), .flags = flags);
}

START_TEST(paths)
{
	static const struct {
		const char *path;
		const char *text;
		int64_t error;
	} cases[] = {
		{"/f", "file", 0},
		{"f", "file", 0},
		{"//d/./e/../../f", "file", 0},
		{"/../../../f", "file", 0},
		{"/link/g", "deep", 0},
		{"/link/../up", "file", 0}, /* /d/up */
		{"/absolute", "deep", 0},
		{"/rw/absolute", "deep", 0}, /* against the guest's root, not the mount's */
		{"/rw/d/e/g", "deep", 0},
		{"/rw/../f", "file", 0},
		{"/tmp/../f", "file", 0},
		{"/d/up", "file", 0},
		{"/rw/d/up", "file", 0},
		{"", NULL, -ENOENT},
		{"/nothing", NULL, -ENOENT},
		{"/nothing/f", NULL, -ENOENT},
		{"/dangling", NULL, -ENOENT},
		{"/f/", NULL, -ENOTDIR},
		{"/f/.", NULL, -ENOTDIR},
		{"/f/..", NULL, -ENOTDIR},
		{"/f/x", NULL, -ENOTDIR},
		{"/absolute/", NULL, -ENOTDIR},
		{"/loop", NULL, -ELOOP},
		{"/loop/x", NULL, -ELOOP},
		{"/out", NULL, -ENOENT}, /* the guest has no /etc */
		{"/rw/out", NULL, -ENOENT},
		{"/d/../../../../../../../../etc/passwd", NULL, -ENOENT},
		{"/rw/../../../../etc/passwd", NULL, -ENOENT},
	};
	int64_t handle = opened(cases[_i].path, O_RDONLY);

	if (cases[_i].text == NULL) {
		ck_assert_msg(handle == cases[_i].error, "%s: %lld", cases[_i].path, (long long)handle);
		return;
	}
	ck_assert_msg(handle >= 3, "%s: %lld", cases[_i].path, (long long)handle);
	ck_assert_str_eq(files_read_text(handle), cases[_i].text);
}
END_TEST

START_TEST(long_paths)
{
	char path[4200];

	memset(path, 'a', sizeof(path));
	path[0] = '/';
	path[256] = '\0';
	ck_assert_int_eq(opened(path, O_RDONLY), -ENOENT);
	path[256] = 'a';
	path[257] = '\0';
	ck_assert_int_eq(opened(path, O_RDONLY), -ENAMETOOLONG);
	memset(path, '/', 4096);
	path[4094] = 'f';
	path[4095] = '\0';
	ck_assert_int_ge(opened(path, O_RDONLY), 3);
	path[4095] = '/';
	path[4096] = '\0';
	ck_assert_int_eq(opened(path, O_RDONLY), -ENAMETOOLONG);
}
END_TEST

/* 40 links are allowed, as on Linux; a path may end exactly where memory does. */
START_TEST(many_links)
{
	char name[16], target[16];

	for (int i = 0; i < 41; i++) {
		snprintf(name, sizeof(name), "l%d", i);
		snprintf(target, sizeof(target), i == 0 ? "f" : "l%d", i - 1);
		ck_assert_int_eq(symlink(target, files_host(name)), 0);
	}
	ck_assert_int_ge(opened("/l39", O_RDONLY), 3);
	ck_assert_int_eq(opened("/l40", O_RDONLY), -ELOOP);
	files_text(FILE_PATH + 2 * PAGE_SIZE - 3, "/f");
	ck_assert_int_ge(CALL(OPEN, ROOT, .path = FILE_PATH + 2 * PAGE_SIZE - 3, .flags = O_RDONLY), 3);
	files_text(FILE_PATH + 2 * PAGE_SIZE - 3, "/f");
	ck_assert_int_eq(CALL(OPEN, ROOT, .path = FILE_PATH + 2 * PAGE_SIZE, .flags = O_RDONLY), -EFAULT);
	ck_assert_int_eq(CALL(OPEN, ROOT, .path = 0, .flags = O_RDONLY), -EFAULT);
}
END_TEST

START_TEST(relative)
{
	int64_t e = opened("/d/e", O_RDONLY | O_DIRECTORY), path = opened("/d", O_PATH), file = opened("/f", O_RDONLY);

	ck_assert_str_eq(files_read_text(CALL(OPEN, (int32_t)e, .path = P("g"))), "deep");
	ck_assert_str_eq(files_read_text(CALL(OPEN, (int32_t)e, .path = P("../../f"))), "file");
	ck_assert_str_eq(files_read_text(CALL(OPEN, (int32_t)e, .path = P("/f"))), "file");
	ck_assert_str_eq(files_read_text(CALL(OPEN, (int32_t)path, .path = P("e/g"))), "deep");
	ck_assert_int_eq(CALL(OPEN, (int32_t)file, .path = P("g")), -ENOTDIR);
	ck_assert_int_eq(CALL(OPEN, 0, .path = P("g")), -ENOTDIR);
	ck_assert_int_eq(CALL(OPEN, 999, .path = P("g")), -EBADF);
	ck_assert_int_eq(CALL(OPEN, INT32_MIN, .path = P("g")), -EBADF);
	ck_assert_str_eq(files_read_text(CALL(OPEN, 999, .path = P("/f"))), "file"); /* not needed, not looked at */
}
END_TEST

/* A link in one mount may lead into another. */
START_TEST(between_mounts)
{
	int64_t handle = opened("/to-tmp", O_WRONLY | O_CREAT);

	ck_assert_int_ge(handle, 3);
	ck_assert_int_eq(files_write_text(handle, "there"), 5);
	ck_assert_str_eq(files_read_text(opened("/tmp/t", O_RDONLY)), "there");
	ck_assert_int_eq(access(files_host("t"), F_OK), -1);
}
END_TEST

START_TEST(mounts_are_listed)
{
	ck_assert_str_eq(files_names("/", 4096), ". .. absolute d dangling dev f link loop out proc rw tmp to-tmp ");
	ck_assert_str_eq(files_names("/", 40), ". .. absolute d dangling dev f link loop out proc rw tmp to-tmp ");
	ck_assert_str_eq(files_names("/d", 4096), ". .. e up ");
	ck_assert_str_eq(files_names("/dev", 48),
			 ". .. console fd full null random stderr stdin stdout tty urandom zero ");
}
END_TEST

/* What the host's directory has at the place of a mount is hidden. */
START_TEST(mounts_hide)
{
	mkdir(files_host("tmp"), 0755);
	files_host_write("tmp/secret", "x");
	ck_assert_int_eq(opened("/tmp/secret", O_RDONLY), -ENOENT);
	ck_assert_str_eq(files_names("/", 4096), ". .. absolute d dangling dev f link loop out proc rw tmp to-tmp ");
	ck_assert_str_eq(files_names("/tmp", 4096), ". .. ");
	ck_assert_int_ge(opened("/rw/tmp/secret", O_RDONLY), 3); /* there it is no mount */
}
END_TEST

START_TEST(special_files)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct stat status;

	strcpy(name.sun_path, files_host("socket"));
	ck_assert_int_eq(bind(fd, (const struct sockaddr *)&name, sizeof(name)), 0);
	close(fd);
	ck_assert_int_eq(mkfifo(files_host("fifo"), 0666), 0);
	fd = (int)opened("/fifo", O_RDONLY); /* of its name only: the host's FIFO is not opened, which would wait */
	ck_assert_int_ge(fd, 3);
	ck_assert_int_eq(CALL(READ, fd, .buffer = FILE_BUFFER, .bytes = 1), -EBADF);
	ck_assert_int_eq(CALL(STAT, fd, .buffer = FILE_BUFFER), 0);
	ck_assert_int_ge(opened("/rw/fifo", O_WRONLY), 3);
	ck_assert_int_eq(CALL(MKNOD, ROOT, .path = P("/new"), .mode = S_IFIFO | 0600), -EROFS);
	ck_assert_int_eq(CALL(MKNOD, ROOT, .path = P("/rw/fifo"), .mode = S_IFIFO | 0600), -EEXIST);
	ck_assert_int_eq(CALL(MKNOD, ROOT, .path = P("/rw/new/"), .mode = S_IFIFO | 0600), -ENOENT);
	ck_assert_int_eq(CALL(MKNOD, ROOT, .path = P("/rw/new"), .mode = S_IFCHR | 0600), -EPERM);
	ck_assert_int_eq(CALL(MKNOD, ROOT, .path = P("/rw/new"), .mode = S_IFDIR | 0600), -EPERM);
	ck_assert_int_eq(CALL(MKNOD, ROOT, .path = P("/rw/new"), .mode = S_IFIFO | 06600), 0);
	ck_assert_int_eq(stat(files_host("new"), &status), 0);
	ck_assert_uint_eq(status.st_mode, S_IFIFO | 0600);
	ck_assert_int_eq(opened("/socket", O_RDONLY), -ENXIO);
	ck_assert_int_eq(CALL(STAT, ROOT, .path = P("/fifo"), .buffer = FILE_BUFFER), 0);
	files_buffer(0, &status, sizeof(status));
	ck_assert(S_ISFIFO(status.st_mode));
	if (mknod(files_host("null"), S_IFCHR | 0666, 0x103) == 0)
		ck_assert_int_eq(opened("/rw/null", O_RDWR), -EACCES);
}
END_TEST

/* A magic link of the host's /proc is text to us, and that text is resolved in the guest. */
START_TEST(magic_links)
{
	struct file_root root = {"/proc", "/", false};
	char path[64];
	int64_t handle;

	file_service_close(files.service);
	files_open(&root, 1);
	ck_assert_int_eq(opened("/proc/1/root/etc/passwd", O_RDONLY), -ENOENT); /* the guest's own /proc */
	root.mount = "/host";
	file_service_close(files.service);
	files_open(&root, 1);
	ck_assert_int_eq(opened("/host/self/root/etc/passwd", O_RDONLY), -ENOENT);
	ck_assert_int_eq(opened("/host/self/cwd/Makefile", O_RDONLY), -ENOENT);
	snprintf(path, sizeof(path), "/host/self/fd/%d", files.input[0]);
	ck_assert_int_eq(opened(path, O_RDONLY), -ENOENT); /* a pipe */
	handle = opened("/host/self/status", O_RDONLY);
	ck_assert_int_ge(handle, 3);
}
END_TEST

static atomic_bool stop;
static atomic_int swaps;

/* Puts symbolic links out of the tree where a directory and a file were, and back. */
static void *swap(void *unused)
{
	static const char *const pairs[][2] = {{"swap", "outside"}, {"file", "outside-file"}};
	char from[128], to[128];

	for (unsigned i = 0; !stop; i++) {
		snprintf(from, sizeof(from), "%s/%s", files.directory, pairs[i % 2][0]);
		snprintf(to, sizeof(to), "%s/%s", files.directory, pairs[i % 2][1]);
		renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_EXCHANGE);
		swaps++;
	}
	return unused;
}

/* What the links lead to: a directory beside the root, with a file of its own. */
static void make_outside(char directory[64], char file[80])
{
	int fd;

	strcpy(directory, "/tmp/vmm-outside-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
	snprintf(file, 80, "%s/f", directory);
	fd = open(file, O_WRONLY | O_CREAT, 0644);
	ck_assert_int_eq(write(fd, "outside", 7), 7);
	close(fd);
	mkdir(files_host("swap"), 0755);
	files_host_write("swap/f", "inside");
	files_host_write("file", "inside");
	ck_assert_int_eq(symlink(directory, files_host("outside")), 0);
	ck_assert_int_eq(symlink(file, files_host("outside-file")), 0);
}

static void try_to_escape(const char *path, int *found, int *missing)
{
	int64_t handle = opened(path, O_RDWR);

	if (handle < 0) {
		ck_assert_msg(handle == -ENOENT || handle == -EACCES || handle == -ENOTDIR || handle == -ELOOP, "%lld",
			      (long long)handle);
		*missing += 1;
	} else {
		ck_assert_str_eq(files_read_text(handle), "inside");
		CALL(CLOSE, (int32_t)handle);
		*found += 1;
	}
	CALL(CHMOD, ROOT, .path = P(path), .mode = 0600);
	CALL(UTIMENS, ROOT, .path = P(path));
	CALL(TRUNCATE, ROOT, .path = P(path), .offset = 6);
	CALL(MKDIR, ROOT, .path = P("/rw/swap/made"), .mode = 0700);
	CALL(UNLINK, ROOT, .path = P("/rw/swap/made"), .flags = AT_REMOVEDIR);
}

START_TEST(races)
{
	char directory[64], file[80], made[80];
	pthread_t thread;
	int found = 0, missing = 0;
	struct stat status;

	make_outside(directory, file);
	ck_assert_int_eq(pthread_create(&thread, NULL, swap, NULL), 0);
	for (int i = 0; i < 3000; i++)
		try_to_escape(i % 2 ? "/rw/swap/f" : "/rw/file", &found, &missing);
	stop = true;
	pthread_join(thread, NULL);
	ck_assert_int_eq(stat(file, &status), 0);
	ck_assert_uint_eq(status.st_mode, S_IFREG | 0644);
	ck_assert_int_eq(status.st_size, 7);
	snprintf(made, sizeof(made), "%s/made", directory);
	ck_assert_int_eq(access(made, F_OK), -1);
	unlink(file);
	rmdir(directory);
	ck_assert_int_gt(swaps, 100);
	ck_assert_int_gt(found, 0);
	ck_assert_int_gt(missing, 0);
}
END_TEST

/* The same at the worst moment: between look-up and open. */
START_TEST(exchanged)
{
	struct mount mount = {.path = NULL, .system = &host_files};
	struct node root, node, directory, child;
	struct vmm_error error;
	struct file file = {0};

	ck_assert(host_open_root(files.directory, &mount.fd, &error));
	ck_assert_int_eq(host_files.find(&mount, "", &root), 0);
	ck_assert_int_eq(host_files.lookup(&root, "f", &node), 0);
	ck_assert_int_eq(host_files.lookup(&root, "d", &directory), 0);
	unlink(files_host("f"));
	ck_assert_int_eq(symlink("/etc/passwd", files_host("f")), 0);
	ck_assert_int_eq(host_files.open(&node, &root, "f", O_RDONLY, &file), -ELOOP);
	ck_assert_int_eq(host_files.create(&root, "f", O_RDWR | O_CREAT, 0600, &file), -EEXIST);
	unlink(files_host("f"));
	ck_assert_int_eq(mkfifo(files_host("f"), 0666), 0);
	ck_assert_int_eq(host_files.open(&node, &root, "f", O_RDONLY, &file), -EACCES);
	ck_assert_int_eq(rename(files_host("d"), files_host("d2")), 0);
	ck_assert_int_eq(symlink("/etc", files_host("d")), 0);
	ck_assert_int_eq(host_files.lookup(&directory, "passwd", &child), -ENOENT);
	ck_assert_int_eq(host_files.lookup(&directory, "e", &child), 0);
	ck_assert_int_eq(host_files.find(&mount, "d", &child), -ENOENT);
	close(mount.fd);
}
END_TEST

/* Without a root there are only the mounts, and what leads to them. */
START_TEST(no_root)
{
	struct file_root roots[] = {{files.directory, "/mnt/deep/one", false}, {files.directory, "/mnt/deep", true}};
	struct stat status;

	file_service_close(files.service);
	files_open(NULL, 0);
	ck_assert_str_eq(files_names("/", 4096), ". .. dev proc tmp ");
	ck_assert_int_eq(CALL(MKDIR, ROOT, .path = P("/x"), .mode = 0777), -EROFS);
	ck_assert_int_eq(opened("/etc/passwd", O_RDONLY), -ENOENT);
	file_service_close(files.service);
	files_open(roots, 2);
	ck_assert_str_eq(files_names("/mnt", 4096), ". .. deep ");
	ck_assert_str_eq(files_names("/mnt/deep", 4096), ". .. absolute d dangling f link loop one out to-tmp ");
	ck_assert_str_eq(files_read_text(opened("/mnt/deep/one/f", O_RDONLY)), "file");
	ck_assert_str_eq(files_read_text(opened("/mnt/../mnt/deep/one/../f", O_RDONLY)), "file");
	ck_assert_int_eq(CALL(STAT, ROOT, .path = P("/mnt"), .buffer = FILE_BUFFER), 0);
	files_buffer(0, &status, sizeof(status));
	ck_assert_uint_eq(status.st_mode, S_IFDIR | 0555);
	ck_assert_int_eq(CALL(UNLINK, ROOT, .path = P("/mnt/deep/one"), .flags = AT_REMOVEDIR), -EBUSY);
	ck_assert_int_eq(CALL(RENAME, ROOT, .path = P("/mnt/deep/one"), .path2 = P2("/mnt/deep/two")), -EBUSY);
	ck_assert_int_eq(CALL(UNLINK, ROOT, .path = P("/mnt"), .flags = AT_REMOVEDIR), -EROFS);
}
END_TEST

/* The program's file is there, whatever is mounted. */
START_TEST(image)
{
	struct vmm_error error;
	struct file_settings settings = {
		.ram = &files.guest.ram, .host = &files.host, .image = files_host("f"), .cpus = 1};

	files_host_write("f", "program");
	settings.image_fd = open(files_host("f"), O_RDONLY);
	file_service_close(files.service);
	files.service = file_service_open(&settings, &error);
	ck_assert_ptr_nonnull(files.service);
	close(settings.image_fd);
	ck_assert_int_eq(file_service_program(files.service), 3);
	ck_assert_str_eq(files_read_text(3), "program");
	ck_assert_str_eq(files_read_text(opened(files_host("f"), O_RDONLY)), "program");
	ck_assert_int_eq(opened(files_host("f"), O_RDWR), -EROFS);
	ck_assert_int_eq(opened(files_host("d/e/g"), O_RDONLY), -ENOENT);
	ck_assert_int_eq(CALL(PATH, 3, .buffer = FILE_BUFFER, .bytes = 4096), (int64_t)strlen(files_host("f")));
	ck_assert_int_eq(CALL(WRITE, 3, .buffer = FILE_BUFFER, .bytes = 1), -EBADF);
}
END_TEST

START_TEST(bad_roots)
{
	struct file_root roots[2] = {{files.directory, "/a", false}, {files.directory, "/a/", false}};
	struct vmm_error error;
	struct file_settings settings = {
		.ram = &files.guest.ram, .host = &files.host, .roots = roots, .root_count = 2, .cpus = 1};

	ck_assert_ptr_null(file_service_open(&settings, &error));
	ck_assert_ptr_nonnull(strstr(error.text, "mounted at /a already"));
	roots[1] = (struct file_root){"/nonexistent", "/b", false};
	ck_assert_ptr_null(file_service_open(&settings, &error));
	ck_assert_ptr_nonnull(strstr(error.text, "--root /nonexistent: No such file"));
	roots[1] = (struct file_root){"/etc/passwd", "/b", false};
	ck_assert_ptr_null(file_service_open(&settings, &error));
	ck_assert_ptr_nonnull(strstr(error.text, "is not a directory"));
	roots[1] = (struct file_root){files.directory, "/a/f", false};
	ck_assert_ptr_null(file_service_open(&settings, &error));
	ck_assert_ptr_nonnull(strstr(error.text, "Not a directory"));
	roots[1] = (struct file_root){files.directory, "b", false};
	ck_assert_ptr_null(file_service_open(&settings, &error));
	ck_assert_ptr_nonnull(strstr(error.text, "must begin with /"));
}
END_TEST

Suite *namespace_suite(void)
{
	Suite *suite = suite_create("namespace");
	TCase *test = tcase_create("namespace");

	tcase_add_checked_fixture(test, setup, files_teardown);
	tcase_add_loop_test(test, paths, 0, 28);
	tcase_add_test(test, long_paths);
	tcase_add_test(test, many_links);
	tcase_add_test(test, relative);
	tcase_add_test(test, between_mounts);
	tcase_add_test(test, mounts_are_listed);
	tcase_add_test(test, mounts_hide);
	tcase_add_test(test, special_files);
	tcase_add_test(test, magic_links);
	tcase_add_test(test, races);
	tcase_add_test(test, exchanged);
	tcase_add_test(test, no_root);
	tcase_add_test(test, image);
	tcase_add_test(test, bad_roots);
	suite_add_tcase(suite, test);
	return suite;
}
