/* SPDX-License-Identifier: MIT */
/* debug_console.c: port 0xe9, known from Bochs and QEMU: a byte written appears on standard output; reads give 0xe9. */
#include "abi.h"
#include "device.h"

static void debug_console_access(struct device_host *host, struct device_access *access)
{
	if (access->write)
		device_host_print(host, &access->value, access->size);
	else
		access->value = VMM_PORT_DEBUG_CONSOLE;
}

const struct device device_debug_console = {
	.name = "debug console",
	.first = VMM_PORT_DEBUG_CONSOLE,
	.last = VMM_PORT_DEBUG_CONSOLE,
	.access = debug_console_access,
};
