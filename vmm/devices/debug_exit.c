/* SPDX-License-Identifier: MIT */
/* debug_exit.c: port 0xf4: a value written ends the guest with that status (its low byte). */
#include "abi.h"
#include "device.h"

static void debug_exit_access(struct device_host *host, struct device_access *access)
{
	if (!access->write)
		return;
	host->end = GUEST_EXITED;
	host->code = access->value & 0xff;
}

const struct device device_debug_exit = {
	.name = "debug exit",
	.first = VMM_PORT_DEBUG_EXIT,
	.last = VMM_PORT_DEBUG_EXIT,
	.access = debug_exit_access,
};
