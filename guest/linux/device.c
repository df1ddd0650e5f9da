/* SPDX-License-Identifier: MIT */
/*
 * device.c: the data of /dev/null, /dev/zero and /dev/full, for which nobody has to ask the VMM: a call on one of them
 * is a crossing without an exit.
 */
#include "kernel/user_memory.h"
#include "linux/file.h"

/* Linux's numbers: Documentation/admin-guide/devices.txt, "1 char: Memory devices" */
#define DEVICE_NULL 0x103
#define DEVICE_ZERO 0x105
#define DEVICE_FULL 0x107

static const uint8_t zeros[512]; /* more than these are the VMM's to write, which is quicker at it on some hosts */

uint16_t device_known(const struct vmm_file_request *opened)
{
	if (opened->kind != VMM_FILE_KIND_DEVICE)
		return 0;
	switch (opened->number) {
	case DEVICE_NULL:
	case DEVICE_ZERO:
	case DEVICE_FULL:
		return (uint16_t)opened->number;
	default:
		return 0;
	}
}

/* Nobody looks at what is written, as in Linux; not even whether it is there. */
bool device_transfer(const struct file *file, uint64_t buffer, uint64_t bytes, bool write, int64_t *result)
{
	*result = (int64_t)bytes;
	if (write && file->device == DEVICE_FULL)
		*result = -ENOSPC;
	else if (!write && file->device == DEVICE_NULL)
		*result = 0;
	else if (!write)
		return bytes <= sizeof(zeros) && copy_to_user(buffer, zeros, bytes) == 0;
	return true;
}
