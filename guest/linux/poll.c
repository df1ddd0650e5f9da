/* SPDX-License-Identifier: MIT */
/* poll.c: waiting for one of several files: poll and select. */
#include "kernel/clock.h"
#include "kernel/memory.h"
#include "kernel/scheduler.h"
#include "kernel/user_memory.h"
#include "linux/file.h"
#include "linux/signal.h"
#include "linux/syscall.h"
#include "linux/time.h"

#define ALWAYS_TOLD (POLLERR | POLLHUP | POLLNVAL)

static const char poll_channel; /* all who poll sleep on it: they look again for themselves */
static unsigned pollers;

void poll_changed(void)
{
	if (pollers > 0)
		wake(&poll_channel);
}

/* Without the other names of POLLIN and POLLOUT. */
static unsigned ready_for(struct file *file, unsigned wanted)
{
	struct vmm_file_request request = {
		.operation = VMM_FILE_POLL, .handle = file->handle, .flags = wanted & (POLLIN | POLLOUT)};
	int64_t result;

	if (file->flags & O_PATH)
		return POLLNVAL;

	if (file->kind == FILE_PIPE_IN || file->kind == FILE_PIPE_OUT)
		return pipe_ready(file);
	if (file->kind == FILE_EVENT)
		return event_ready(file);
	if (file->kind == FILE_EPOLL)
		return epoll_ready(file);
	if (file->kind == FILE_SOCKET)
		return POLLOUT | POLLHUP;
	if (file->kind != FILE_HOST)
		return POLLIN | POLLOUT;
	if (file_vmm_kind(file) != VMM_FILE_KIND_TERMINAL && file_vmm_kind(file) != VMM_FILE_KIND_STREAM)
		return POLLIN | POLLOUT;
	result = file_request(&request);
	return result < 0 ? POLLERR : (unsigned)result;
}

/* POLLRDNORM is POLLIN, and POLLWRNORM POLLOUT. */
static unsigned without_aliases(unsigned wanted)
{
	return wanted | (wanted & POLLRDNORM ? POLLIN : 0) | (wanted & POLLWRNORM ? POLLOUT : 0);
}

static unsigned with_aliases(unsigned ready)
{
	return ready | (ready & POLLIN ? POLLRDNORM : 0) | (ready & POLLOUT ? POLLWRNORM : 0);
}

unsigned poll_ready(struct file *file, unsigned wanted)
{
	return with_aliases(ready_for(file, without_aliases(wanted)));
}

bool poll_is_over(uint64_t deadline)
{
	return deadline <= clock_now();
}

bool poll_wait(uint64_t deadline)
{
	if (poll_is_over(deadline) || signal_waits())
		return false;
	pollers++;
	sleep_on(&poll_channel, deadline);
	pollers--;
	return true;
}

struct poll_entry {
	int32_t fd;
	uint16_t wanted, ready;
};

/* Looks at all entries once; how many are ready, or -EFAULT. */
static int64_t look(uint64_t address, uint32_t count)
{
	int64_t found = 0;

	for (uint32_t i = 0; i < count; i++) {
		uint64_t where = address + i * sizeof(struct poll_entry);
		struct poll_entry entry;
		struct file *file;

		if (copy_from_user(&entry, where, sizeof(entry)) != 0)
			return -EFAULT;
		file = entry.fd >= 0 ? file_of(entry.fd) : NULL;
		entry.ready = 0;
		if (file != NULL)
			entry.ready = (uint16_t)(poll_ready(file, entry.wanted) & (entry.wanted | ALWAYS_TOLD));
		else if (entry.fd >= 0)
			entry.ready = POLLNVAL;
		found += entry.ready != 0;
		if (copy_to_user(where, &entry, sizeof(entry)) != 0)
			return -EFAULT;
	}
	return found;
}

static int64_t poll(uint64_t address, uint32_t count, uint64_t deadline)
{
	int64_t found;

	if (count > DESCRIPTORS)
		return -EINVAL;
	if (!user_range(address, count * sizeof(struct poll_entry)))
		return -EFAULT;
	do
		found = look(address, count);
	while (found == 0 && poll_wait(deadline));
	return found == 0 && deadline > clock_now() ? interrupted(RESTART_NOHAND) : found;
}

uint64_t poll_deadline(int64_t milliseconds)
{
	return milliseconds < 0 ? NO_DEADLINE : clock_now() + (uint64_t)milliseconds * 1000000;
}

SYSTEM_CALL(poll, uint64_t address, uint32_t count, int milliseconds)
{
	return poll(address, count, poll_deadline(milliseconds));
}

