/* SPDX-License-Identifier: MIT */
/*
 * file-leaks.c: files, pipes, lists and tables of descriptors that are made and given back, more often than there is
 * memory or are handles for all of them together; also where the call fails half-way, and where the process that had
 * them just ends.
 */
#include "file_calls.h"

#define ROUNDS 100 /* each leaves 64 KiB in a pipe */

static char block[65536];

static void leave_open(void)
{
	int ends[2], fd = (int)CALL(open, "/tmp/vmm-file-leaks", O_RDWR);

	EXPECT(CALL(pipe, ends) == 0 && write(ends[1], block, sizeof(block)) == sizeof(block));
	EXPECT(fd > 0 && CALL(dup2, fd, 900) == 900 && CALL(epoll_create1, 0) > 0 && CALL(chdir, "/tmp") == 0);
}

static void round(void)
{
	int ends[2];
	long fd;

	EXPECT(CALL(pipe, 8) == -EFAULT && CALL(pipe, ends) == 0);
	EXPECT(write(ends[1], block, sizeof(block)) == sizeof(block));
	EXPECT(CALL(close, ends[0]) == 0 && CALL(close, ends[1]) == 0);
	for (int i = 0; i < 6; i++) {
		static const char *const names[] = {"/proc/self/exe",  "/proc/self/cwd", "/proc/self/fd",
						    "/proc/self/maps", "/tmp",           "/proc/self/fd/0"};

		fd = CALL(open, names[i], O_RDONLY);
		EXPECT(fd >= 0 && CALL(close, fd) == 0);
	}
	EXPECT(CALL(open, "/proc/self/exe", O_DIRECTORY) == -ENOTDIR && CALL(chdir, "/proc/self/exe") == -ENOTDIR);
	fd = CALL(eventfd2, 0, 0);
	EXPECT(fd >= 0 && CALL(close, fd) == 0);
}

int main(int argc, char **argv, char **envp)
{
	(void)argc, (void)argv, (void)envp;
	EXPECT(CALL(close, CALL(open, "/tmp/vmm-file-leaks", O_CREAT | O_RDWR, 0600)) == 0);
	for (int i = 0; i < ROUNDS; i++) {
		round();
		if (i % 3 == 0)
			EXPECT(status_of(leave_open) == 0);
	}
	EXPECT(CALL(unlink, "/tmp/vmm-file-leaks") == 0);
	return 0;
}
