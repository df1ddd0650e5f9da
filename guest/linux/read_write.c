/* SPDX-License-Identifier: MIT */
/* read_write.c: moving data between files and user memory. */
#include "kernel/scheduler.h"
#include "kernel/user_memory.h"
#include "linux/file.h"
#include "linux/signal.h"
#include "linux/syscall.h"

#define IOV_MAX       1024
#define CONSOLE_BYTES UINT64_C(0x10000) /* of one hypercall, so that no more pages than these are brought in for it */

static const char input_channel; /* readers of the VMM's descriptors sleep on it */

static uint64_t inputs; /* how often there was some */

uint64_t file_changes(const struct file *file)
{
	if (file->kind == FILE_PIPE_IN || file->kind == FILE_PIPE_OUT)
		return pipe_changes(file);
	return file->kind == FILE_EVENT ? event_changes(file) : inputs;
}

void files_input_ready(void)
{
	inputs++;
	wake(&input_channel);
	poll_changed();
}

int64_t file_moved(uint64_t done, int64_t result)
{
	if (done == 0)
		return result;
	if (result < 0) /* the call has come to something: it does not begin again */
		current()->work &= ~(uint32_t)WORK_RESTART;
	return (int64_t)done;
}

int64_t file_seek_standard(const struct file *file, int64_t offset, int whence)
{
	struct vmm_file_request request = {
		.operation = VMM_FILE_SEEK,
		.handle = file->handle,
		.offset = (uint64_t)offset,
		.mode = (uint32_t)whence,
	};

	return file_request(&request);
}

/* A transfer at request->offset. The VMM's own descriptors are elsewhere, if they can be anywhere: there and back. */
static int64_t transfer_at(const struct file *file, struct vmm_file_request *request)
{
	int64_t before, result;

	if (file->handle >= STANDARD)
		return file_transfer(request);
	before = file_seek_standard(file, 0, SEEK_CUR);
	if (before < 0)
		return before;
	result = file_seek_standard(file, (int64_t)request->offset, SEEK_SET);
	if (result >= 0)
		result = file_transfer(request);
	file_seek_standard(file, before, SEEK_SET);
	return result;
}

static int64_t transfer(struct file *file, struct vmm_file_request *request, uint64_t *offset)
{
	int64_t result;

	request->handle = file->handle;
	request->offset = *offset;
	result = offset == &file->offset ? file_transfer(request) : transfer_at(file, request);
	*offset = request->offset;
	return result;
}

static int64_t read_host(struct file *file, uint64_t buffer, uint64_t bytes, uint64_t *offset, bool wait)
{
	for (;;) {
		struct vmm_file_request request = {.operation = VMM_FILE_READ, .buffer = buffer, .bytes = bytes};
		int64_t result = transfer(file, &request, offset);

		if (result != -EAGAIN || !wait || (file->flags & O_NONBLOCK))
			return result;
		if (signal_waits())
			return interrupted(RESTART_SYS);
		sleep_on(&input_channel, NO_DEADLINE);
	}
}

int64_t file_read(struct file *file, uint64_t buffer, uint64_t bytes, uint64_t *offset, bool wait)
{
	switch (file->kind) {
	case FILE_HOST:
		return read_host(file, buffer, bytes, offset, wait);
	case FILE_PIPE_OUT:
		return pipe_read(file, buffer, bytes, wait);
	case FILE_TEXT:
		return text_read(file, buffer, bytes, offset);
	case FILE_EVENT:
		return event_read(file, buffer, bytes, wait);
	case FILE_SOCKET:
	case FILE_EPOLL:
		return -EINVAL;
	case FILE_FD_LIST:
		return -EISDIR;
	default:
		return -EBADF;
	}
}

