/* SPDX-License-Identifier: MIT */
/*
 * epolls.c: epoll tells of what is ready, as long as it is; with EPOLLET once for each change, with EPOLLONESHOT once.
 * A file whose last descriptor is closed leaves the list. eventfd adds, takes all or one, and waits. Another process's
 * work wakes who waits.
 */
#include "file_calls.h"

#define ADD          1
#define DEL          2
#define MOD          3
#define EPOLLONESHOT (UINT32_C(1) << 30)
#define EPOLLET      (UINT32_C(1) << 31)

struct event {
	uint32_t events;
	uint64_t data;
} __attribute__((packed));

static int list, ends[2];
static struct event told[4];

static long control(int operation, int fd, uint32_t events, uint64_t data)
{
	struct event event = {events, data};

	return CALL(epoll_ctl, list, operation, fd, &event);
}

static long wait_for(int milliseconds)
{
	return CALL(epoll_wait, list, told, 4, milliseconds);
}

static void lists(void)
{
	char byte;

	EXPECT(control(ADD, ends[0], POLLIN, 7) == 0 && control(ADD, ends[0], POLLIN, 7) == -EEXIST);
	EXPECT(control(MOD, ends[1], POLLOUT, 8) == -ENOENT && control(DEL, 99, 0, 0) == -EBADF);
	EXPECT(wait_for(0) == 0 && wait_for(1) == 0 && CALL(epoll_wait, list, told, 0, 0) == -EINVAL);
	EXPECT(write(ends[1], "xy", 2) == 2);
	EXPECT(wait_for(-1) == 1 && told[0].events == POLLIN && told[0].data == 7 && wait_for(-1) == 1);
	EXPECT(control(ADD, ends[1], POLLOUT, 8) == 0 && wait_for(-1) == 2 && CALL(epoll_wait, list, told, 1, -1) == 1);
	EXPECT(control(DEL, ends[1], 0, 0) == 0 && read(ends[0], &byte, 1) == 1 && wait_for(-1) == 1);
}

static void changes(void)
{
	char byte;

	EXPECT(control(MOD, ends[0], POLLIN | EPOLLET, 7) == 0 && wait_for(-1) == 1 && wait_for(0) == 0);
	EXPECT(write(ends[1], "z", 1) == 1 && wait_for(-1) == 1 && wait_for(0) == 0);
	EXPECT(control(MOD, ends[0], POLLIN | EPOLLONESHOT, 7) == 0 && wait_for(-1) == 1);
	EXPECT(write(ends[1], "z", 1) == 1 && wait_for(0) == 0);
	EXPECT(control(MOD, ends[0], POLLIN, 9) == 0 && wait_for(-1) == 1 && told[0].data == 9);
	while (wait_for(0) == 1)
		EXPECT(read(ends[0], &byte, 1) == 1);
}

static void numbers(void)
{
	uint64_t number = 5;
	int fd = (int)CALL(eventfd2, 3, O_NONBLOCK);

	EXPECT(write(fd, &number, 8) == 8 && write(fd, &number, 4) == -EINVAL && write(fd, (void *)8, 8) == -EFAULT);
	EXPECT(control(ADD, fd, POLLIN, 1) == 0 && wait_for(-1) == 1 && told[0].events == POLLIN);
	EXPECT(read(fd, &number, 8) == 8 && number == 8 && read(fd, &number, 8) == -EAGAIN && wait_for(0) == 0);
	number = UINT64_MAX;
	EXPECT(write(fd, &number, 8) == -EINVAL && --number && write(fd, &number, 8) == 8);
	number = 1;
	EXPECT(write(fd, &number, 8) == -EAGAIN && wait_for(-1) == 1 && CALL(close, fd) == 0 && wait_for(0) == 0);
	fd = (int)CALL(eventfd2, 2, 1 | O_NONBLOCK); /* EFD_SEMAPHORE */
	EXPECT(read(fd, &number, 8) == 8 && number == 1 && read(fd, &number, 8) == 8 &&
	       read(fd, &number, 8) == -EAGAIN);
	EXPECT(CALL(close, fd) == 0 && CALL(eventfd2, 0, 2) == -EINVAL);
}

static void woken(void)
{
	static const struct timespec moment = {0, 20000000};
	int status;
	long child = fork();

	if (child == 0) {
		nanosleep(&moment);
		write(ends[1], "x", 1);
		exit(0);
	}
	EXPECT(child > 0 && wait_for(-1) == 1 && told[0].data == 9);
	EXPECT(wait4(child, &status, 0) == child && status == 0);
}

int main(int argc, char **argv, char **envp)
{
	int file = (int)CALL(open, "/tmp", O_RDONLY);

	(void)argc, (void)argv, (void)envp;
	list = (int)CALL(epoll_create1, O_CLOEXEC);
	EXPECT(list > 0 && CALL(epoll_create, 0) == -EINVAL && CALL(pipe, ends) == 0);
	EXPECT(control(ADD, file, POLLIN, 0) == -EPERM && control(ADD, list, POLLIN, 0) == -EINVAL);
	EXPECT(CALL(epoll_ctl, list, ADD, ends[0], 8) == -EFAULT && CALL(epoll_wait, ends[0], told, 1, 0) == -EINVAL);
	lists();
	changes();
	numbers();
	woken();
	EXPECT(CALL(epoll_wait, list, 8, 1, -1) == -EFAULT && CALL(close, list) == 0 && wait_for(0) == -EBADF);
	return 0;
}
