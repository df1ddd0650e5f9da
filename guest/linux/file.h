/* SPDX-License-Identifier: MIT */
/*
 * file.h: open files, for the calls that work on them. A *file* here is what Linux calls an open file description: an
 * offset and flags, shared by all descriptors that dup and fork have made of one.
 */
#ifndef LINUX_FILE_H
#define LINUX_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi.h"
#include "kernel/process.h"
#include "linux/errno.h"
#include "linux/files.h"
#include "linux/request.h"

#define O_ACCMODE   3
#define O_RDONLY    0
#define O_WRONLY    1
#define O_RDWR      2
#define O_CREAT     0100
#define O_TRUNC     01000
#define O_APPEND    02000
#define O_NONBLOCK  04000
#define O_DIRECT    040000
#define O_LARGEFILE 0100000
#define O_DIRECTORY 0200000
#define O_NOFOLLOW  0400000
#define O_CLOEXEC   02000000
#define O_PATH      010000000

#define POLLIN     0x001
#define POLLOUT    0x004
#define POLLERR    0x008
#define POLLHUP    0x010
#define POLLNVAL   0x020
#define POLLRDNORM 0x040
#define POLLWRNORM 0x100

#define AT_FDCWD            (-100)
#define AT_SYMLINK_NOFOLLOW 0x100
#define AT_REMOVEDIR        0x200
#define AT_SYMLINK_FOLLOW   0x400
#define AT_EMPTY_PATH       0x1000

#define SEEK_SET  0
#define SEEK_CUR  1
#define SEEK_END  2
#define SEEK_DATA 3
#define SEEK_HOLE 4

#define DESCRIPTORS  1024
#define STANDARD     3 /* handles below are the VMM's own: it knows their position, or they have none */
#define PIPE_FRAMES  16
#define PIPE_BYTES   (PIPE_FRAMES * PAGE_SIZE)
#define PIPE_BUF     PAGE_SIZE            /* writes up to this are not mixed with others */
#define MAX_TRANSFER UINT64_C(0x7ffff000) /* of one call; the rest is left, as in Linux */

struct pipe;
struct event;
struct epoll;

enum file_kind {
	FILE_HOST,     /* the VMM's: `handle` */
	FILE_PIPE_OUT, /* the end that is read */
	FILE_PIPE_IN,  /* the end that is written */
	FILE_TEXT,     /* generated when it was opened: `text` */
	FILE_SOCKET,   /* nobody is at its other end */
	FILE_EVENT,    /* eventfd */
	FILE_EPOLL,    /* a list of files to wait for */
	FILE_FD_LIST,  /* the directory /proc/self/fd */
};

struct file {
	unsigned users;
	enum file_kind kind;
	uint32_t flags;    /* O_* as F_GETFL gives them */
	int32_t handle;    /* FILE_HOST */
	bool flags_known;  /* of the three of the start: the VMM was asked */
	bool watched;      /* it may be in a list of epoll */
	uint32_t vmm_kind; /* FILE_HOST: VMM_FILE_KIND_*; 0: not asked so far */
	uint16_t device;   /* FILE_HOST: device_known() of it */
	uint64_t offset;
	union {
		struct pipe *pipe;
		struct text *text;
		struct event *event;
		struct epoll *epoll;
	};
};

/* A file without users, all zero; NULL: no memory. And back. */
struct file *file_new(void);
void file_discard(struct file *file);

/* The lowest free descriptor from `from` on for a file whose user the descriptor becomes; -EMFILE, -ENOMEM: then the
   user is gone. */
int64_t file_install(struct file *file, int from, bool close_on_exec);

/* The file that was descriptor 0, 1 or 2 at the start. */
struct file *file_of_start(int fd);

/* The three of the start have the host's flags, which nobody asks for until they are needed. */
void file_ask_flags(struct file *file);

void files_close(int fd); /* an open one */
bool files_closes_on_exec(int fd);
int64_t files_set_close_on_exec(int fd, bool close); /* 0 or -ENOMEM */

/* Of a VMM's file: is it the VMM's terminal, or something else that may have to be waited for? */
uint32_t file_vmm_kind(struct file *file);

/* open.c: sets handle of a request whose path is relative to a descriptor, or AT_FDCWD. */
int64_t file_start(struct vmm_file_request *request, int directory);

/* Carries out a request on a path; what only the kernel knows (/proc/self...) is looked up. */
int64_t file_path_request(struct vmm_file_request *request);

