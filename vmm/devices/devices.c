/* SPDX-License-Identifier: MIT */
/* devices.c: the table of devices, and the host's side of their input and output. */
#include "device.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <unistd.h>

static const struct device *const devices[] = {
	&device_debug_console,
	&device_debug_exit,
	&device_serial,
};

const struct device *device_at(uint16_t port)
{
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		if (port >= devices[i]->first && port <= devices[i]->last)
			return devices[i];
	return NULL;
}

/* Until the descriptor is ready or a signal comes. */
static void wait_for(int descriptor, short events)
{
	struct pollfd wanted = {.fd = descriptor, .events = events};

	(void)poll(&wanted, 1, -1);
}

void device_host_touched(const struct device_host *host, int descriptor, const void *bytes, size_t count)
{
	if (host->touched != NULL)
		host->touched(host->touched_context, descriptor, bytes, count);
}

ssize_t device_host_write(struct device_host *host, int descriptor, const void *bytes, size_t count)
{
	size_t done = 0;

	device_host_touched(host, descriptor, bytes, count);
	while (done < count) {
		ssize_t written = write(descriptor, (const char *)bytes + done, count - done);

		if (written >= 0) {
			done += (size_t)written;
			continue;
		}
		if (errno == EAGAIN)
			wait_for(descriptor, POLLOUT);
		else if (errno != EINTR) {
			if (errno == EPIPE)
				host->end = GUEST_OUTPUT_CLOSED;
			return done > 0 ? (ssize_t)done : -errno;
		}
		if (host->stopped != NULL && host->stopped())
			return done > 0 ? (ssize_t)done : -EINTR;
	}
	return (ssize_t)done;
}

void device_host_print(struct device_host *host, const void *bytes, size_t count)
{
	ssize_t written = device_host_write(host, host->output, bytes, count);

	if (written == (ssize_t)count || host->end != GUEST_RUNS || (host->stopped != NULL && host->stopped()))
		return;
	host->end = GUEST_OUTPUT_FAILED;
	host->code = written < 0 ? (int)-written : EIO;
}

ssize_t device_host_read(struct device_host *host, void *bytes, size_t count)
{
	device_host_touched(host, host->input, NULL, 0);
	for (;;) {
		ssize_t got = read(host->input, bytes, count);

		if (got >= 0)
			return got;
		if (errno == EAGAIN)
			wait_for(host->input, POLLIN);
		else if (errno != EINTR)
			return -errno;
		if (host->stopped != NULL && host->stopped())
			return -EINTR;
	}
}
