/* SPDX-License-Identifier: MIT */
/* pipe.c: a ring of frames between those who write and those who read. */
#include "kernel/memory.h"
#include "kernel/pool.h"
#include "kernel/scheduler.h"
#include "kernel/user_memory.h"
#include "linux/file.h"
#include "linux/signal.h"
#include "linux/syscall.h"

struct pipe {
	uint64_t number;
	uint64_t read, written;    /* bytes since the beginning; what lies between waits */
	uint64_t changes;          /* how many */
	unsigned readers, writers; /* files, not processes */
	void *frames[PIPE_FRAMES]; /* NULL: not needed so far */
	/* of a FIFO: */
	struct pipe *next; /* in `fifos` */
	struct file_identity identity;
	unsigned read_openings, write_openings;
};

static struct pipe *fifos; /* those that somebody has open */

static struct pool pool = POOL_OF(struct pipe);

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static void changed(struct pipe *pipe)
{
	pipe->changes++;
	wake(pipe);
	poll_changed();
}

/* sendfile writes from the kernel's own memory. */
static int64_t copy_in(void *to, uint64_t from, uint64_t bytes)
{
	if (from >= KERNEL_HALF) {
		(memcpy)(to, (const void *)from, bytes);
		return 0;
	}
	return copy_from_user(to, from, bytes);
}

/* Moves bytes between the ring and memory, up to the end of a frame; a count, -EFAULT or -ENOMEM. */
static int64_t move(struct pipe *pipe, uint64_t position, uint64_t address, uint64_t bytes, bool in)
{
	uint64_t offset = position % PAGE_SIZE, part = least(bytes, PAGE_SIZE - offset);
	void **frame = &pipe->frames[position / PAGE_SIZE % PIPE_FRAMES];
	char *place;

	if (*frame == NULL) {
		phys_t fresh = frame_take();

		if (fresh == 0)
			return -ENOMEM;
		*frame = phys_to_virt(fresh);
	}
	place = (char *)*frame + offset;
	if ((in ? copy_in(place, address, part) : copy_to_user(address, place, part)) != 0)
		return -EFAULT;
	return (int64_t)part;
}

int64_t pipe_read(struct file *file, uint64_t buffer, uint64_t bytes, bool wait)
{
	struct pipe *pipe = file->pipe;
	uint64_t done = 0;
	int64_t result = 0;

	while (pipe->written == pipe->read) {
		if (pipe->writers == 0)
			return 0;
		if (!wait || (file->flags & O_NONBLOCK))
			return -EAGAIN;
		if (signal_waits())
			return interrupted(RESTART_SYS);
		sleep_on(pipe, NO_DEADLINE);
	}
	bytes = least(bytes, pipe->written - pipe->read);
	while (done < bytes) {
		result = move(pipe, pipe->read, buffer + done, bytes - done, false);
		if (result < 0)
			break;
		pipe->read += (uint64_t)result;
		done += (uint64_t)result;
	}
	if (done > 0)
		changed(pipe);
	return done > 0 ? (int64_t)done : result;
}

int64_t pipe_wait_for_room(struct file *file, uint64_t needed)
{
	struct pipe *pipe = file->pipe;

	for (;;) {
		if (pipe->readers == 0) {
			signal_send_thread(current(), &(struct signal_info){.signal = SIGPIPE, .code = SI_KERNEL});
			return -EPIPE;
		}
		if (PIPE_BYTES - (pipe->written - pipe->read) >= needed)
			return 0;
		if (file->flags & O_NONBLOCK)
			return -EAGAIN;
		if (signal_waits())
			return interrupted(RESTART_SYS);
		sleep_on(pipe, NO_DEADLINE);
	}
}

