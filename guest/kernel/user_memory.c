/* SPDX-License-Identifier: MIT */
/* user_memory.c: checks before, and answers after, the copies of user_copy.S. */
#include "user_memory.h"

#include "cpu.h"
#include "hypercall.h"
#include "linux/errno.h"
#include "process.h"
#include "space.h"

size_t user_copy(void *to, const void *from, size_t bytes);
int64_t user_string_copy(char *to, const char *from, size_t size);

int64_t user_exchange_word(uint32_t *word, uint32_t old, uint32_t new);

int64_t user_exchange(uint64_t address, uint32_t old, uint32_t new)
{
	int64_t result;

	if (!user_range(address, sizeof(old)) || address % sizeof(old) != 0)
		return -EFAULT;
	result = user_exchange_word((uint32_t *)address, old, new);
	return result < 0 ? -EFAULT : result;
}

int64_t copy_from_user(void *to, uint64_t from, size_t bytes)
{
	if (!user_range(from, bytes) || user_copy(to, (const void *)from, bytes) != 0)
		return -EFAULT;
	return 0;
}

int64_t copy_to_user(uint64_t to, const void *from, size_t bytes)
{
	if (!user_range(to, bytes) || user_copy((void *)to, from, bytes) != 0)
		return -EFAULT;
	return 0;
}

int64_t copy_string_from_user(char *to, uint64_t from, size_t size)
{
	size_t possible = from < USER_TOP && size > USER_TOP - from ? USER_TOP - from : size;
	int64_t length;

	if (from >= USER_TOP)
		return -EFAULT;
	length = user_string_copy(to, (const char *)from, possible);
	if (length < 0 || ((size_t)length == possible && possible < size))
		return -EFAULT;
	return (size_t)length == size ? -ENAMETOOLONG : length;
}

uint64_t user_bring_in(uint64_t address, uint64_t bytes, bool write)
{
	uint64_t end = address + bytes;

	for (uint64_t page = address & ~(PAGE_SIZE - 1); page < end; page += PAGE_SIZE)
		if (space_fault(current_space(), page, write ? PF_W : 0) != FAULT_RESOLVED)
			return page > address ? page - address : 0;
	return bytes;
}

int64_t user_hypercall(uint32_t number, uint64_t first, uint64_t address, uint64_t bytes, bool write)
{
	int64_t result;

	if (!user_range(address, bytes))
		return -EFAULT;
	result = user_access_hypercall(number, first, address, bytes);
	if (result != -EFAULT)
		return result;
	bytes = user_bring_in(address, bytes, write); /* the usual case is over: it costs no look at the tables */
	return bytes == 0 ? -EFAULT : user_access_hypercall(number, first, address, bytes);
}

uint64_t user_fixup(uint64_t rip)
{
	struct fixup {
		uint64_t from, to;
	};
	extern const struct fixup fixups_start[], fixups_end[];

	for (const struct fixup *fixup = fixups_start; fixup < fixups_end; fixup++)
		if (fixup->from == rip)
			return fixup->to;
	return 0;
}
