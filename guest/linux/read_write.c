/* SPDX-License-Identifier: MIT */
/* read_write.c: moving data between files and user memory. */
#include "kernel/memory.h"
#include "kernel/scheduler.h"
#include "kernel/user_memory.h"
#include "linux/file.h"
#include "linux/signal.h"
#include "linux/syscall.h"

#define IOV_MAX  1024
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2

static bool can_read(const struct file *file)
{
	return (file->flags & O_ACCMODE) != O_WRONLY && !(file->flags & O_PATH);
}

static bool can_write(const struct file *file)
{
	return (file->flags & O_ACCMODE) != O_RDONLY && !(file->flags & O_PATH);
}

static const char input_channel; /* readers of the VMM's descriptors sleep on it */

void files_input_ready(void)
{
	wake(&input_channel);
	poll_changed();
}

static int64_t read_host(struct file *file, uint64_t buffer, uint64_t bytes, uint64_t *offset)
{
	for (;;) {
		struct vmm_file_request request = {
			.operation = VMM_FILE_READ,
			.handle = file->handle,
			.buffer = buffer,
			.bytes = bytes,
			.offset = *offset,
		};
		int64_t result = file_transfer(&request);

		if (result != -EAGAIN) {
			*offset = request.offset;
			return result;
		}
		if (file->flags & O_NONBLOCK)
			return -EAGAIN;
		if (signal_waits())
			return interrupted(RESTART_SYS);
		sleep_on(&input_channel, NO_DEADLINE);
	}
}

int64_t file_read(struct file *file, uint64_t buffer, uint64_t bytes, uint64_t *offset)
{
	switch (file->kind) {
	case FILE_HOST:
		return read_host(file, buffer, bytes, offset);
	case FILE_PIPE_OUT:
		return pipe_read(file, buffer, bytes);
	case FILE_TEXT:
		return text_read(file, buffer, bytes, offset);
	case FILE_FD_LIST:
		return -EISDIR;
	default:
		return -EBADF;
	}
}

int64_t file_write(struct file *file, uint64_t buffer, uint64_t bytes, uint64_t *offset)
{
	struct vmm_file_request request = {
		.operation = VMM_FILE_WRITE,
		.handle = file->handle,
		.flags = file->flags & O_APPEND,
		.buffer = buffer,
		.bytes = bytes,
		.offset = *offset,
	};
	int64_t result;

	if (file->kind == FILE_PIPE_IN)
		return pipe_write(file, buffer, bytes);
	if (file->kind != FILE_HOST)
		return -EBADF;
	result = file_transfer(&request);
	*offset = request.offset;
	if (result == -EPIPE)
		signal_send_thread(current(), &(struct signal_info){.signal = SIGPIPE, .code = SI_KERNEL});
	return result;
}

/* One transfer; `offset` NULL: at the file's own. */
static int64_t move(int fd, uint64_t buffer, uint64_t bytes, uint64_t *offset, bool write)
{
	struct file *file = file_of(fd);

	if (file == NULL || !(write ? can_write(file) : can_read(file)))
		return -EBADF;
	if (!user_range(buffer, bytes))
		return -EFAULT;
	if (bytes > MAX_TRANSFER)
		bytes = MAX_TRANSFER;
	if (bytes == 0 && file->kind != FILE_HOST)
		return 0;
	if (offset == NULL)
		offset = &file->offset;
	return write ? file_write(file, buffer, bytes, offset) : file_read(file, buffer, bytes, offset);
}

/* File and offset live on while the caller sleeps: another thread may close the descriptor. */
static int64_t move_held(int fd, uint64_t buffer, uint64_t bytes, uint64_t *offset, bool write)
{
	struct file *file = file_of(fd);
	int64_t result;

	file_hold(file);
	result = move(fd, buffer, bytes, offset, write);
	file_drop(file);
	return result;
}