/* Puts in what fits, over the ends of frames; a count, or why nothing did. */
static int64_t fill(struct pipe *pipe, uint64_t buffer, uint64_t bytes)
{
	uint64_t done = 0, limit = least(bytes, PIPE_BYTES - (pipe->written - pipe->read));
	int64_t result = 0;

	while (done < limit && result >= 0) {
		result = move(pipe, pipe->written, buffer + done, limit - done, true);
		if (result > 0) {
			pipe->written += (uint64_t)result;
			done += (uint64_t)result;
		}
	}
	return done > 0 ? (int64_t)done : result;
}

int64_t pipe_write(struct file *file, uint64_t buffer, uint64_t bytes)
{
	struct pipe *pipe = file->pipe;
	uint64_t done = 0;

	while (done < bytes) {
		int64_t result = pipe_wait_for_room(file, bytes <= PIPE_BUF ? bytes : 1);

		if (result == 0)
			result = fill(pipe, buffer + done, bytes - done);
		if (result < 0)
			return file_moved(done, result);
		done += (uint64_t)result;
		changed(pipe);
		if (bytes <= PIPE_BUF) /* the rest of it is nowhere */
			break;
	}
	return (int64_t)done;
}

unsigned pipe_ready(const struct file *file)
{
	const struct pipe *pipe = file->pipe;

	if (file->kind == FILE_PIPE_OUT)
		return (pipe->written != pipe->read ? POLLIN : 0) | (pipe->writers == 0 ? POLLHUP : 0);
	return (PIPE_BYTES - (pipe->written - pipe->read) >= PIPE_BUF ? POLLOUT : 0) |
	       (pipe->readers == 0 ? POLLERR : 0);
}

uint64_t pipe_number(const struct file *file)
{
	return file->pipe->number;
}

uint64_t pipe_changes(const struct file *file)
{
	return file->pipe->changes;
}

uint64_t pipe_waiting(const struct file *file)
{
	return file->pipe->written - file->pipe->read;
}

static void free_pipe(struct pipe *pipe)
{
	for (struct pipe **link = &fifos; *link != NULL; link = &(*link)->next)
		if (*link == pipe) {
			*link = pipe->next;
			break;
		}
	for (int i = 0; i < PIPE_FRAMES; i++)
		if (pipe->frames[i] != NULL)
			frame_drop(virt_to_phys(pipe->frames[i]));
	pool_put(&pool, pipe);
}

void pipe_close(struct file *file)
{
	struct pipe *pipe = file->pipe;

	if (file->handle > 0)
		request_close(file->handle);
	if (file->kind == FILE_PIPE_OUT)
		pipe->readers--;
	else
		pipe->writers--;
	if (pipe->readers + pipe->writers > 0) {
		changed(pipe);
		return;
	}
	free_pipe(pipe);
}

static struct file *new_end(struct pipe *pipe, enum file_kind kind, uint32_t flags)
{
	struct file *file = file_new();

	if (file == NULL)
		return NULL;
	file->users = 1;
	file->kind = kind;
	file->flags = flags;
	file->pipe = pipe;
	if (kind == FILE_PIPE_OUT)
		pipe->readers++;
	else
		pipe->writers++;
	return file;
}

struct file *pipe_open_again(const struct file *file, uint32_t flags)
{
	enum file_kind kind = (flags & O_ACCMODE) == O_WRONLY ? FILE_PIPE_IN : FILE_PIPE_OUT;

	return new_end(file->pipe, kind, (flags & (O_ACCMODE | O_NONBLOCK)) | O_LARGEFILE);
}

/* Both ends; false: no memory. */
static bool make_pipe(uint32_t flags, struct file *ends[2])
{
	static uint64_t last_number = 1000;
	struct pipe *pipe = pool_take(&pool);

	if (pipe == NULL)
		return false;
	memset(pipe, 0, sizeof(*pipe));
	pipe->number = ++last_number;
	ends[0] = new_end(pipe, FILE_PIPE_OUT, O_RDONLY | (flags & O_NONBLOCK));
	if (ends[0] == NULL) {
		pool_put(&pool, pipe);
		return false;
	}
	ends[1] = new_end(pipe, FILE_PIPE_IN, O_WRONLY | (flags & O_NONBLOCK));
	if (ends[1] == NULL)
		file_drop(ends[0]);
	return ends[1] != NULL;
}

