/* SPDX-License-Identifier: MIT */
/*
 * pipes.c: pipe and pipe2, poll, select and their timeouts, a full pipe, O_NONBLOCK, the end of file when the last
 * writer closes, EPIPE and SIGPIPE, FIONREAD, a child at the other end.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

#include "say.h"

static void say_poll(const char *what, int fd, short events)
{
	struct pollfd item = {.fd = fd, .events = events};
	int count = poll(&item, 1, 10);

	printf("poll %s: %d, revents %#x\n", what, count, (unsigned)item.revents);
}

static void say_select(int fd)
{
	struct timeval wait = {.tv_usec = 10000};
	fd_set set;

	FD_ZERO(&set);
	FD_SET(fd, &set);
	SAY("select", select(fd + 1, &set, NULL, NULL, &wait));
	printf("is set: %d\n", FD_ISSET(fd, &set) != 0);
}

static void fill(int fd)
{
	char block[4096] = {0};
	long count, total = 0;

	while ((count = write(fd, block, sizeof(block))) > 0)
		total += count;
	SAY("full", count);
	printf("held %ld\n", total);
}

static void with_child(void)
{
	int there[2], back[2], status;
	char text[32] = "";

	if (pipe(there) != 0 || pipe(back) != 0)
		exit(1);
	if (fork() == 0) {
		close(there[1]);
		ssize_t count = read(there[0], text, sizeof(text));
		_exit(count > 0 && write(back[1], "pong", 4) == 4 ? 0 : 1);
	}
	close(there[0]);
	close(back[1]);
	SAY("write", write(there[1], "ping", 4));
	SAY("read", read(back[0], text, sizeof(text)));
	printf("%s\n", text);
	SAY("read, no writer left", read(back[0], text, sizeof(text)));
	wait(&status);
	signal(SIGPIPE, SIG_IGN);
	SAY("write, no reader left", write(there[1], "x", 1));
}

int main(void)
{
	int ends[2], bytes = 0;
	char text[16];

	SAY("pipe2", pipe2(ends, O_NONBLOCK | O_CLOEXEC));
	SAY("read, empty", read(ends[0], text, 1));
	say_poll("empty", ends[0], POLLIN);
	say_select(ends[0]);
	SAY("write", write(ends[1], "abc", 3));
	say_poll("with bytes", ends[0], POLLIN);
	say_poll("to write", ends[1], POLLOUT | POLLIN);
	say_select(ends[0]);
	SAY("FIONREAD", ioctl(ends[0], FIONREAD, &bytes));
	printf("%d bytes\n", bytes);
	SAY("read", read(ends[0], text, sizeof(text)));
	fill(ends[1]);
	say_poll("full", ends[1], POLLOUT);
	SAY("lseek", lseek(ends[0], 0, SEEK_SET));
	close(ends[1]);
	while (read(ends[0], text, sizeof(text)) == sizeof(text) && bytes++ < 0x10000)
		continue;
	say_poll("closed", ends[0], POLLIN);
	say_poll("bad", 99, POLLIN);
	with_child();
	fflush(stdout);
	signal(SIGPIPE, SIG_DFL);
	if (pipe(ends) != 0)
		return 1;
	close(ends[0]);
	SAY("killed here", write(ends[1], "x", 1));
	return 0;
}
