/* SPDX-License-Identifier: MIT */
/* host_files.c: see there. Names and attributes; open files are in host_data.c. */
#include "host_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "host_parts.h"

#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif

/* A guest's files never get more rights on the host than their owner has. */
#define MODE_ALLOWED 01777

/* How often a call is tried again when one of the VMM's own signals came: not for ever, one may be meant to end it. */
#define INTERRUPTIONS 8

int host_open_below(int directory, const char *path, int flags, mode_t mode)
{
	struct open_how how = {
		.flags = (uint64_t)(unsigned)flags | O_CLOEXEC,
		.mode = (flags & O_CREAT) ? mode & MODE_ALLOWED : 0,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};
	long fd = -1;

	errno = EINTR;
	for (int i = 0; i < INTERRUPTIONS && fd < 0 && errno == EINTR; i++)
		fd = syscall(SYS_openat2, directory, path, &how, sizeof(how));
	return fd < 0 ? -errno : (int)fd;
}

bool host_open_root(const char *directory, int *fd, struct vmm_error *error)
{
	int probe;

	*fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (*fd < 0)
		return error_set(error, "--root %s: %s", directory,
				 errno == ENOTDIR ? "is not a directory" : strerror(errno));
	probe = host_open_below(*fd, ".", O_RDONLY | O_DIRECTORY, 0);
	if (probe >= 0) {
		close(probe);
		return true;
	}
	close(*fd);
	*fd = -1;
	return error_set(error, "--root %s: %s", directory,
			 probe == -ENOSYS
				 ? "needs the host's openat2 (Linux 5.6 or newer, and not forbidden by seccomp)"
				 : strerror(-probe));
}

static int status_of(int fd, unsigned mask, struct statx *status)
{
	int flags = AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT;

	return statx(fd, "", flags, mask, status) < 0 ? -errno : 0;
}

static int fill_node(struct mount *mount, int fd, struct node *node)
{
	struct statx status;
	int result = status_of(fd, STATX_TYPE, &status);

	if (result < 0) {
		close(fd);
		return result;
	}
	*node = (struct node){.system = &host_files, .mount = mount, .type = status.stx_mode & S_IFMT, .fd = fd};
	return 0;
}

static int host_lookup(const struct node *directory, const char *name, struct node *child)
{
	int fd = host_open_below(directory->fd, name, O_PATH | O_NOFOLLOW, 0);

	return fd < 0 ? fd : fill_node(directory->mount, fd, child);
}

static int host_find(struct mount *mount, const char *path, struct node *found)
{
	int fd;

	if (path[0] == '\0') {
		*found = (struct node){
			.system = &host_files, .mount = mount, .type = S_IFDIR, .fd = mount->fd, .borrowed = true};
		return 0;
	}
	fd = host_open_below(mount->fd, path, O_PATH | O_NOFOLLOW | O_DIRECTORY, 0);
	if (fd == -ELOOP || fd == -ENOTDIR)
		return -ENOENT; /* what is no directory any more, or a link to one, is another one */
	return fd < 0 ? fd : fill_node(mount, fd, found);
}

static int host_copy(const struct node *node, struct node *copy)
{
	int fd = fcntl(node->fd, F_DUPFD_CLOEXEC, 3);

	if (fd < 0)
		return -errno;
	*copy = *node;
	copy->fd = fd;
	copy->borrowed = false;
	return 0;
}

static void host_release(struct node *node)
{
	if (!node->borrowed)
		close(node->fd);
}

static int host_read_link(const struct node *node, char *text, size_t size)
{
	ssize_t length = readlinkat(node->fd, "", text, size);

	return length < 0 ? -errno : (int)length;
}

static int host_status(const struct node *node, unsigned mask, struct statx *status)
{
	return status_of(node->fd, mask, status);
}

static int host_statfs(const struct node *node, struct statfs *status)
{
	return fstatfs(node->fd, status) < 0 ? -errno : 0;
}

/* What a descriptor stands for, however it was opened and whatever its name is by now. */
static const char *own_path(int fd, char path[32])
{
	snprintf(path, 32, "/proc/self/fd/%d", fd);
	return path;
}