/* To what the VMM does not know. */
static int64_t write_own(struct file *file, uint64_t buffer, uint64_t bytes)
{
	switch (file->kind) {
	case FILE_PIPE_IN:
		return pipe_write(file, buffer, bytes);
	case FILE_EVENT:
		return event_write(file, buffer, bytes);
	case FILE_SOCKET:
		return -ENOTCONN;
	case FILE_EPOLL:
		return -EINVAL;
	default:
		return -EBADF;
	}
}

int64_t file_write(struct file *file, uint64_t buffer, uint64_t bytes, uint64_t *offset)
{
	struct vmm_file_request request = {
		.operation = VMM_FILE_WRITE,
		.flags = file->flags & O_APPEND,
		.buffer = buffer,
		.bytes = bytes,
	};
	int64_t result;

	if (file->kind != FILE_HOST)
		return write_own(file, buffer, bytes);
	result = transfer(file, &request, offset);
	if (result == -EPIPE)
		signal_send_thread(current(), &(struct signal_info){.signal = SIGPIPE, .code = SI_KERNEL});
	return result;
}

static bool usable(const struct file *file, bool write)
{
	return file != NULL && (write ? file_can_write(file) : file_can_read(file));
}

static bool is_pipe(const struct file *file)
{
	return file->kind == FILE_PIPE_IN || file->kind == FILE_PIPE_OUT;
}

/* One transfer; `offset` NULL: at the file's own. The file is held meanwhile: while the caller sleeps, another thread
   may close the descriptor. */
static int64_t move(struct file *file, uint64_t buffer, uint64_t bytes, uint64_t *offset, bool write, bool wait)
{
	int64_t result;

	if (!usable(file, write))
		return -EBADF;
	if (!user_range(buffer, bytes))
		return -EFAULT;
	if (bytes > MAX_TRANSFER)
		bytes = MAX_TRANSFER;
	if (file->device != 0 && device_transfer(file, buffer, bytes, write, &result))
		return result;
	if (bytes == 0 && is_pipe(file))
		return 0;
	if (offset == NULL)
		offset = &file->offset;
	file_hold(file);
	result = write ? file_write(file, buffer, bytes, offset) : file_read(file, buffer, bytes, offset, wait);
	file_drop(file);
	return result;
}

SYSTEM_CALL(read, int fd, uint64_t buffer, uint64_t bytes)
{
	return move(file_of(fd), buffer, bytes, NULL, false, true);
}

/* The VMM's output and error output: what most programs write to. */
static bool is_console(const struct file *file)
{
	return file != NULL && file->kind == FILE_HOST && (file->handle == 1 || file->handle == 2) &&
	       file_can_write(file);
}

/* A short write to the console needs no request, and is done with half the instructions; but for what is left of it if
   memory had to be brought in, or something went wrong. */
SYSTEM_CALL(write, int fd, uint64_t buffer, uint64_t bytes)
{
	struct file *file = file_of(fd);
	int64_t done = 0, rest;

	if (bytes - 1 < CONSOLE_BYTES && is_console(file)) {
		done = user_hypercall(VMM_HYPERCALL_CONSOLE_WRITE, (uint64_t)file->handle, buffer, bytes, false);
		if (done == (int64_t)bytes || done == -EFAULT)
			return done;
		if (done < 0)
			done = 0;
	}
	rest = move(file, buffer + (uint64_t)done, bytes - (uint64_t)done, NULL, true, true);
	return rest < 0 ? file_moved((uint64_t)done, rest) : done + rest;
}

static int64_t move_at(int fd, uint64_t buffer, uint64_t bytes, int64_t offset, bool write)
{
	struct file *file = file_of(fd);
	uint64_t at = (uint64_t)offset;

	if (offset < 0)
		return -EINVAL;
	if (file != NULL && !file_has_offset(file))
		return -ESPIPE;
	return move(file, buffer, bytes, &at, write, true);
}

SYSTEM_CALL(pread64, int fd, uint64_t buffer, uint64_t bytes, int64_t offset)
{
	return move_at(fd, buffer, bytes, offset, false);
}

