/* SPDX-License-Identifier: MIT */
/*
 * files.c: the file system's calls: mkdir, rmdir, link, symlink, rename, unlink, chmod, utimensat, access, the stat
 * family with and without following, reading a directory, the current directory; each also where it must fail.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "say.h"

static void show(const char *path, int flags)
{
	struct stat info;

	if (fstatat(AT_FDCWD, path, &info, flags) != 0)
		printf("%s: %s\n", path, strerror(errno));
	else
		printf("%s: mode %o, links %lu, size %ld\n", path, (unsigned)info.st_mode, (unsigned long)info.st_nlink,
		       S_ISDIR(info.st_mode) ? 0L : (long)info.st_size);
}

static void list(const char *path)
{
	struct dirent **names;
	int count = scandir(path, &names, NULL, alphasort);

	printf("%s:", path);
	for (int i = 0; i < count; i++)
		printf(" %s(%d)", names[i]->d_name, names[i]->d_type);
	printf("\n");
}

static void directories(void)
{
	SAY("mkdir", mkdir("dir", 0750));
	SAY("mkdir again", mkdir("dir", 0750));
	SAY("mkdir in nothing", mkdir("none/dir", 0750));
	SAY("mkdirat", mkdirat(open("dir", O_RDONLY | O_DIRECTORY), "inner", 0700));
	SAY("rmdir, not empty", rmdir("dir"));
	SAY("rmdir of a file", rmdir("words"));
	SAY("unlink of a directory", unlink("dir"));
	show("dir", 0);
}

static void links(void)
{
	char target[64];

	SAY("link", link("words", "dir/hard"));
	SAY("symlink", symlink("../words", "dir/soft"));
	SAY("dangling", symlink("nowhere", "dir/dangling"));
	SAY("itself", symlink("loop", "loop"));
	show("dir/hard", 0);
	show("dir/soft", AT_SYMLINK_NOFOLLOW);
	show("dir/soft", 0);
	show("dir/dangling", 0);
	show("loop", 0);
	SAY("readlink", readlink("dir/soft", target, sizeof(target)));
	SAY("readlink, short", readlink("dir/soft", target, 3));
	SAY("readlink of a file", readlink("words", target, sizeof(target)));
	SAY("link exists", link("words", "dir/hard"));
	list("dir");
}

static void renames(void)
{
	SAY("rename", rename("dir/hard", "dir/harder"));
	SAY("rename onto a file", rename("dir/harder", "numbers"));
	SAY("rename of nothing", rename("nothing", "x"));
	SAY("rename into itself", rename("dir", "dir/inner/dir"));
	SAY("rename onto a directory", rename("words", "dir"));
	SAY("unlink", unlink("dir/soft"));
	SAY("unlink again", unlink("dir/soft"));
	list(".");
}

static void attributes(void)
{
	const struct timespec times[2] = {{.tv_sec = 1000000000, .tv_nsec = 5}, {.tv_sec = 1000000001}};
	struct stat info;

	SAY("chmod", chmod("words", 0604));
	SAY("fchmodat", fchmodat(AT_FDCWD, "none", 0604, 0));
	SAY("utimensat", utimensat(AT_FDCWD, "words", times, 0));
	SAY("stat", stat("words", &info));
	printf("mode %o, times %ld %ld\n", (unsigned)info.st_mode, (long)info.st_atim.tv_sec,
	       (long)info.st_mtim.tv_sec);
	SAY("access R_OK", access("words", R_OK));
	SAY("access X_OK", access("words", X_OK));
	SAY("access of nothing", access("none", F_OK));
	SAY("truncate", truncate("words", 3));
	SAY("umask", umask(077));
	SAY("creat", creat("private", 0666));
	show("private", 0);
	SAY("mkfifo", mkfifo("fifo", 0600));
	show("fifo", 0);
	show("/dev/null", 0);
}

int main(void)
{
	char where[64];

	SAY("chdir", chdir("/data"));
	SAY("chdir to a file", chdir("words"));
	printf("in %s\n", getcwd(where, sizeof(where)));
	SAY("getcwd, short", getcwd(where, 2) == NULL ? -1 : 0);
	directories();
	links();
	renames();
	attributes();
	SAY("fchdir", fchdir(open("dir/inner", O_RDONLY)));
	printf("in %s\n", getcwd(where, sizeof(where)));
	SAY("chdir ..", chdir("../../../../.."));
	printf("in %s\n", getcwd(where, sizeof(where)));
	return 0;
}
