/* SPDX-License-Identifier: MIT */
/*
 * device.h: what answers at a port. A device is one file with one `access` function and one line in devices.c.
 */
#ifndef VMM_DEVICES_DEVICE_H
#define VMM_DEVICES_DEVICE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* How and why the guest came to its end. */
enum guest_end {
	GUEST_RUNS,
	GUEST_EXITED,
	GUEST_KILLED, /* by a signal of the guest kernel */
	GUEST_PANICKED,
	GUEST_OUTPUT_CLOSED, /* nobody reads its output any more */
	GUEST_OUTPUT_FAILED, /* its output could not be written, and the device cannot tell it */
};

struct file_service;

/* What devices and hypercalls may change outside the guest. */
struct device_host {
	int input, output, error_output; /* the VMM's own standard descriptors */
	enum guest_end end;
	bool no_memory; /* GUEST_KILLED: because none was left */
	int code;       /* GUEST_EXITED: 0-255; GUEST_KILLED: the signal */
	char panic[256];
	/* Has the run been told to stop? Asked when a signal interrupts a blocking call. */
	bool (*stopped)(void);
	/* Told before the guest writes these bytes to a descriptor of the VMM's, or (NULL) uses it for input; NULL:
	 * nobody */
	void (*touched)(void *context, int descriptor, const void *bytes, size_t count);
	void *touched_context;
	struct file_service *files; /* the guest's file system (files/file_service.h); NULL: it has none */
};

/* One access of one item. */
struct device_access {
	bool write;
	uint16_t port;
	unsigned size;  /* 1, 2 or 4 bytes */
	uint32_t value; /* write: given; read: to be filled in (all ones before) */
};

struct device {
	const char *name;
	uint16_t first, last; /* ports */
	void (*access)(struct device_host *host, struct device_access *access);
};

/* The device at the port, NULL if there is none. */
const struct device *device_at(uint16_t port);

/* Tells whoever wants to know (touched, above). */
void device_host_touched(const struct device_host *host, int descriptor, const void *bytes, size_t count);

/* Writes all of it to a descriptor of the VMM, on the guest's behalf. Returns the count or a negative errno;
   a closed pipe also ends the guest. */
ssize_t device_host_write(struct device_host *host, int descriptor, const void *bytes, size_t count);

/* The same to standard output, for devices on which a write cannot fail: what is lost there ends the guest. */
void device_host_print(struct device_host *host, const void *bytes, size_t count);

/* Reads what is there, at least one byte; 0 at the end of the input; negative errno (EINTR: the run is to stop). */
ssize_t device_host_read(struct device_host *host, void *bytes, size_t count);

extern const struct device device_debug_console, device_debug_exit, device_serial;

#endif
