/* SPDX-License-Identifier: MIT */
/*
 * devices.c: /dev/null, zero and full: the kernel moves their data itself, so that read and write are crossings without
 * an exit. What is written is not looked at. A large read of zeros, and one into memory that is only there in part, are
 * the VMM's (here by pread64): zeros as far as there is memory.
 */
#include "file_calls.h"

#define PAGE 4096

static char bytes[3 * PAGE] __attribute__((aligned(PAGE)));

static bool are(char byte, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++)
		if (bytes[i] != byte)
			return false;
	return true;
}

static void null(int fd)
{
	EXPECT(write(fd, "text", 4) == 4 && write(fd, "", 0) == 0 && write(fd, (const void *)8, 4) == 4);
	EXPECT(read(fd, bytes, 10) == 0 && read(fd, (void *)8, 10) == 0);
	EXPECT(CALL(lseek, fd, 5, SEEK_CUR) == 0 && CALL(close, fd) == 0);
}

static void zeros(int fd)
{
	memset(bytes, 'x', sizeof(bytes));
	EXPECT(read(fd, bytes + 1, 1) == 1 && are('x', 0, 1) && are(0, 1, 2) && are('x', 2, PAGE));
	EXPECT(read(fd, bytes + 3, 512) == 512 && are('x', 2, 3) && are(0, 3, 515) && are('x', 515, PAGE));
	EXPECT(read(fd, bytes, 0) == 0 && CALL(pread64, fd, bytes, 8, 100) == 8 && are(0, 0, 2));
	EXPECT(CALL(pread64, fd, bytes + 600, PAGE, 0) == PAGE && are('x', 599, 600) && are(0, 600, 600 + PAGE));
	EXPECT(are('x', 600 + PAGE, 3 * PAGE));
	EXPECT(CALL(munmap, bytes + 2 * PAGE, PAGE) == 0);
	EXPECT(CALL(pread64, fd, bytes + 2 * PAGE - 3, 9, 0) == 3 && are(0, 2 * PAGE - 3, 2 * PAGE));
	EXPECT(CALL(pread64, fd, 8, 9, 0) == -EFAULT);
}

int main(int argc, char **argv, char **envp)
{
	long null_fd = CALL(open, "/dev/null", O_RDWR), zero = CALL(open, "/dev/zero", O_RDWR);
	long full = CALL(open, "/dev/full", O_RDWR), write_only = CALL(open, "/dev/zero", O_WRONLY);

	(void)argc, (void)argv, (void)envp;
	null((int)null_fd);
	zeros((int)zero);
	EXPECT(write((int)zero, bytes, 7) == 7 && CALL(dup2, zero, 9) == 9 && read(9, bytes, 5) == 5);
	EXPECT(write((int)full, bytes, 7) == -ENOSPC && write((int)full, bytes, 0) == -ENOSPC);
	EXPECT(read((int)full, bytes + 2, 1) == 1 && read((int)write_only, bytes, 1) == -EBADF);
	EXPECT(read((int)null_fd, bytes, 1) == -EBADF); /* closed */
	return 0;
}