static int host_access(const struct node *node, int mode)
{
	char path[32];

	if (syscall(SYS_faccessat2, node->fd, "", mode, AT_EMPTY_PATH) == 0)
		return 0;
	if (errno != ENOSYS) /* Linux before 5.8 */
		return -errno;
	return access(own_path(node->fd, path), mode) < 0 ? -errno : 0;
}

static int host_change_mode(const struct node *node, mode_t mode)
{
	char path[32];

	if (S_ISLNK(node->type))
		return -EOPNOTSUPP;
	mode &= MODE_ALLOWED;
	if (syscall(SYS_fchmodat2, node->fd, "", mode, AT_EMPTY_PATH) == 0)
		return 0;
	if (errno != ENOSYS)
		return -errno;
	return chmod(own_path(node->fd, path), mode) < 0 ? -errno : 0;
}

static int host_change_owner(const struct node *node, uid_t user, gid_t group)
{
	return fchownat(node->fd, "", user, group, AT_EMPTY_PATH) < 0 ? -errno : 0;
}

static int host_change_times(const struct node *node, const struct timespec *times)
{
	char path[32];

	if (syscall(SYS_utimensat, node->fd, "", times, AT_EMPTY_PATH) == 0)
		return 0;
	if (errno != EINVAL || S_ISLNK(node->type)) /* older kernels do not know the flag */
		return -errno;
	return utimensat(AT_FDCWD, own_path(node->fd, path), times, 0) < 0 ? -errno : 0;
}

static int host_make(const struct node *parent, const char *name, mode_t mode)
{
	if (S_ISDIR(mode))
		return mkdirat(parent->fd, name, mode & MODE_ALLOWED) < 0 ? -errno : 0;
	return mknodat(parent->fd, name, mode & (S_IFMT | MODE_ALLOWED), 0) < 0 ? -errno : 0;
}

static int host_remove(const struct node *parent, const char *name, bool directory)
{
	return unlinkat(parent->fd, name, directory ? AT_REMOVEDIR : 0) < 0 ? -errno : 0;
}

static int host_rename(const struct node *from, const char *name, const struct node *to, const char *new_name,
		       unsigned flags)
{
	return renameat2(from->fd, name, to->fd, new_name, flags) < 0 ? -errno : 0;
}

static int host_link(const struct node *node, const struct node *from, const char *name, const struct node *to,
		     const char *new_name)
{
	(void)node;
	return linkat(from->fd, name, to->fd, new_name, 0) < 0 ? -errno : 0;
}

static int host_make_link(const char *text, const struct node *parent, const char *name)
{
	return symlinkat(text, parent->fd, name) < 0 ? -errno : 0;
}

const struct file_system host_files = {
	.type = "host",
	.lookup = host_lookup,
	.copy = host_copy,
	.release = host_release,
	.find = host_find,
	.read_link = host_read_link,
	.status = host_status,
	.access = host_access,
	.statfs = host_statfs,
	.change_mode = host_change_mode,
	.change_owner = host_change_owner,
	.change_times = host_change_times,
	.create = host_create,
	.make = host_make,
	.remove = host_remove,
	.rename = host_rename,
	.link = host_link,
	.make_link = host_make_link,
	.open = host_open,
	.read = host_read,
	.write = host_write,
	.set_size = host_set_size,
	.sync = host_sync,
	.list = host_list,
};

/* One file, seen at one path: it was opened once, and is never opened again by a name that may lead elsewhere by now.
 */
static int single_find(struct mount *mount, const char *path, struct node *found)
{
	(void)path;
	*found = (struct node){
		.system = &host_single_file, .mount = mount, .type = S_IFREG, .fd = mount->fd, .borrowed = true};
	return 0;
}

static int single_open(const struct node *node, const struct node *parent, const char *name, int flags,
		       struct file *file)
{
	(void)parent, (void)name, (void)flags;
	return host_copy(node, &file->node);
}

const struct file_system host_single_file = {
	.type = "host",
	.copy = host_copy,
	.release = host_release,
	.find = single_find,
	.status = host_status,
	.access = host_access,
	.statfs = host_statfs,
	.open = single_open,
	.read = host_read,
};