SYSTEM_CALL(pwrite64, int fd, uint64_t buffer, uint64_t bytes, int64_t offset)
{
	return move_at(fd, buffer, bytes, offset, true);
}

/* struct iovec */
struct part {
	uint64_t address, bytes;
};

/* One element of the vector, or a negative errno. */
static int64_t take_part(uint64_t vectors, int index, struct part *part)
{
	int64_t result = copy_from_user(part, vectors + (uint64_t)index * sizeof(*part), sizeof(*part));

	if (result == 0 && (int64_t)part->bytes < 0)
		return -EINVAL;
	return result == 0 && !user_range(part->address, part->bytes) ? -EFAULT : result;
}

/* All of the vector is looked at before anything is moved, as by Linux: how much it is, or a negative errno. */
static int64_t sum_of_parts(uint64_t vectors, int count)
{
	uint64_t sum = 0;
	struct part part;

	if (count < 0 || count > IOV_MAX)
		return -EINVAL;
	for (int i = 0; i < count; i++) {
		int64_t result = take_part(vectors, i, &part);

		if (result < 0)
			return result;
		sum += part.bytes < MAX_TRANSFER - sum ? part.bytes : MAX_TRANSFER - sum;
	}
	return (int64_t)sum;
}

/* `sum` is the rest that may be moved. A part that was moved in part is the last; only the first one is waited for. */
static int64_t move_each(struct file *file, uint64_t vectors, int count, uint64_t sum, uint64_t *offset, bool write)
{
	uint64_t done = 0;

	for (int i = 0; i < count && done < sum; i++) {
		struct part part;
		int64_t result = take_part(vectors, i, &part);

		if (result == 0 && part.bytes > sum - done)
			part.bytes = sum - done;
		if (result == 0 && part.bytes == 0)
			continue;
		if (result == 0)
			result = move(file, part.address, part.bytes, offset, write, done == 0);
		if (result < 0)
			return file_moved(done, result);
		done += (uint64_t)result;
		if ((uint64_t)result < part.bytes)
			break;
	}
	return (int64_t)done;
}

static int64_t move_parts(int fd, uint64_t vectors, int count, uint64_t *offset, bool write)
{
	struct file *file = file_of(fd);
	int64_t sum, result = 0;

	if (!usable(file, write))
		return -EBADF;
	if (offset != NULL && !file_has_offset(file))
		return -ESPIPE;
	sum = sum_of_parts(vectors, count);
	if (sum <= 0)
		return sum;
	file_hold(file);
	if (file->kind == FILE_PIPE_IN && sum <= (int64_t)PIPE_BUF) /* then it is not mixed with what others write */
		result = pipe_wait_for_room(file, (uint64_t)sum);
	if (result == 0)
		result = move_each(file, vectors, count, (uint64_t)sum, offset, write);
	file_drop(file);
	return result;
}

SYSTEM_CALL(readv, int fd, uint64_t vectors, int count)
{
	return move_parts(fd, vectors, count, NULL, false);
}

SYSTEM_CALL(writev, int fd, uint64_t vectors, int count)
{
	return move_parts(fd, vectors, count, NULL, true);
}

SYSTEM_CALL(preadv, int fd, uint64_t vectors, int count, uint64_t offset)
{
	return (int64_t)offset < 0 ? -EINVAL : move_parts(fd, vectors, count, &offset, false);
}

SYSTEM_CALL(pwritev, int fd, uint64_t vectors, int count, uint64_t offset)
{
	return (int64_t)offset < 0 ? -EINVAL : move_parts(fd, vectors, count, &offset, true);
}

int64_t file_read_frame(struct file *file, uint64_t offset, void *to, uint64_t bytes)
{
	struct vmm_file_request request = {.operation = VMM_FILE_READ, .buffer = (uint64_t)to, .bytes = bytes};

	return file->kind == FILE_HOST ? transfer(file, &request, &offset) : -EINVAL;
}