SYSTEM_CALL(read, int fd, uint64_t buffer, uint64_t bytes)
{
	return move_held(fd, buffer, bytes, NULL, false);
}

SYSTEM_CALL(write, int fd, uint64_t buffer, uint64_t bytes)
{
	return move_held(fd, buffer, bytes, NULL, true);
}

static int64_t move_at(int fd, uint64_t buffer, uint64_t bytes, int64_t offset, bool write)
{
	const struct file *file = file_of(fd);
	uint64_t at = (uint64_t)offset;

	if (offset < 0)
		return -EINVAL;
	if (file != NULL && (file->kind == FILE_PIPE_IN || file->kind == FILE_PIPE_OUT))
		return -ESPIPE;
	return move_held(fd, buffer, bytes, &at, write);
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

/* All of the vector is looked at before anything is moved, as by Linux. */
static int64_t move_parts(int fd, uint64_t vectors, int count, uint64_t *offset, bool write)
{
	const struct file *file = file_of(fd);
	int64_t result = 0, moved = 0;
	struct part part;

	if (file == NULL || !(write ? can_write(file) : can_read(file)))
		return -EBADF;
	if (count < 0 || count > IOV_MAX)
		return -EINVAL;
	for (int i = 0; i < count && result == 0; i++)
		result = take_part(vectors, i, &part);
	for (int i = 0; i < count && result == 0; i++) {
		result = take_part(vectors, i, &part);
		if (result == 0 && part.bytes == 0)
			continue;
		if (result == 0)
			result = move_held(fd, part.address, part.bytes, offset, write);
		if (result < 0)
			break;
		moved += result;
		result = (uint64_t)result < part.bytes; /* then it is the last */
	}
	return result < 0 && moved == 0 ? result : moved;
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

static int64_t size_of(const struct file *file)
{
	struct vmm_file_request request = {.operation = VMM_FILE_SIZE, .handle = file->handle};

	return file->kind == FILE_HOST ? file_request(&request) : 0;
}

static int64_t seek_standard(const struct file *file, int64_t offset, int whence)
{
	struct vmm_file_request request = {.operation = VMM_FILE_SEEK,
					   .handle = file->handle,
					   .offset = (uint64_t)offset,
					   .mode = (uint32_t)whence};

	return file_request(&request);
}

SYSTEM_CALL(lseek, int fd, int64_t offset, int whence)
{
	struct file *file = file_of(fd);
	int64_t base = 0;

	if (file == NULL)
		return -EBADF;
	if (file->kind == FILE_PIPE_IN || file->kind == FILE_PIPE_OUT || file->flags & O_PATH)
		return file->flags & O_PATH ? -EBADF : -ESPIPE;
	if (file->kind == FILE_HOST && file->handle < 3)
		return seek_standard(file, offset, whence);
	if (file->kind == FILE_HOST && file_vmm_kind(file) != VMM_FILE_KIND_REGULAR &&
	    file_vmm_kind(file) != VMM_FILE_KIND_DIRECTORY && file_vmm_kind(file) != VMM_FILE_KIND_DEVICE)
		return -ESPIPE;
	if (whence == SEEK_CUR)
		base = (int64_t)file->offset;
	else if (whence == SEEK_END)
		base = size_of(file);
	else if (whence != SEEK_SET)
		return -EINVAL;
	if (base < 0)
		return base;
	if (__builtin_add_overflow(base, offset, &offset))
		return -EOVERFLOW;
	if (offset < 0)
		return -EINVAL;
	file->offset = (uint64_t)offset;
	return offset;
}

SYSTEM_CALL(getdents64, int fd, uint64_t buffer, uint64_t bytes)
{
	struct file *file = file_of(fd);
	struct vmm_file_request request = {.operation = VMM_FILE_GETDENTS, .buffer = buffer, .bytes = bytes};
	int64_t result;

	if (file == NULL)
		return -EBADF;
	if (!user_range(buffer, bytes))
		return -EFAULT;
	if (file->kind == FILE_FD_LIST)
		return fd_list_read(file, buffer, bytes);
	if (file->kind != FILE_HOST)
		return -ENOTDIR;
	request.handle = file->handle;
	request.offset = file->offset;
	result = file_request(&request);
	if (result >= 0)
		file->offset = request.offset;
	return result;
}

/* From file to file, by way of a frame of the kernel. */
static int64_t copy_between(struct file *from, uint64_t *from_offset, struct file *to, uint64_t *to_offset,
			    uint64_t bytes)
{
	phys_t frame = frame_take();
	uint64_t address = (uint64_t)phys_to_virt(frame);
	int64_t done = 0;

	if (frame == 0)
		return -ENOMEM;
	while (bytes > 0) {
		uint64_t at = *from_offset;
		int64_t got = file_read_frame(from, at, (void *)address, bytes < PAGE_SIZE ? bytes : PAGE_SIZE);
		int64_t put = got > 0 ? file_write(to, address, (uint64_t)got, to_offset) : got;

		if (put <= 0) {
			done = done > 0 ? done : put;
			break;
		}
		*from_offset = at + (uint64_t)put;
		done += put;
		bytes -= (uint64_t)put;
		if (put < got || got < (int64_t)PAGE_SIZE)
			break;
	}
	frame_drop(frame);
	return done;
}

SYSTEM_CALL(sendfile, int out, int in, uint64_t offset_address, uint64_t bytes)
{
	struct file *from = file_of(in), *to = file_of(out);
	uint64_t offset;
	int64_t result;

	if (from == NULL || to == NULL || !can_read(from) || !can_write(to))
		return -EBADF;
	if (!file_is_mappable(from) || (to->flags & O_APPEND))
		return -EINVAL;
	if (offset_address == 0)
		return copy_between(from, &from->offset, to, &to->offset, bytes);
	if (copy_from_user(&offset, offset_address, sizeof(offset)) != 0)
		return -EFAULT;
	result = copy_between(from, &offset, to, &to->offset, bytes);
	return copy_to_user(offset_address, &offset, sizeof(offset)) != 0 ? -EFAULT : result;
}

SYSTEM_CALL(copy_file_range, int in, uint64_t in_address, int out, uint64_t out_address, uint64_t bytes, uint32_t flags)
{
	struct file *from = file_of(in), *to = file_of(out);
	uint64_t in_offset, out_offset;
	int64_t result;

	if (from == NULL || to == NULL || !can_read(from) || !can_write(to) || (to->flags & O_APPEND))
		return -EBADF;
	if (flags != 0 || !file_is_mappable(from) || !file_is_mappable(to))
		return -EINVAL;
	in_offset = from->offset;
	out_offset = to->offset;
	if ((in_address != 0 && copy_from_user(&in_offset, in_address, sizeof(in_offset)) != 0) ||
	    (out_address != 0 && copy_from_user(&out_offset, out_address, sizeof(out_offset)) != 0))
		return -EFAULT;
	result = copy_between(from, &in_offset, to, &out_offset, bytes);
	if (in_address == 0)
		from->offset = in_offset;
	if (out_address == 0)
		to->offset = out_offset;
	if ((in_address != 0 && copy_to_user(in_address, &in_offset, sizeof(in_offset)) != 0) ||
	    (out_address != 0 && copy_to_user(out_address, &out_offset, sizeof(out_offset)) != 0))
		return -EFAULT;
	return result;
}

int64_t file_read_frame(struct file *file, uint64_t offset, void *to, uint64_t bytes)
{
	struct vmm_file_request request = {
		.operation = VMM_FILE_READ,
		.handle = file->handle,
		.buffer = (uint64_t)to,
		.bytes = bytes,
		.offset = offset,
	};

	return file->kind == FILE_HOST ? file_transfer(&request) : -EINVAL;
}