/* What is left of a timeout, to where the caller had it. That it cannot be written there is no error. */
static void give_left(uint64_t address, uint64_t deadline)
{
	uint64_t now = clock_now();
	struct timespec left = to_timespec(deadline > now ? deadline - now : 0);

	if (address != 0)
		copy_to_user(address, &left, sizeof(left));
}

SYSTEM_CALL(ppoll, uint64_t address, uint32_t count, uint64_t timeout, uint64_t mask, uint64_t mask_bytes)
{
	uint64_t deadline;
	int64_t result = time_deadline(timeout, &deadline);

	if (result == 0)
		result = signal_use_mask(mask, mask_bytes);
	if (result < 0)
		return result;
	result = poll(address, count, deadline);
	give_left(timeout, deadline);
	return result;
}

#define SET_WORDS (DESCRIPTORS / 64)

/* fd_sets for reading, writing, exceptions: as they came, and as they go back. */
struct sets {
	uint64_t bits[3][SET_WORDS];
};

static int64_t look_at_sets(const struct sets *wanted, struct sets *ready, int count)
{
	int64_t found = 0;

	memset(ready, 0, sizeof(*ready));
	for (int fd = 0; fd < count; fd++) {
		uint64_t bit = UINT64_C(1) << fd % 64;
		int word = fd / 64;
		bool reads = wanted->bits[0][word] & bit, writes = wanted->bits[1][word] & bit;
		unsigned state;
		struct file *file;

		if (!reads && !writes && !(wanted->bits[2][word] & bit))
			continue;
		file = file_of(fd);
		if (file == NULL)
			return -EBADF;
		state = ready_for(file, (reads ? POLLIN : 0) | (writes ? POLLOUT : 0));
		if (reads && (state & (POLLIN | POLLHUP | POLLERR)))
			ready->bits[0][word] |= bit, found++;
		if (writes && (state & (POLLOUT | POLLERR)))
			ready->bits[1][word] |= bit, found++;
	}
	return found;
}

static int64_t select(int count, const uint64_t addresses[3], uint64_t deadline)
{
	struct sets wanted, ready;
	uint64_t bytes;
	int64_t found;

	if (count < 0)
		return -EINVAL;
	if (count > DESCRIPTORS)
		count = DESCRIPTORS;
	bytes = ((uint64_t)count + 63) / 64 * 8;
	memset(&wanted, 0, sizeof(wanted));
	for (int i = 0; i < 3; i++)
		if (addresses[i] != 0 && copy_from_user(wanted.bits[i], addresses[i], bytes) != 0)
			return -EFAULT;
	do
		found = look_at_sets(&wanted, &ready, count);
	while (found == 0 && poll_wait(deadline));
	if (found < 0)
		return found;
	if (found == 0 && deadline > clock_now())
		return interrupted(RESTART_NOHAND);
	for (int i = 0; i < 3; i++)
		if (addresses[i] != 0 && copy_to_user(addresses[i], ready.bits[i], bytes) != 0)
			return -EFAULT;
	return found;
}

/* struct timeval: what is left is written back, as by Linux. */
SYSTEM_CALL(select, int count, uint64_t reads, uint64_t writes, uint64_t exceptions, uint64_t timeout)
{
	const uint64_t addresses[] = {reads, writes, exceptions};
	struct timespec time;
	uint64_t deadline = NO_DEADLINE, now;
	int64_t result;

	if (timeout != 0) {
		if (copy_from_user(&time, timeout, sizeof(time)) != 0)
			return -EFAULT;
		if (time.seconds < 0 || time.nanoseconds < 0)
			return -EINVAL;
		time.seconds += time.nanoseconds / 1000000;
		time.nanoseconds = time.nanoseconds % 1000000 * 1000;
		result = time_deadline_of(&time, &deadline);
		if (result < 0)
			return result;
	}
	result = select(count, addresses, deadline);
	if (timeout != 0) {
		now = clock_now();
		time = to_timespec(deadline > now ? deadline - now : 0);
		time.nanoseconds /= 1000;
		copy_to_user(timeout, &time, sizeof(time));
	}
	return result;
}

SYSTEM_CALL(pselect6, int count, uint64_t reads, uint64_t writes, uint64_t exceptions, uint64_t timeout, uint64_t mask)
{
	const uint64_t addresses[] = {reads, writes, exceptions};
	struct {
		uint64_t address, bytes;
	} set = {0};
	uint64_t deadline;
	int64_t result = time_deadline(timeout, &deadline);

	if (result < 0)
		return result;
	if (mask != 0 && copy_from_user(&set, mask, sizeof(set)) != 0)
		return -EFAULT;
	result = signal_use_mask(set.address, set.bytes);
	if (result < 0)
		return result;
	result = select(count, addresses, deadline);
	give_left(timeout, deadline);
	return result;
}