/* The same for a path relative to a descriptor, or AT_FDCWD; and for a descriptor's own file of the VMM's. */
int64_t file_request_at(struct vmm_file_request *request, int directory);
int64_t file_request_on(struct vmm_file_request *request, int fd);

/* What the kernel has behind a name that the VMM left to it; NULL: nothing. */
struct file *file_behind(const struct vmm_file_request *request);

static inline bool file_can_read(const struct file *file)
{
	return (file->flags & O_ACCMODE) != O_WRONLY && !(file->flags & O_PATH);
}

static inline bool file_can_write(const struct file *file)
{
	return (file->flags & O_ACCMODE) != O_RDONLY && !(file->flags & O_PATH);
}

/* path.c: 0 if there is such a file, or a negative errno. */
int64_t path_exists(uint64_t path);

/* read_write.c: `offset` is the file's own, or another place to read from. `wait`: until there is something. */
int64_t file_read(struct file *file, uint64_t buffer, uint64_t bytes, uint64_t *offset, bool wait);
int64_t file_write(struct file *file, uint64_t buffer, uint64_t bytes, uint64_t *offset);

/* lseek of one of the VMM's own descriptors. */
int64_t file_seek_standard(const struct file *file, int64_t offset, int whence);

/* Has it places, to seek to? */
static inline bool file_has_offset(const struct file *file)
{
	return file->kind == FILE_HOST || file->kind == FILE_TEXT || file->kind == FILE_FD_LIST;
}

/* What a call that moves data in parts returns after `done` bytes, if the next part gave `result`. */
int64_t file_moved(uint64_t done, int64_t result);

/* pipe.c */
int64_t pipe_read(struct file *file, uint64_t buffer, uint64_t bytes, bool wait);
int64_t pipe_write(struct file *file, uint64_t buffer, uint64_t bytes);

/* Waits until `needed` bytes, at most PIPE_BUF, can be written as one; 0 or why not. */
int64_t pipe_wait_for_room(struct file *file, uint64_t needed);

/* Another file of the same pipe, as open of /proc/self/fd/N makes one; NULL: no memory. */
struct file *pipe_open_again(const struct file *file, uint32_t flags);
int64_t fifo_open(int32_t handle, uint32_t flags, struct file **file); /* the handle is its; it may have to wait */
unsigned pipe_ready(const struct file *file);
void pipe_close(struct file *file);
uint64_t pipe_number(const struct file *file);
uint64_t pipe_waiting(const struct file *file); /* bytes */

/* How often something has changed about a file that one may wait for. */
uint64_t file_changes(const struct file *file);
uint64_t pipe_changes(const struct file *file);

/* device.c: which device has been opened, if it is one whose data the kernel knows; else 0. */
uint16_t device_known(const struct vmm_file_request *opened);

/* Reads or writes such a device, without sleeping; false: the VMM has to be asked. */
bool device_transfer(const struct file *file, uint64_t buffer, uint64_t bytes, bool write, int64_t *result);

/* event.c */
int64_t event_read(struct file *file, uint64_t buffer, uint64_t bytes, bool wait);
int64_t event_write(struct file *file, uint64_t buffer, uint64_t bytes);
unsigned event_ready(const struct file *file);
uint64_t event_changes(const struct file *file);
void event_close(struct file *file);

/* epoll.c */
unsigned epoll_ready(const struct file *file);
void epoll_close(struct file *file);
void epoll_forget(const struct file *file); /* its last user has gone */

/* poll.c: what a file is ready for, of the POLL* that are wanted and more. */
unsigned poll_ready(struct file *file, unsigned wanted);

/* When a timeout of poll ends; negative: never. Has it? One turn of waiting for a change: false: the time has come, or
   a signal. */
uint64_t poll_deadline(int64_t milliseconds);
bool poll_is_over(uint64_t deadline);
bool poll_wait(uint64_t deadline);

/* poll.c: something about a file has changed that somebody may poll for. */
void poll_changed(void);

/* stat.c: struct stat, or struct statx, of what the VMM does not know. */
int64_t stat_own(const struct file *file, uint64_t buffer, bool extended);

/* The same of the link to it in /proc/self/fd. */
int64_t stat_link_to(const struct file *file, uint64_t buffer, bool extended);

/* proc_text.c: a generated file, and its parts. */
int64_t text_open_maps(struct file **file);
int64_t text_read(struct file *file, uint64_t buffer, uint64_t bytes, uint64_t *offset);
void text_close(struct file *file);

/* getdents of /proc/self/fd */
int64_t fd_list_read(struct file *file, uint64_t buffer, uint64_t bytes);

#endif
