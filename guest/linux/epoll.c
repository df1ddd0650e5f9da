/* SPDX-License-Identifier: MIT */
/*
 * epoll.c: a list of files to wait for, which is itself a file. A file that is waited for is not held by the list: it
 * leaves it when its last descriptor has gone.
 */
#include "kernel/pool.h"
#include "kernel/user_memory.h"
#include "linux/file.h"
#include "linux/signal.h"
#include "linux/syscall.h"
#include "linux/time.h"

#define EPOLL_CTL_ADD 1
#define EPOLL_CTL_DEL 2
#define EPOLL_CTL_MOD 3
#define EPOLLONESHOT  (UINT32_C(1) << 30)
#define EPOLLET       (UINT32_C(1) << 31)
#define ALWAYS_TOLD   ((uint32_t)(POLLERR | POLLHUP))
#define EVENTS_MAX    (INT32_MAX / 12)

/* struct epoll_event */
struct told {
	uint32_t events;
	uint64_t data;
} __attribute__((packed));
_Static_assert(sizeof(struct told) == 12, "Linux's");

struct item {
	struct item *next;
	struct file *file;
	int fd;
	struct told wanted;
	uint32_t last;    /* what was told the last time */
	uint64_t changes; /* of the file, then */
	bool spent;       /* EPOLLONESHOT, and it has been told */
};

struct epoll {
	struct epoll *next; /* in the list of all */
	struct item *items; /* who was told last is at the end */
};

static struct pool epolls_pool = POOL_OF(struct epoll), items_pool = POOL_OF(struct item);
static struct epoll *epolls;

/* The link to an item, or the list's last link. */
static struct item **find(struct epoll *epoll, const struct file *file, int fd)
{
	struct item **link = &epoll->items;

	while (*link != NULL && ((*link)->file != file || (*link)->fd != fd))
		link = &(*link)->next;
	return link;
}

static void take_out(struct item **link)
{
	struct item *item = *link;

	*link = item->next;
	pool_put(&items_pool, item);
}

void epoll_forget(const struct file *file)
{
	for (struct epoll *epoll = epolls; epoll != NULL; epoll = epoll->next)
		for (struct item **link = &epoll->items; *link != NULL;) {
			if ((*link)->file == file)
				take_out(link);
			else
				link = &(*link)->next;
		}
}

void epoll_close(struct file *file)
{
	struct epoll *epoll = file->epoll, **link = &epolls;

	while (epoll->items != NULL)
		take_out(&epoll->items);
	while (*link != epoll)
		link = &(*link)->next;
	*link = epoll->next;
	pool_put(&epolls_pool, epoll);
}

/* What there is to tell of an item; 0: nothing. With EPOLLET only what has changed since. */
static uint32_t news_of(const struct item *item)
{
	uint32_t ready;

	if (item->spent)
		return 0;
	ready = poll_ready(item->file, item->wanted.events) & (item->wanted.events | ALWAYS_TOLD);
	if ((item->wanted.events & EPOLLET) && file_changes(item->file) == item->changes && !(ready & ~item->last))
		return 0;
	return ready;
}

unsigned epoll_ready(const struct file *file)
{
	for (const struct item *item = file->epoll->items; item != NULL; item = item->next)
		if (news_of(item) != 0)
			return POLLIN;
	return 0;
}

/* Tells of one item; false: the address is bad. */
static bool tell(struct item *item, uint32_t ready, uint64_t address)
{
	struct told told = {ready, item->wanted.data};

	if (copy_to_user(address, &told, sizeof(told)) != 0)
		return false;
	item->last = ready;
	item->changes = file_changes(item->file);
	item->spent = item->wanted.events & EPOLLONESHOT;
	return true;
}

/* Looks at all once. Who is told goes to the end, so that all have their turn. A count, or -EFAULT. */
static int64_t look(struct epoll *epoll, uint64_t address, int limit)
{
	struct item *first_told = NULL, **end_of_told = &first_told, **link = &epoll->items;
	bool possible = true;
	int count = 0;

	while (*link != NULL && count < limit && possible) {
		struct item *item = *link;
		uint32_t ready = news_of(item);

		possible = ready == 0 || tell(item, ready, address + (uint64_t)count * sizeof(struct told));
		if (ready == 0 || !possible) {
			link = &item->next;
			continue;
		}
		*link = item->next;
		*end_of_told = item;
		end_of_told = &item->next;
		count++;
	}
	*end_of_told = NULL;
	while (*link != NULL)
		link = &(*link)->next;
	*link = first_told;
	return possible || count > 0 ? count : -EFAULT;
}

