/* SPDX-License-Identifier: MIT */
/* ioctl.c: terminals, and the few calls that every file has. The settings are the VMM's terminal's own. */
#include "kernel/user_memory.h"
#include "linux/file.h"
#include "linux/syscall.h"

#define TCGETS     0x5401
#define TCSETS     0x5402
#define TCSETSW    0x5403
#define TCSETSF    0x5404
#define TIOCGPGRP  0x540f
#define TIOCSPGRP  0x5410
#define TIOCGWINSZ 0x5413
#define FIONREAD   0x541b
#define FIONBIO    0x5421
#define TIOCGSID   0x5429
#define FIONCLEX   0x5450
#define FIOCLEX    0x5451
#define TCSBRK     0x5409
#define TCXONC     0x540a
#define TCFLSH     0x540b

static uint32_t foreground = INIT_PID;

uint32_t terminal_foreground(void)
{
	return foreground;
}

static int64_t control(struct file *file, uint32_t request, uint64_t address)
{
	struct vmm_file_request ask = {
		.operation = VMM_FILE_CONTROL,
		.handle = file->handle,
		.flags = request,
		.buffer = address,
		.bytes = request == FIONREAD     ? 4
			 : request == TIOCGWINSZ ? 8
						 : 36, /* int, winsize, termios */
	};

	if (file->kind != FILE_HOST)
		return -ENOTTY;
	return user_range(address, ask.bytes) ? file_request(&ask) : -EFAULT;
}

static int64_t of_terminal(uint32_t request, uint64_t address)
{
	uint32_t value = request == TIOCGSID ? process_session(current_process()) : foreground;

	if (request != TIOCSPGRP)
		return copy_to_user(address, &value, sizeof(value));
	if (copy_from_user(&value, address, sizeof(value)) != 0)
		return -EFAULT;
	if ((int32_t)value <= 0)
		return -EINVAL;
	foreground = value;
	return 0;
}

static int64_t bytes_waiting(struct file *file, uint64_t address)
{
	struct vmm_file_request size = {.operation = VMM_FILE_SIZE, .handle = file->handle};
	int64_t bytes;
	int32_t count;

	if (file->kind == FILE_PIPE_IN || file->kind == FILE_PIPE_OUT) {
		bytes = (int64_t)pipe_waiting(file);
	} else if (file->kind == FILE_HOST && file->handle < STANDARD) {
		return control(file, FIONREAD, address);
	} else if (file_is_mappable(file)) {
		bytes = file_request(&size);
		if (bytes < 0)
			return bytes;
		bytes -= (int64_t)file->offset;
	} else {
		return -ENOTTY;
	}
	count = (int32_t)bytes;
	return copy_to_user(address, &count, sizeof(count));
}

static int64_t set_blocking(struct file *file, uint64_t address)
{
	int32_t on;

	if (copy_from_user(&on, address, sizeof(on)) != 0)
		return -EFAULT;
	file->flags = on ? file->flags | O_NONBLOCK : file->flags & ~(uint32_t)O_NONBLOCK;
	return 0;
}

SYSTEM_CALL(ioctl, int fd, uint32_t request, uint64_t argument)
{
	struct file *file = file_of(fd);

	if (file == NULL || (file->flags & O_PATH))
		return -EBADF;
	switch (request) {
	case TCGETS:
	case TCSETS:
	case TCSETSW:
	case TCSETSF:
	case TIOCGWINSZ:
		return control(file, request, argument);
	case TIOCGPGRP:
	case TIOCSPGRP:
	case TIOCGSID:
		return file_vmm_kind(file) == VMM_FILE_KIND_TERMINAL ? of_terminal(request, argument) : -ENOTTY;
	case TCSBRK: /* what was written has gone out; there is nothing else to wait for, or to flush */
	case TCXONC:
	case TCFLSH:
		return file_vmm_kind(file) == VMM_FILE_KIND_TERMINAL ? 0 : -ENOTTY;
	case FIONREAD:
		return bytes_waiting(file, argument);
	case FIONBIO:
		return set_blocking(file, argument);
	case FIOCLEX:
	case FIONCLEX:
		return files_set_close_on_exec(fd, request == FIOCLEX);
	default:
		return -ENOTTY;
	}
}
