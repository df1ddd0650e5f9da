/* SPDX-License-Identifier: MIT */
/*
 * polls.c: poll and select tell what is ready: data, room, the end of a pipe, bad descriptors; they wait until it
 * is, or until the time has come; another thread's or process's work wakes them.
 */
#include "file_calls.h"

static int ends[2];

static long poll_one(int fd, uint16_t events, int milliseconds, uint16_t *ready)
{
	struct pollfd item = {.fd = fd, .events = events, .revents = 0xffff};
	long result = CALL(poll, &item, 1, milliseconds);

	*ready = item.revents;
	return result;
}

static void states(void)
{
	uint16_t ready;
	char text[4];

	EXPECT(poll_one(ends[0], POLLIN, 0, &ready) == 0 && ready == 0);
	EXPECT(poll_one(ends[1], POLLIN | POLLOUT, -1, &ready) == 1 && ready == POLLOUT);
	EXPECT(write(ends[1], "ab", 2) == 2);
	EXPECT(poll_one(ends[0], POLLIN, -1, &ready) == 1 && ready == POLLIN);
	EXPECT(poll_one(ends[0], 0x40, -1, &ready) == 1 && ready == 0x40); /* POLLRDNORM */
	EXPECT(poll_one(99, POLLIN, -1, &ready) == 1 && ready == POLLNVAL);
	EXPECT(poll_one(-1, POLLIN, 1, &ready) == 0 && ready == 0);
	EXPECT(read(ends[0], text, 4) == 2);
}

static void bad(void)
{
	struct timespec wrong = {0, -1};

	EXPECT(CALL(poll, 8, 1, 0) == -EFAULT && CALL(poll, 0, INT32_MAX, 0) == -EINVAL);
	EXPECT(CALL(ppoll, 0, 0, &wrong, 0) == -EINVAL && CALL(ppoll, 0, 0, 8, 0) == -EFAULT);
	EXPECT(CALL(select, -1, 0, 0, 0) == -EINVAL && CALL(select, 10, 8, 0, 0) == -EFAULT);
}

static void sets(void)
{
	uint64_t reads = UINT64_C(1) << ends[0], writes = UINT64_C(1) << ends[1], wrong = UINT64_C(1) << 50;
	struct timespec timeout = {0, 10000}; /* a struct timeval, for select */
	char byte;

	EXPECT(syscall6(SYS_select, 64, (long)&reads, 0, 0, (long)&timeout, 0) == 0 && reads == 0);
	EXPECT(timeout.tv_sec == 0 && timeout.tv_nsec == 0);
	reads = UINT64_C(1) << ends[0];
	EXPECT(syscall6(SYS_select, 64, (long)&reads, (long)&writes, 0, 0, 0) == 1 && reads == 0 && writes != 0);
	EXPECT(write(ends[1], "x", 1) == 1);
	reads = UINT64_C(1) << ends[0];
	EXPECT(syscall6(SYS_pselect6, 64, (long)&reads, 0, 0, 0, 0) == 1 && reads != 0);
	EXPECT(syscall6(SYS_select, 64, (long)&wrong, 0, 0, 0, 0) == -EBADF && read(ends[0], &byte, 1) == 1);
}

/* A child makes the waiting end. */
static void woken(void)
{
	static const struct timespec moment = {0, 20000000};
	uint16_t ready;
	int status;
	long child = fork();

	if (child == 0) {
		nanosleep(&moment);
		write(ends[1], "x", 1);
		exit(0);
	}
	EXPECT(child > 0 && poll_one(ends[0], POLLIN, -1, &ready) == 1 && ready == POLLIN);
	EXPECT(wait4(child, &status, 0) == child && status == 0);
}

int main(int argc, char **argv, char **envp)
{
	uint16_t ready;
	int64_t start;

	(void)argc, (void)argv, (void)envp;
	EXPECT(CALL(pipe, ends) == 0);
	states();
	bad();
	sets();
	start = now_ns();
	EXPECT(poll_one(ends[0], POLLIN, 30, &ready) == 0 && now_ns() - start >= 30000000);
	woken();
	EXPECT(CALL(close, ends[1]) == 0 && poll_one(ends[0], POLLIN, -1, &ready) == 1 && ready == (POLLIN | POLLHUP));
	EXPECT(read(ends[0], &ready, 1) == 1 && poll_one(ends[0], 0, -1, &ready) == 1 && ready == POLLHUP);
	EXPECT(CALL(pipe, ends) == 0 && CALL(close, ends[0]) == 0);
	EXPECT(poll_one(ends[1], POLLOUT, -1, &ready) == 1 && ready == (POLLOUT | POLLERR));
	return 0;
}
