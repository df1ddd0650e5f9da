/* SPDX-License-Identifier: MIT */
/* host_data.c: open files and directories of the host. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "host_parts.h"

/* Flags that mean the same on the host; the rest is ours (O_CLOEXEC...), or must not matter (O_DIRECT). */
#define FLAGS_PASSED (O_ACCMODE | O_TRUNC | O_SYNC | O_DSYNC)

/* Whatever the name leads to when it is opened: nobody waits, and no terminal becomes ours. */
#define FLAGS_ALWAYS (O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)

/* Between look-up and open somebody on the host may have put something else there. */
static int check_opened(int fd, struct mount *mount, uint32_t type, struct file *file)
{
	struct stat status;

	if (fstat(fd, &status) < 0 || (status.st_mode & S_IFMT) != type) {
		close(fd);
		return -EACCES;
	}
	file->node = (struct node){.system = &host_files, .mount = mount, .type = type, .fd = fd};
	return 0;
}

int host_open(const struct node *node, const struct node *parent, const char *name, int flags, struct file *file)
{
	int fd;

	if (S_ISDIR(node->type))
		fd = host_open_below(node->fd, ".", O_RDONLY | O_DIRECTORY, 0);
	else if (parent == NULL)
		return -EACCES;
	else
		fd = host_open_below(parent->fd, name, (flags & FLAGS_PASSED) | FLAGS_ALWAYS, 0);
	return fd < 0 ? fd : check_opened(fd, node->mount, node->type, file);
}

int host_create(const struct node *parent, const char *name, int flags, mode_t mode, struct file *file)
{
	int fd = host_open_below(parent->fd, name, (flags & FLAGS_PASSED) | FLAGS_ALWAYS | O_CREAT | O_EXCL, mode);

	return fd < 0 ? fd : check_opened(fd, parent->mount, S_IFREG, file);
}

ssize_t host_read(struct file *file, void *to, size_t count, uint64_t offset)
{
	ssize_t got = pread(file->node.fd, to, count, (off_t)offset);

	return got < 0 ? -errno : got;
}

ssize_t host_write(struct file *file, const void *from, size_t count, uint64_t *offset, bool append)
{
	struct iovec vector = {.iov_base = (void *)(uintptr_t)from, .iov_len = count};
	ssize_t done;

	if (!append) {
		done = pwrite(file->node.fd, from, count, (off_t)*offset);
		if (done < 0)
			return -errno;
		*offset += (uint64_t)done;
		return done;
	}
	/* With offset -1 the descriptor's own offset moves to the new end. */
	done = pwritev2(file->node.fd, &vector, 1, -1, RWF_APPEND);
	if (done < 0)
		return -errno;
	*offset = (uint64_t)lseek(file->node.fd, 0, SEEK_CUR);
	return done;
}

int host_set_size(struct file *file, uint64_t size)
{
	return ftruncate(file->node.fd, (off_t)size) < 0 ? -errno : 0;
}

int host_sync(struct file *file)
{
	return fsync(file->node.fd) < 0 ? -errno : 0;
}

struct entry64 {
	uint64_t inode, next;
	uint16_t length;
	uint8_t type;
	char name[];
};

int host_list(struct file *file, uint64_t offset, list_entry *entry, void *context)
{
	_Alignas(8) uint8_t buffer[8192];
	long got;

	if (lseek(file->node.fd, (off_t)offset, SEEK_SET) < 0)
		return -errno;
	while ((got = syscall(SYS_getdents64, file->node.fd, buffer, sizeof(buffer))) > 0) {
		for (long at = 0; at < got;) {
			const struct entry64 *item = (const void *)(buffer + at);

			if (!entry(context, item->name, DTTOIF(item->type), item->inode, item->next))
				return 0;
			at += item->length;
		}
	}
	return got < 0 ? -errno : 0;
}
