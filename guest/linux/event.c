/* SPDX-License-Identifier: MIT */
/* event.c: eventfd: a number to add to, and to wait for. */
#include "kernel/pool.h"
#include "kernel/scheduler.h"
#include "kernel/user_memory.h"
#include "linux/file.h"
#include "linux/signal.h"
#include "linux/syscall.h"

#define EFD_SEMAPHORE 1
#define COUNT_MAX     (UINT64_MAX - 1)

struct event {
	uint64_t count, changes;
	bool semaphore; /* each read takes 1 */
};

static struct pool pool = POOL_OF(struct event);

static void changed(struct event *event)
{
	event->changes++;
	wake(event);
	poll_changed();
}

/* One turn of waiting for another count. 0: ask again; or why not. */
static int64_t wait_for_change(const struct file *file, bool wait)
{
	if (!wait || (file->flags & O_NONBLOCK))
		return -EAGAIN;
	if (signal_waits())
		return interrupted(RESTART_SYS);
	sleep_on(file->event, NO_DEADLINE);
	return 0;
}

int64_t event_read(struct file *file, uint64_t buffer, uint64_t bytes, bool wait)
{
	struct event *event = file->event;
	int64_t result = 0;
	uint64_t taken;

	if (bytes < sizeof(taken))
		return -EINVAL;
	while (event->count == 0 && result == 0)
		result = wait_for_change(file, wait);
	if (result < 0)
		return result;
	taken = event->semaphore ? 1 : event->count;
	event->count -= taken;
	changed(event);
	return copy_to_user(buffer, &taken, sizeof(taken)) == 0 ? (int64_t)sizeof(taken) : -EFAULT;
}

int64_t event_write(struct file *file, uint64_t buffer, uint64_t bytes)
{
	struct event *event = file->event;
	int64_t result = 0;
	uint64_t more;

	if (bytes < sizeof(more))
		return -EINVAL;
	if (copy_from_user(&more, buffer, sizeof(more)) != 0)
		return -EFAULT;
	if (more > COUNT_MAX)
		return -EINVAL;
	while (more > COUNT_MAX - event->count && result == 0)
		result = wait_for_change(file, true);
	if (result < 0)
		return result;
	event->count += more;
	changed(event);
	return sizeof(more);
}

unsigned event_ready(const struct file *file)
{
	return (file->event->count > 0 ? POLLIN : 0) | (file->event->count < COUNT_MAX ? POLLOUT : 0);
}

uint64_t event_changes(const struct file *file)
{
	return file->event->changes;
}

void event_close(struct file *file)
{
	pool_put(&pool, file->event);
}

SYSTEM_CALL(eventfd2, uint32_t count, uint32_t flags)
{
	struct event *event;
	struct file *file;

	if (flags & ~(uint32_t)(EFD_SEMAPHORE | O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;
	event = pool_take(&pool);
	if (event == NULL)
		return -ENOMEM;
	file = file_new();
	if (file == NULL) {
		pool_put(&pool, event);
		return -ENOMEM;
	}
	*event = (struct event){.count = count, .semaphore = flags & EFD_SEMAPHORE};
	file->users = 1;
	file->kind = FILE_EVENT;
	file->flags = O_RDWR | (flags & O_NONBLOCK);
	file->event = event;
	return file_install(file, 0, flags & O_CLOEXEC);
}

SYSTEM_CALL(eventfd, uint32_t count)
{
	return sys_eventfd2(count, 0);
}
