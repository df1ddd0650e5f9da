/* SPDX-License-Identifier: MIT */
/*
 * own-names.c: the names of /proc/self: fd/N, cwd and exe lead to files, each opening of which has an offset of its
 * own; an end of a pipe opened so can be the other one, with flags of its own. readlink cuts off what does not fit.
 */
#include "file_calls.h"

#define NAME "/tmp/vmm-own-names"

static struct stat status;
static int ends[2];

static void by_name(void)
{
	char name[32], text[4];
	long again;

	snprintf(name, sizeof(name), "/proc/self/fd/%d", ends[0]);
	again = CALL(open, name, O_WRONLY | O_NONBLOCK);
	EXPECT(again > ends[1] && write((int)again, "abc", 3) == 3 && read(ends[0], text, 4) == 3);
	EXPECT(!(CALL(fcntl, ends[1], F_GETFL) & O_NONBLOCK) && CALL(close, again) == 0);
}

static void own_names(void)
{
	char text[64], name[32];
	long file = CALL(open, NAME, O_CREAT | O_RDWR, 0600), again;

	EXPECT(write((int)file, "content", 7) == 7);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", (int)file);
	EXPECT(CALL(readlink, name, text, sizeof(text)) == sizeof(NAME) - 1 &&
	       memcmp(text, NAME, sizeof(NAME) - 1) == 0);
	EXPECT(CALL(readlink, name, text, 4) == 4 && CALL(stat, name, &status) == 0 && status.size == 7);
	EXPECT(CALL(lstat, name, &status) == 0 && (status.mode & 0170000) == 0120000);
	again = CALL(open, name, O_RDONLY);
	EXPECT(read((int)again, text, 3) == 3 && CALL(lseek, file, 0, SEEK_CUR) == 7 &&
	       write((int)again, "x", 1) == -EBADF);
	EXPECT(CALL(close, again) == 0 && CALL(access, "/proc/self/fd/99", 0) == -ENOENT);
	EXPECT(CALL(open, "/proc/self/fd/99", O_RDONLY) == -ENOENT && CALL(readlink, "/proc/self/cwd", text, 64) == 1);
	again = CALL(open, "/proc/self/exe", O_RDONLY);
	EXPECT(read((int)again, text, 4) == 4 && memcmp(text, "\177ELF", 4) == 0 && CALL(close, again) == 0);
	again = CALL(open, "/proc/self/exe", O_RDONLY);
	EXPECT(CALL(lseek, again, 0, SEEK_CUR) == 0 && CALL(close, again) == 0);
	EXPECT(CALL(readlink, "/proc/self/cwd", 8, 64) == -EFAULT &&
	       CALL(readlink, "/proc/self/exe", 8, 64) == -EFAULT);
	EXPECT(CALL(fchdir, CALL(open, "/proc/self/cwd", O_RDONLY)) == 0 && CALL(getcwd, text, 4) == 2);
	EXPECT(CALL(close, file) == 0 && CALL(unlink, NAME) == 0);
}

int main(int argc, char **argv, char **envp)
{
	(void)argc, (void)argv, (void)envp;
	EXPECT(CALL(pipe, ends) == 0 && CALL(chdir, "/") == 0);
	by_name();
	own_names();
	return 0;
}
