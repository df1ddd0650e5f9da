/* SPDX-License-Identifier: MIT */
/*
 * serial.c: as much of a 16550 as small kernels use for output: the data port writes a byte to standard output, the
 * line status always says "ready to send, nothing received". Baud rate, modem and interrupts are accepted and ignored.
 * Source: the 16550D data sheet, "Registers".
 */
#include "abi.h"
#include "device.h"

#define SERIAL_DATA        0
#define SERIAL_LINE_STATUS 5
#define SERIAL_PORTS       8
#define LINE_STATUS_READY  0x60 /* transmitter empty, holding register empty */

static void serial_access(struct device_host *host, struct device_access *access)
{
	unsigned reg = access->port - VMM_PORT_SERIAL;

	if (access->write && reg == SERIAL_DATA)
		device_host_print(host, &access->value, 1);
	else if (!access->write)
		access->value = reg == SERIAL_LINE_STATUS ? LINE_STATUS_READY : 0;
}

const struct device device_serial = {
	.name = "serial port",
	.first = VMM_PORT_SERIAL,
	.last = VMM_PORT_SERIAL + SERIAL_PORTS - 1,
	.access = serial_access,
};
