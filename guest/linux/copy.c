/* SPDX-License-Identifier: MIT */
/* copy.c: from file to file, by way of a frame of the kernel. */
#include "kernel/user_memory.h"
#include "linux/file.h"
#include "linux/syscall.h"

struct end {
	struct file *file;
	uint64_t *offset; /* the file's own, or &own_offset */
	uint64_t own_offset;
	uint64_t address; /* of the caller's offset; 0: the file's is used */
	bool standard;    /* the file's offset is the VMM's to know; own_offset is a copy of it */
};

/* 0, -EFAULT or -EINVAL */
static int64_t take_offset(struct end *end)
{
	int64_t position;

	end->offset = &end->file->offset;
	end->standard = end->file->kind == FILE_HOST && end->file->handle < STANDARD;
	if (end->address == 0 && !end->standard)
		return 0;
	if (end->address == 0) {
		position = file_seek_standard(end->file, 0, SEEK_CUR);
		end->own_offset = (uint64_t)position;
		end->offset = &end->own_offset;
		return position == -ESPIPE ? -EINVAL : position < 0 ? position : 0;
	}
	if (copy_from_user(&end->own_offset, end->address, sizeof(end->own_offset)) != 0)
		return -EFAULT;
	end->offset = &end->own_offset;
	return (int64_t)end->own_offset < 0 ? -EINVAL : 0;
}

static bool give_offset(const struct end *end)
{
	if (end->address == 0 && end->standard && end->offset == &end->own_offset)
		return file_seek_standard(end->file, (int64_t)end->own_offset, SEEK_SET) >= 0;
	return end->address == 0 || copy_to_user(end->address, &end->own_offset, sizeof(end->own_offset)) == 0;
}

/* The offset to read from goes on by what was written: nothing is lost if that is less. */
static int64_t copy_with(void *page, struct end *from, struct end *to, uint64_t bytes)
{
	uint64_t done = 0;

	while (done < bytes) {
		uint64_t wanted = bytes - done < PAGE_SIZE ? bytes - done : PAGE_SIZE;
		int64_t got = file_read_frame(from->file, *from->offset, page, wanted);
		int64_t put = got > 0 ? file_write(to->file, (uint64_t)page, (uint64_t)got, to->offset) : got;

		if (put < 0)
			return file_moved(done, put);
		*from->offset += (uint64_t)put;
		done += (uint64_t)put;
		if (put < got || (uint64_t)got < wanted)
			break;
	}
	return (int64_t)done;
}

/* Both are held: while the copy waits for room in a pipe, another thread may close their descriptors. */
static int64_t copy(struct end *from, struct end *to, uint64_t bytes)
{
	phys_t frame = frame_take();
	int64_t result;

	if (frame == 0)
		return -ENOMEM;
	file_hold(from->file);
	file_hold(to->file);
	result = copy_with(phys_to_virt(frame), from, to, bytes < MAX_TRANSFER ? bytes : MAX_TRANSFER);
	file_drop(from->file);
	file_drop(to->file);
	frame_drop(frame);
	return give_offset(from) && give_offset(to) ? result : -EFAULT;
}

static bool usable(const struct end *from, const struct end *to)
{
	return from->file != NULL && to->file != NULL && file_can_read(from->file) && file_can_write(to->file);
}

SYSTEM_CALL(sendfile, int out, int in, uint64_t offset, uint64_t bytes)
{
	struct end from = {.file = file_of(in), .address = offset}, to = {.file = file_of(out)};
	int64_t result;

	if (!usable(&from, &to))
		return -EBADF;
	result = take_offset(&from);
	if (result < 0)
		return result;
	if (!file_is_mappable(from.file) || (to.file->flags & O_APPEND))
		return -EINVAL; /* programs go on with read and write */
	to.offset = &to.file->offset;
	return copy(&from, &to, bytes);
}

static bool overlap(const struct end *from, const struct end *to, uint64_t bytes)
{
	return from->file->handle == to->file->handle && *from->offset < *to->offset + bytes &&
	       *to->offset < *from->offset + bytes;
}

SYSTEM_CALL(copy_file_range, int in, uint64_t in_offset, int out, uint64_t out_offset, uint64_t bytes, uint32_t flags)
{
	struct end from = {.file = file_of(in), .address = in_offset};
	struct end to = {.file = file_of(out), .address = out_offset};
	int64_t result;

	if (from.file == NULL || to.file == NULL)
		return -EBADF;
	result = take_offset(&from);
	if (result == 0)
		result = take_offset(&to);
	if (result < 0)
		return result;
	if (flags != 0 || !file_is_mappable(from.file) || !file_is_mappable(to.file))
		return -EINVAL;
	if (!usable(&from, &to) || (to.file->flags & O_APPEND))
		return -EBADF;
	if (bytes > MAX_TRANSFER)
		bytes = MAX_TRANSFER;
	return overlap(&from, &to, bytes) ? -EINVAL : copy(&from, &to, bytes);
}
