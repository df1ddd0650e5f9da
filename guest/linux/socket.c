/* SPDX-License-Identifier: MIT */
/*
 * socket.c: as much of sockets as programs need that do without them: nobody is ever at the other end of one. C
 * libraries ask a name service by AF_UNIX, and go on with files when it is not there.
 */
#include "kernel/memory.h"
#include "kernel/user_memory.h"
#include "linux/file.h"
#include "linux/syscall.h"

#define AF_UNIX        1
#define SOCK_TYPE      0xf
#define SOCK_STREAM    1
#define SOCK_SEQPACKET 5
#define PATH_BYTES     108

SYSTEM_CALL(socket, int family, uint32_t type, int protocol)
{
	struct file *file;

	if (family != AF_UNIX)
		return -EAFNOSUPPORT;
	if ((type & SOCK_TYPE) < SOCK_STREAM || (type & SOCK_TYPE) > SOCK_SEQPACKET ||
	    (type & ~(uint32_t)(SOCK_TYPE | O_CLOEXEC | O_NONBLOCK)))
		return -EINVAL;
	if (protocol != 0)
		return -EPROTONOSUPPORT;
	file = file_new();
	if (file == NULL)
		return -ENOMEM;
	file->users = 1;
	file->kind = FILE_SOCKET;
	file->flags = O_RDWR | (type & O_NONBLOCK);
	return file_install(file, 0, type & O_CLOEXEC);
}

/* The socket behind a descriptor; 0 or why it is none. */
static int64_t check_socket(int fd)
{
	const struct file *file = file_of(fd);

	if (file == NULL)
		return -EBADF;
	return file->kind == FILE_SOCKET ? 0 : -ENOTSOCK;
}

SYSTEM_CALL(connect, int fd, uint64_t address, uint32_t bytes)
{
	uint16_t family;
	int64_t result = check_socket(fd);

	if (result < 0)
		return result;
	if (bytes < sizeof(family) || bytes > sizeof(family) + PATH_BYTES)
		return -EINVAL;
	if (copy_from_user(&family, address, sizeof(family)) != 0)
		return -EFAULT;
	if (family != AF_UNIX)
		return -EINVAL;
	result = path_exists(address + sizeof(family));
	return result < 0 ? result : -ECONNREFUSED;
}

/* What needs a peer. */
static int64_t needs_peer(int fd)
{
	int64_t result = check_socket(fd);

	return result < 0 ? result : -ENOTCONN;
}

SYSTEM_CALL(getpeername, int fd)
{
	return needs_peer(fd);
}

SYSTEM_CALL(sendto, int fd)
{
	return needs_peer(fd);
}

SYSTEM_CALL(recvfrom, int fd)
{
	return needs_peer(fd);
}

SYSTEM_CALL(sendmsg, int fd)
{
	return needs_peer(fd);
}

SYSTEM_CALL(recvmsg, int fd)
{
	return needs_peer(fd);
}

SYSTEM_CALL(shutdown, int fd)
{
	return needs_peer(fd);
}

SYSTEM_CALL(socketpair, void)
{
	return -EAFNOSUPPORT;
}

/* There is nobody who could connect. */
static int64_t needs_callers(int fd)
{
	int64_t result = check_socket(fd);

	return result < 0 ? result : -EOPNOTSUPP;
}

SYSTEM_CALL(bind, int fd)
{
	return needs_callers(fd);
}

SYSTEM_CALL(listen, int fd)
{
	return needs_callers(fd);
}

SYSTEM_CALL(accept, int fd)
{
	return needs_callers(fd);
}

SYSTEM_CALL(accept4, int fd)
{
	return needs_callers(fd);
}

SYSTEM_CALL(getsockname, int fd)
{
	return needs_callers(fd);
}

/* No option of a socket is known. */
SYSTEM_CALL(getsockopt, int fd)
{
	int64_t result = check_socket(fd);

	return result < 0 ? result : -ENOPROTOOPT;
}

SYSTEM_CALL(setsockopt, int fd)
{
	return sys_getsockopt(fd);
}
