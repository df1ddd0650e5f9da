/* SPDX-License-Identifier: MIT */
/* file_times.c: setting a file's times. Older calls say the same in other units; they leave that to the VMM, too. */
#include "kernel/user_memory.h"
#include "linux/file.h"
#include "linux/syscall.h"
#include "linux/time.h"

#define TWO_TIMES 32 /* bytes of two struct timespec */

/* `times` in user or kernel memory; 0: now. */
static int64_t set_times(int directory, uint64_t path, uint64_t times, uint32_t flags)
{
	struct vmm_file_request request = {
		.operation = VMM_FILE_UTIMENS,
		.path = path,
		.buffer = times,
		.bytes = times != 0 ? TWO_TIMES : 0,
		.flags = flags & AT_SYMLINK_NOFOLLOW,
	};

	return path == 0 && directory != AT_FDCWD ? file_request_on(&request, directory)
						  : file_request_at(&request, directory);
}

SYSTEM_CALL(utimensat, int directory, uint64_t path, uint64_t times, uint32_t flags)
{
	if (flags & ~(uint32_t)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (path == 0 && directory == AT_FDCWD)
		return -EFAULT;
	return user_range(times, TWO_TIMES) ? set_times(directory, path, times, flags) : -EFAULT;
}

/* Two struct timeval */
SYSTEM_CALL(futimesat, int directory, uint64_t path, uint64_t times)
{
	struct timespec converted[2];

	if (times == 0)
		return set_times(directory, path, 0, 0);
	if (copy_from_user(converted, times, sizeof(converted)) != 0)
		return -EFAULT;
	for (int i = 0; i < 2; i++) {
		if (converted[i].nanoseconds < 0 || converted[i].nanoseconds >= 1000000)
			return -EINVAL;
		converted[i].nanoseconds *= 1000;
	}
	return set_times(directory, path, (uint64_t)converted, 0);
}

SYSTEM_CALL(utimes, uint64_t path, uint64_t times)
{
	return sys_futimesat(AT_FDCWD, path, times);
}

/* Two numbers of seconds */
SYSTEM_CALL(utime, uint64_t path, uint64_t times)
{
	struct timespec converted[2] = {0};
	int64_t seconds[2];

	if (times == 0)
		return set_times(AT_FDCWD, path, 0, 0);
	if (copy_from_user(seconds, times, sizeof(seconds)) != 0)
		return -EFAULT;
	converted[0].seconds = seconds[0];
	converted[1].seconds = seconds[1];
	return set_times(AT_FDCWD, path, (uint64_t)converted, 0);
}
