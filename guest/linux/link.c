/* SPDX-License-Identifier: MIT */
/* link.c: where symbolic links lead, also those of /proc/self, which the kernel knows. */
#include "kernel/user_memory.h"
#include "linux/file.h"
#include "linux/syscall.h"

/* "pipe:[N]", without NUL; the length. */
static int64_t pipe_name(const struct file *file, char *text)
{
	static const char start[] = "pipe:[";
	uint64_t number = pipe_number(file);
	int64_t length = 0;
	char digits[20];
	int count = 0;

	while (start[length] != '\0') {
		text[length] = start[length];
		length++;
	}
	do
		digits[count++] = (char)('0' + number % 10);
	while ((number /= 10) != 0);
	while (count > 0)
		text[length++] = digits[--count];
	text[length++] = ']';
	return length;
}

static int64_t other_name(const struct file *file, char *page)
{
	static const char *const names[] = {
		[FILE_SOCKET] = "socket:[1]",
		[FILE_EVENT] = "anon_inode:[eventfd]",
		[FILE_EPOLL] = "anon_inode:[eventpoll]",
		[FILE_TEXT] = "/proc/self/maps",
		[FILE_FD_LIST] = "/proc/self/fd",
	};
	const char *name = names[file->kind];
	int64_t length = 0;

	while (name[length] != '\0') {
		page[length] = name[length];
		length++;
	}
	return length;
}

/* What the link of a file says, in a page; NULL: the root directory. The length or a negative errno. */
static int64_t name_of(struct file *file, char *page)
{
	if (file == NULL) {
		page[0] = '/';
		return 1;
	}
	if (file->kind == FILE_PIPE_IN || file->kind == FILE_PIPE_OUT)
		return pipe_name(file, page);
	return file->kind == FILE_HOST ? file_path(file, page, PAGE_SIZE) : other_name(file, page);
}

/* What does not fit is cut off. */
static int64_t read_own_link(const struct vmm_file_request *request)
{
	struct file *file = file_behind(request);
	phys_t frame;
	int64_t length;

	if (file == NULL && request->kind != VMM_FILE_KIND_SELF_CWD)
		return -ENOENT;
	frame = frame_take();
	if (frame == 0)
		return -ENOMEM;
	length = name_of(file, phys_to_virt(frame));
	if (length > (int64_t)request->bytes)
		length = (int64_t)request->bytes;
	if (length >= 0 && copy_to_user(request->buffer, phys_to_virt(frame), (uint64_t)length) != 0)
		length = -EFAULT;
	frame_drop(frame);
	return length;
}

SYSTEM_CALL(readlinkat, int directory, uint64_t path, uint64_t buffer, int bytes)
{
	struct vmm_file_request request = {
		.operation = VMM_FILE_READLINK, .path = path, .buffer = buffer, .bytes = (uint64_t)bytes};
	const struct file *file = file_of(directory);
	char first = '/';
	int64_t result;

	if (bytes <= 0)
		return -EINVAL;
	if (!user_range(buffer, request.bytes))
		return -EFAULT;
	if (file != NULL && (file->flags & O_PATH) && copy_from_user(&first, path, 1) != 0)
		return -EFAULT;
	result = first == '\0' ? 0 : file_start(&request, directory);
	if (first == '\0') { /* the link itself was opened */
		request.path = 0;
		request.handle = file->handle;
	}
	if (result == 0)
		result = file_request(&request);
	return result == -EREMOTE ? read_own_link(&request) : result;
}

SYSTEM_CALL(readlink, uint64_t path, uint64_t buffer, int bytes)
{
	return sys_readlinkat(AT_FDCWD, path, buffer, bytes);
}