static int64_t wait(int fd, uint64_t address, int limit, uint64_t deadline)
{
	struct file *file = file_of(fd);
	int64_t count;

	if (limit <= 0 || limit > EVENTS_MAX)
		return -EINVAL;
	if (!user_range(address, (uint64_t)limit * sizeof(struct told)))
		return -EFAULT;
	if (file == NULL)
		return -EBADF;
	if (file->kind != FILE_EPOLL)
		return -EINVAL;
	file_hold(file);
	do
		count = look(file->epoll, address, limit);
	while (count == 0 && poll_wait(deadline));
	file_drop(file);
	return count == 0 && signal_waits() && !poll_is_over(deadline) ? interrupted(RESTART_NOHAND) : count;
}

SYSTEM_CALL(epoll_wait, int fd, uint64_t address, int limit, int milliseconds)
{
	return wait(fd, address, limit, poll_deadline(milliseconds));
}

SYSTEM_CALL(epoll_pwait, int fd, uint64_t address, int limit, int milliseconds, uint64_t mask, uint64_t mask_bytes)
{
	int64_t result = signal_use_mask(mask, mask_bytes);

	return result < 0 ? result : wait(fd, address, limit, poll_deadline(milliseconds));
}

SYSTEM_CALL(epoll_pwait2, int fd, uint64_t address, int limit, uint64_t timeout, uint64_t mask, uint64_t mask_bytes)
{
	uint64_t deadline;
	int64_t result = time_deadline(timeout, &deadline);

	if (result == 0)
		result = signal_use_mask(mask, mask_bytes);
	return result < 0 ? result : wait(fd, address, limit, deadline);
}

static int64_t add(struct item **link, struct file *file, int fd, const struct told *wanted)
{
	struct item *item = pool_take(&items_pool);

	if (item == NULL)
		return -ENOMEM;
	*item = (struct item){.file = file, .fd = fd, .wanted = *wanted};
	file->watched = true;
	*link = item;
	poll_changed(); /* who waits looks at it, too */
	return 0;
}

static int64_t control(struct epoll *epoll, int operation, int fd, struct file *file, const struct told *wanted)
{
	struct item **link = find(epoll, file, fd);

	if (operation == EPOLL_CTL_ADD)
		return *link != NULL ? -EEXIST : add(link, file, fd, wanted);
	if (*link == NULL)
		return -ENOENT;
	if (operation == EPOLL_CTL_DEL) {
		take_out(link);
		return 0;
	}
	if (operation != EPOLL_CTL_MOD)
		return -EINVAL;
	(*link)->wanted = *wanted;
	(*link)->last = 0;
	(*link)->spent = false;
	poll_changed();
	return 0;
}

/* Files are always ready, and lists of lists are not made. */
static bool can_be_watched(struct file *file)
{
	if (file->kind == FILE_HOST)
		return file_vmm_kind(file) == VMM_FILE_KIND_TERMINAL || file_vmm_kind(file) == VMM_FILE_KIND_STREAM;
	return file->kind != FILE_TEXT && file->kind != FILE_FD_LIST;
}

SYSTEM_CALL(epoll_ctl, int epoll_fd, int operation, int fd, uint64_t address)
{
	struct file *list = file_of(epoll_fd), *file = file_of(fd);
	struct told wanted = {0};

	if (operation != EPOLL_CTL_DEL && copy_from_user(&wanted, address, sizeof(wanted)) != 0)
		return -EFAULT;
	if (list == NULL || file == NULL || (file->flags & O_PATH))
		return -EBADF;
	if (!can_be_watched(file))
		return -EPERM;
	if (list == file || list->kind != FILE_EPOLL || file->kind == FILE_EPOLL)
		return -EINVAL;
	return control(list->epoll, operation, fd, file, &wanted);
}

SYSTEM_CALL(epoll_create1, uint32_t flags)
{
	struct epoll *epoll;
	struct file *file;

	if (flags & ~(uint32_t)O_CLOEXEC)
		return -EINVAL;
	epoll = pool_take(&epolls_pool);
	if (epoll == NULL)
		return -ENOMEM;
	file = file_new();
	if (file == NULL) {
		pool_put(&epolls_pool, epoll);
		return -ENOMEM;
	}
	*epoll = (struct epoll){.next = epolls};
	epolls = epoll;
	file->users = 1;
	file->kind = FILE_EPOLL;
	file->flags = O_RDWR;
	file->epoll = epoll;
	return file_install(file, 0, flags & O_CLOEXEC);
}

SYSTEM_CALL(epoll_create, int size)
{
	return size > 0 ? sys_epoll_create1(0) : -EINVAL;
}