/* The pipe of a FIFO, which is the same one for all who have it open. NULL: no memory. */
static struct pipe *find_fifo(const struct file_identity *identity)
{
	struct pipe *pipe = fifos;

	while (pipe != NULL && (pipe->identity.device != identity->device || pipe->identity.number != identity->number))
		pipe = pipe->next;
	if (pipe != NULL)
		return pipe;
	pipe = pool_take(&pool);
	if (pipe == NULL)
		return NULL;
	memset(pipe, 0, sizeof(*pipe));
	pipe->identity = *identity;
	pipe->number = identity->number;
	pipe->next = fifos;
	fifos = pipe;
	return pipe;
}

/* Waits until somebody has opened the other end, even if that one has closed it again since. */
static int64_t wait_for_other_end(const struct file *file)
{
	struct pipe *pipe = file->pipe;
	bool reads = file->kind == FILE_PIPE_OUT;
	const unsigned *others = reads ? &pipe->writers : &pipe->readers;
	const unsigned *openings = reads ? &pipe->write_openings : &pipe->read_openings;
	unsigned before = *openings;

	if (file->flags & O_NONBLOCK)
		return reads || *others > 0 ? 0 : -ENXIO;
	while (*others == 0 && *openings == before) {
		if (signal_waits())
			return interrupted(RESTART_SYS);
		sleep_on(pipe, NO_DEADLINE);
	}
	return 0;
}

/* O_RDWR, which POSIX leaves undefined for FIFOs, is not there: a file is one end of a pipe. */
int64_t fifo_open(int32_t handle, uint32_t flags, struct file **file)
{
	struct file name = {.users = 1, .handle = handle};
	bool reads = (flags & O_ACCMODE) == O_RDONLY;
	struct file_identity identity;
	struct pipe *pipe = NULL;
	int64_t error = reads || (flags & O_ACCMODE) == O_WRONLY ? mapped_file_identify(&name, &identity) : -EOPNOTSUPP;

	if (error == 0) {
		pipe = find_fifo(&identity);
		error = -ENOMEM;
	}
	*file = pipe != NULL ? new_end(pipe, reads ? FILE_PIPE_OUT : FILE_PIPE_IN,
				       (flags & (O_ACCMODE | O_NONBLOCK)) | O_LARGEFILE)
			     : NULL;
	if (*file == NULL) {
		request_close(handle);
		if (pipe != NULL && pipe->readers + pipe->writers == 0)
			free_pipe(pipe);
		return error;
	}
	(*file)->handle = handle;
	++*(reads ? &pipe->read_openings : &pipe->write_openings);
	changed(pipe);
	error = wait_for_other_end(*file);
	if (error != 0)
		file_drop(*file);
	return error;
}

SYSTEM_CALL(pipe2, uint64_t address, uint32_t flags)
{
	struct file *ends[2];
	int64_t fds[2];
	int32_t result[2];

	if (flags & ~(uint32_t)(O_CLOEXEC | O_NONBLOCK))
		return -EINVAL; /* also for O_DIRECT: there are no packets */
	if (!make_pipe(flags, ends))
		return -ENOMEM;
	fds[0] = file_install(ends[0], 0, flags & O_CLOEXEC);
	if (fds[0] < 0) {
		file_drop(ends[1]);
		return fds[0];
	}
	fds[1] = file_install(ends[1], 0, flags & O_CLOEXEC);
	if (fds[1] < 0) {
		files_close((int)fds[0]);
		return fds[1];
	}
	result[0] = (int32_t)fds[0];
	result[1] = (int32_t)fds[1];
	if (copy_to_user(address, result, sizeof(result)) == 0)
		return 0;
	files_close((int)fds[0]);
	files_close((int)fds[1]);
	return -EFAULT;
}

SYSTEM_CALL(pipe, uint64_t address)
{
	return sys_pipe2(address, 0);
}
