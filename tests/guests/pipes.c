/* SPDX-License-Identifier: MIT */
/*
 * pipes.c: bytes come out as they went in; a reader waits for a writer and the other way round; the end of file when no
 * writer is left, -EPIPE and SIGPIPE when no reader is; 64 KiB fit in, and a write of up to 4096 bytes goes in as a
 * whole or not at all; a read of several parts waits only for the first. Open once more by its name in /proc/self/fd,
 * an end can be the other one, with flags of its own.
 */
#include "file_calls.h"

static int ends[2];
static char block[70000];

static void write_with_nobody_to_read(void)
{
	write(ends[1], "x", 1);
	exit(1);
}

static void without_waiting(void)
{
	char text[8], more[8];
	const struct iovec parts[] = {{text, 3}, {more, 8}};
	struct stat status;

	EXPECT(CALL(pipe2, ends, 0xffff) == -EINVAL && CALL(pipe, NULL) == -EFAULT);
	EXPECT(CALL(pipe2, ends, O_NONBLOCK | O_CLOEXEC) == 0 && CALL(fcntl, ends[0], F_GETFD) == 1);
	EXPECT(read(ends[0], text, 8) == -EAGAIN && read(ends[1], text, 8) == -EBADF &&
	       write(ends[0], "x", 1) == -EBADF);
	EXPECT(CALL(lseek, ends[0], 0, SEEK_CUR) == -ESPIPE && CALL(pread64, ends[0], text, 1, 0) == -ESPIPE);
	EXPECT(CALL(fstat, ends[0], &status) == 0 && (status.mode & 0170000) == 0010000);
	EXPECT(write(ends[1], "abc", 3) == 3 && CALL(readv, ends[0], parts, 2) == 3 && memcmp(text, "abc", 3) == 0);
	EXPECT(CALL(writev, ends[1], ((struct iovec[]){{"de", 2}, {"fgh", 3}}), 2) == 5);
	EXPECT(CALL(readv, ends[0], parts, 2) == 5 && memcmp(more, "gh", 2) == 0);
}

static void full(void)
{
	EXPECT(write(ends[1], block, sizeof(block)) == 65536 && write(ends[1], block, 1) == -EAGAIN);
	EXPECT(read(ends[0], block, 4096) == 4096 && write(ends[1], block, 4096) == 4096);
	EXPECT(read(ends[0], block, 4096) == 4096 && write(ends[1], block, 1) == 1);
	EXPECT(write(ends[1], block, 4096) == -EAGAIN);
	while (read(ends[0], block, sizeof(block)) > 0)
		continue;
	EXPECT(read(ends[0], block, 1) == -EAGAIN && CALL(close, ends[1]) == 0 && read(ends[0], block, 1) == 0);
	EXPECT(CALL(close, ends[0]) == 0);
}

/* A child writes more than fits in at once, and ends. */
static void through(void)
{
	uint64_t sum = 0, total = 0;
	int status = -1;
	long child, count;

	EXPECT(CALL(pipe, ends) == 0);
	for (size_t i = 0; i < sizeof(block); i++)
		block[i] = (char)(i % 251);
	child = fork();
	if (child == 0) {
		EXPECT(CALL(close, ends[0]) == 0);
		for (int i = 0; i < 3; i++)
			EXPECT(write(ends[1], block, sizeof(block)) == sizeof(block));
		exit(0);
	}
	EXPECT(child > 0 && CALL(close, ends[1]) == 0);
	memset(block, 0, sizeof(block));
	while ((count = read(ends[0], block, 5000)) > 0)
		for (long i = 0; i < count; i++, total++)
			sum += (uint8_t)block[i] == total % sizeof(block) % 251;
	EXPECT(count == 0 && total == 3 * sizeof(block) && sum == total);
	EXPECT(wait4(child, &status, 0) == child && status == 0 && CALL(close, ends[0]) == 0);
}

int main(int argc, char **argv, char **envp)
{
	const struct iovec parts[] = {{block, 3}, {block + 3, 8}};

	(void)argc, (void)argv, (void)envp;
	without_waiting();
	full();
	through();
	EXPECT(CALL(pipe, ends) == 0);
	EXPECT(write(ends[1], "abc", 3) == 3 && CALL(readv, ends[0], parts, 2) == 3);
	EXPECT(CALL(close, ends[0]) == 0 && status_of(write_with_nobody_to_read) == SIGPIPE);
	return 0;
}
