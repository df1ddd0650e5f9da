/* SPDX-License-Identifier: MIT */
/*
 * users.c: users and groups. There is one user, root, and one group, as in a Linux user namespace that has mapped no
 * other: those answer -EINVAL for any other number.
 */
#include "kernel/process.h"
#include "kernel/user_memory.h"
#include "linux/errno.h"
#include "linux/syscall.h"

#define GROUPS_MAX 65536

#define CAPABILITY_VERSION_1 0x19980330
#define CAPABILITY_VERSION_2 0x20071026
#define CAPABILITY_VERSION_3 0x20080522
#define CAPABILITIES         UINT64_C(0x1ffffffffff) /* 0 to 40 */

SYSTEM_CALL(getuid, void)
{
	return 0;
}

SYSTEM_CALL(geteuid, void)
{
	return 0;
}

SYSTEM_CALL(getgid, void)
{
	return 0;
}

SYSTEM_CALL(getegid, void)
{
	return 0;
}

SYSTEM_CALL(setuid, uint32_t id)
{
	return id == 0 ? 0 : -EINVAL;
}

SYSTEM_CALL(setgid, uint32_t id)
{
	return sys_setuid(id);
}

/* UINT32_MAX: this one stays. */
static bool stays(uint32_t id)
{
	return id == 0 || id == UINT32_MAX;
}

SYSTEM_CALL(setresuid, uint32_t real, uint32_t effective, uint32_t saved)
{
	return stays(real) && stays(effective) && stays(saved) ? 0 : -EINVAL;
}

SYSTEM_CALL(setresgid, uint32_t real, uint32_t effective, uint32_t saved)
{
	return sys_setresuid(real, effective, saved);
}

SYSTEM_CALL(setreuid, uint32_t real, uint32_t effective)
{
	return sys_setresuid(real, effective, 0);
}

SYSTEM_CALL(setregid, uint32_t real, uint32_t effective)
{
	return sys_setresuid(real, effective, 0);
}

/* They return the number before, and never fail. */
SYSTEM_CALL(setfsuid, void)
{
	return 0;
}

SYSTEM_CALL(setfsgid, void)
{
	return 0;
}

SYSTEM_CALL(getresuid, uint64_t real, uint64_t effective, uint64_t saved)
{
	const uint32_t zero = 0;

	return copy_to_user(real, &zero, sizeof(zero)) != 0 || copy_to_user(effective, &zero, sizeof(zero)) != 0 ||
			       copy_to_user(saved, &zero, sizeof(zero)) != 0
		       ? -EFAULT
		       : 0;
}

SYSTEM_CALL(getresgid, uint64_t real, uint64_t effective, uint64_t saved)
{
	return sys_getresuid(real, effective, saved);
}

/* No supplementary groups. */
SYSTEM_CALL(getgroups, int count)
{
	return count < 0 ? -EINVAL : 0;
}

SYSTEM_CALL(setgroups, int count, uint64_t list)
{
	if ((uint32_t)count > GROUPS_MAX)
		return -EINVAL;
	for (int i = 0; i < count; i++) {
		uint32_t id;

		if (copy_from_user(&id, list + (uint64_t)i * sizeof(id), sizeof(id)) != 0)
			return -EFAULT;
		if (id != 0)
			return -EINVAL;
	}
	return 0;
}

struct capability_header {
	uint32_t version;
	int32_t pid;
};

/* How many sets of 32 a caller has; 0: another version, and it was told ours. */
static int64_t capability_words(uint64_t address, struct capability_header *header, unsigned *words)
{
	if (copy_from_user(header, address, sizeof(*header)) != 0)
		return -EFAULT;
	*words = header->version == CAPABILITY_VERSION_1                                              ? 1
		 : header->version == CAPABILITY_VERSION_2 || header->version == CAPABILITY_VERSION_3 ? 2
												      : 0;
	if (*words == 0) {
		const uint32_t version = CAPABILITY_VERSION_3;

		return copy_to_user(address, &version, sizeof(version)) != 0 ? -EFAULT : -EINVAL;
	}
	if (header->pid < 0)
		return -EINVAL;
	return header->pid != 0 && thread_find((uint32_t)header->pid) == NULL ? -ESRCH : 0;
}

/* Everybody has all of them: effective and permitted, none of them inheritable. */
SYSTEM_CALL(capget, uint64_t header_address, uint64_t data_address)
{
	const uint32_t low = (uint32_t)CAPABILITIES, high = (uint32_t)(CAPABILITIES >> 32);
	const uint32_t sets[2][3] = {{low, low, 0}, {high, high, 0}};
	struct capability_header header;
	unsigned words = 0;
	int64_t error = capability_words(header_address, &header, &words);

	if (data_address == 0)
		return error == -EINVAL && words == 0 ? 0 : error;
	return error != 0 ? error : copy_to_user(data_address, sets, words * sizeof(sets[0]));
}

/* A program may say what it wants to have; it keeps all. */
SYSTEM_CALL(capset, uint64_t header_address, uint64_t data_address)
{
	struct capability_header header;
	uint32_t sets[2][3];
	unsigned words;
	int64_t error = capability_words(header_address, &header, &words);

	if (error != 0)
		return error;
	if (header.pid != 0 && (uint32_t)header.pid != current()->tid)
		return -EPERM;
	return copy_from_user(sets, data_address, words * sizeof(sets[0]));
}
