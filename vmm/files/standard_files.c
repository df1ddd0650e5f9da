/* SPDX-License-Identifier: MIT */
/* standard_files.c: see there; the thread is in watcher.c. */
#include "standard_files.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

void standard_open(struct standard_files *files, struct device_host *host, void (*ready)(void *context), void *context)
{
	files->host = host;
	files->watcher = (struct watcher){.ready = ready, .context = context, .wake = -1};
	pthread_mutex_init(&files->watcher.lock, NULL);
}

int standard_descriptor(const struct standard_files *files, int32_t handle)
{
	const struct device_host *host = files->host;

	return handle == 0 ? host->input : handle == 1 ? host->output : host->error_output;
}

bool standard_is_regular(const struct standard_files *files, int32_t handle)
{
	struct stat status;

	return fstat(standard_descriptor(files, handle), &status) == 0 && S_ISREG(status.st_mode);
}

int standard_status(const struct standard_files *files, int32_t handle, unsigned mask, struct statx *status)
{
	int fd = standard_descriptor(files, handle), flags = fcntl(fd, F_GETFL);

	if (flags < 0 || (flags & O_PATH)) /* the place holder of a closed one */
		return -EBADF;
	return statx(fd, "", AT_EMPTY_PATH, mask, status) < 0 ? -errno : 0;
}

void standard_name(const struct standard_files *files, int32_t handle, char *text, size_t size)
{
	static const char *const names[STANDARD_FILES] = {"/dev/stdin", "/dev/stdout", "/dev/stderr"};
	int fd = standard_descriptor(files, handle);
	struct stat status;

	if (fstat(fd, &status) < 0)
		status = (struct stat){0};
	if (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode))
		snprintf(text, size, "%s:[%llu]", S_ISFIFO(status.st_mode) ? "pipe" : "socket",
			 (unsigned long long)status.st_ino);
	else
		snprintf(text, size, "%s", isatty(fd) ? "/dev/tty" : names[handle]);
}

/* What a descriptor can ever be ready for. */
static short possible(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || (flags & O_PATH))
		return 0;
	return (flags & O_ACCMODE) == O_RDONLY ? POLLIN : (flags & O_ACCMODE) == O_WRONLY ? POLLOUT : POLLIN | POLLOUT;
}

ssize_t standard_read(struct standard_files *files, int32_t handle, void *to, size_t count)
{
	struct pollfd input = {.fd = standard_descriptor(files, handle), .events = POLLIN};
	ssize_t got;

	device_host_touched(files->host, input.fd, NULL, 0);
	if (poll(&input, 1, 0) == 0) {
		if (!(possible(input.fd) & POLLIN))
			return -EBADF; /* or it would be waited for */
		watcher_watch(files, handle, POLLIN);
		return -EAGAIN;
	}
	do
		got = read(input.fd, to, count);
	while (got < 0 && errno == EINTR && (files->host->stopped == NULL || !files->host->stopped()));
	if (got < 0 && errno == EAGAIN)
		watcher_watch(files, handle, POLLIN);
	return got < 0 ? -errno : got;
}

int standard_poll(struct standard_files *files, int32_t handle, short interest)
{
	int fd = standard_descriptor(files, handle);
	short asked = possible(fd);
	struct pollfd state = {.fd = fd};
	short missing;

	if (handle == 0 && (interest & POLLIN))
		device_host_touched(files->host, fd, NULL, 0);
	if ((interest & (POLLIN | POLLOUT)) != 0)
		asked &= interest;
	state.events = asked;
	if (poll(&state, 1, 0) < 0)
		state.revents = 0;
	missing = asked & ~state.revents;
	if (missing != 0 && !(state.revents & (POLLHUP | POLLERR | POLLNVAL)))
		watcher_watch(files, handle, missing);
	return state.revents;
}

int standard_control_size(unsigned command, bool *given)
{
	*given = command == TCSETS || command == TCSETSW || command == TCSETSF;
	switch (command) {
	case TCGETS:
	case TCSETS:
	case TCSETSW:
	case TCSETSF:
		return TERMIOS_BYTES;
	case TIOCGWINSZ:
		return sizeof(struct winsize);
	case FIONREAD:
		return sizeof(int);
	default:
		return -ENOTTY;
	}
}

int standard_control(struct standard_files *files, int32_t handle, unsigned command, void *argument)
{
	int fd = standard_descriptor(files, handle);
	bool given;

	if (standard_control_size(command, &given) < 0)
		return -ENOTTY;
	if (given)
		device_host_touched(files->host, fd, NULL, 0);
	if (given && !files->has_saved[handle])
		files->has_saved[handle] = ioctl(fd, TCGETS, files->saved[handle]) == 0;
	return ioctl(fd, command, argument) < 0 ? -errno : 0;
}

/* The terminal is given back even if we are in the background by now: SIGTTOU would stop us. */
static void restore_terminal(struct standard_files *files)
{
	sigset_t background, before;

	sigemptyset(&background);
	sigaddset(&background, SIGTTOU);
	pthread_sigmask(SIG_BLOCK, &background, &before);
	for (int32_t handle = STANDARD_FILES - 1; handle >= 0; handle--)
		if (files->has_saved[handle])
			(void)ioctl(standard_descriptor(files, handle), TCSETSW, files->saved[handle]);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void standard_close(struct standard_files *files)
{
	watcher_close(files);
	restore_terminal(files);
	pthread_mutex_destroy(&files->watcher.lock);
}
