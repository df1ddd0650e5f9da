/* SPDX-License-Identifier: MIT */
/*
 * standard_files.h: the VMM's own standard descriptors, as handles 0, 1 and 2: nothing is ever waited for, except that
 * a write goes out whole. A thread watches those that were not ready, if somebody wants to know.
 */
#ifndef VMM_FILES_STANDARD_FILES_H
#define VMM_FILES_STANDARD_FILES_H

#include <pthread.h>
#include <sys/stat.h>

#include "devices/device.h"

#define STANDARD_FILES 3
#define TERMIOS_BYTES  36 /* the kernel's struct termios */

/* Tells once when a descriptor becomes ready. */
struct watcher {
	void (*ready)(void *context); /* NULL: nobody wants to know */
	void *context;
	pthread_t thread;
	bool running;
	pthread_mutex_t lock; /* of what follows */
	int wake;             /* eventfd: the wishes have changed */
	bool end;
	short wanted[STANDARD_FILES]; /* POLLIN, POLLOUT; 0: not watched */
};

struct standard_files {
	struct device_host *host;
	struct watcher watcher;
	uint8_t saved[STANDARD_FILES][TERMIOS_BYTES]; /* a terminal's settings before the guest changed them */
	bool has_saved[STANDARD_FILES];
};

void standard_open(struct standard_files *files, struct device_host *host, void (*ready)(void *context), void *context);
void standard_close(struct standard_files *files);

/* The VMM's descriptor of a handle 0..2. */
int standard_descriptor(const struct standard_files *files, int32_t handle);

/* Is it a file, which is read to the end without waiting? */
bool standard_is_regular(const struct standard_files *files, int32_t handle);

/* What the host's fstat says of it; one that was closed when the VMM was started is -EBADF. */
int standard_status(const struct standard_files *files, int32_t handle, unsigned mask, struct statx *status);

/* A name that says what it is, and nothing of where on the host: "/dev/tty", "pipe:[5]", "/dev/stdin". */
void standard_name(const struct standard_files *files, int32_t handle, char *text, size_t size);

/* Reads what is there: a count, 0 at the end, -EAGAIN (and watches), or another negative errno. */
ssize_t standard_read(struct standard_files *files, int32_t handle, void *to, size_t count);

/* POLL* that hold now, of `interest` (0: of all) and POLLHUP, POLLERR; what does not hold is watched. */
int standard_poll(struct standard_files *files, int32_t handle, short interest);

/* A terminal's ioctl: how many bytes its argument has and whether the guest gives or takes it; -ENOTTY: not known. */
int standard_control_size(unsigned command, bool *given);
int standard_control(struct standard_files *files, int32_t handle, unsigned command, void *argument);

/* Says that `events` of a handle are waited for. */
void watcher_watch(struct standard_files *files, int32_t handle, short events);
void watcher_close(struct standard_files *files);

#endif
