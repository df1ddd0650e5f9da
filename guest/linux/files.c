/* SPDX-License-Identifier: MIT */
/*
 * files.c: descriptors. Each process has a table of them, in chunks that are made when they are needed; a process that
 * has only the three of the start has none.
 */
#include "kernel/memory.h"
#include "kernel/pool.h"
#include "kernel/user_memory.h"
#include "linux/file.h"
#include "linux/request.h"
#include "linux/syscall.h"

#define CHUNK  512 /* descriptors, one frame */
#define CHUNKS (DESCRIPTORS / CHUNK)

struct files {
	struct file **chunks[CHUNKS];
	uint64_t close_on_exec[DESCRIPTORS / 64];
	int end;  /* one more than the highest that was ever open */
	int used; /* none below is free */
};

/* The VMM's own three: they are never closed. */
static struct file standard[] = {
	{.users = 1, .handle = 0, .flags = O_RDWR},
	{.users = 1, .handle = 1, .flags = O_RDWR},
	{.users = 1, .handle = 2, .flags = O_RDWR},
};
static struct pool file_pool = POOL_OF(struct file), files_pool = POOL_OF(struct files);

struct file *file_new(void)
{
	struct file *file = pool_take(&file_pool);

	if (file != NULL)
		*file = (struct file){0};
	return file;
}

void file_discard(struct file *file)
{
	pool_put(&file_pool, file);
}

void file_hold(struct file *file)
{
	if (file != NULL)
		file->users++;
}

void file_drop(struct file *file)
{
	if (file == NULL || --file->users > 0)
		return;
	if (file->watched)
		epoll_forget(file);
	switch (file->kind) {
	case FILE_HOST:
		request_close(file->handle);
		break;
	case FILE_PIPE_OUT:
	case FILE_PIPE_IN:
		pipe_close(file);
		break;
	case FILE_TEXT:
		text_close(file);
		break;
	case FILE_EVENT:
		event_close(file);
		break;
	case FILE_EPOLL:
		epoll_close(file);
		break;
	case FILE_SOCKET:
	case FILE_FD_LIST:
		break;
	}
	pool_put(&file_pool, file);
}

struct file *file_of(int fd)
{
	const struct files *files = current_process()->linux_state.files;

	if (files == NULL)
		return fd >= 0 && fd < 3 ? &standard[fd] : NULL;
	return fd >= 0 && fd < files->end ? files->chunks[fd / CHUNK][fd % CHUNK] : NULL;
}

/* The place of a descriptor, made if there is none; NULL: no memory. */
static struct file **place_of(struct files *files, int fd)
{
	if (files->chunks[fd / CHUNK] == NULL) {
		phys_t frame = frame_take_zeroed();

		if (frame == 0)
			return NULL;
		files->chunks[fd / CHUNK] = phys_to_virt(frame);
	}
	return &files->chunks[fd / CHUNK][fd % CHUNK];
}

static void free_files(struct files *files)
{
	for (int i = 0; i < CHUNKS; i++)
		if (files->chunks[i] != NULL)
			frame_drop(virt_to_phys(files->chunks[i]));
	pool_put(&files_pool, files);
}

/* A table of its own for a process that has had the start's so far. */
static struct files *files_of_its_own(void)
{
	struct linux_process *state = &current_process()->linux_state;
	struct files *files = state->files;

	if (files != NULL)
		return files;
	files = pool_take(&files_pool);
	if (files == NULL)
		return NULL;
	*files = (struct files){.end = 3, .used = 3};
	if (place_of(files, 0) == NULL) {
		pool_put(&files_pool, files);
		return NULL;
	}
	for (int fd = 0; fd < 3; fd++) {
		files->chunks[0][fd] = &standard[fd];
		standard[fd].users++;
	}
	state->files = files;
	return files;
}

static void set_close_on_exec(struct files *files, int fd, bool close)
{
	uint64_t bit = UINT64_C(1) << fd % 64;

	if (close)
		files->close_on_exec[fd / 64] |= bit;
	else
		files->close_on_exec[fd / 64] &= ~bit;
}

static bool closes_on_exec(const struct files *files, int fd)
{
	return files != NULL && (files->close_on_exec[fd / 64] >> fd % 64 & 1);
}

static void put(struct files *files, struct file **place, int fd, struct file *file, bool close_on_exec)
{
	*place = file;
	if (fd >= files->end)
		files->end = fd + 1;
	set_close_on_exec(files, fd, close_on_exec);
}

/* An open descriptor is free again. */
static void take_out(struct files *files, int fd)
{
	struct file **place = &files->chunks[fd / CHUNK][fd % CHUNK], *file = *place;

	*place = NULL;
	set_close_on_exec(files, fd, false);
	if (fd < files->used)
		files->used = fd;
	file_drop(file);
}

int64_t file_install(struct file *file, int from, bool close_on_exec)
{
	struct files *files = files_of_its_own();
	int64_t error = files == NULL ? -ENOMEM : -EMFILE;

	for (int fd = files != NULL && from < files->used ? files->used : from; error == -EMFILE && fd < DESCRIPTORS;
	     fd++) {
		struct file **place = place_of(files, fd);

		if (place == NULL) {
			error = -ENOMEM;
		} else if (*place == NULL) {
			put(files, place, fd, file, close_on_exec);
			if (from <= files->used) /* all between the two were looked at */
				files->used = fd + 1;
			return fd;
		}
	}
	file_drop(file);
	return error;
}

bool files_copy(struct linux_process *child, const struct linux_process *parent)
{
	const struct files *from = parent->files;
	struct files *to = NULL;

	if (from != NULL) {
		to = pool_take(&files_pool);
		if (to == NULL)
			return false;
		*to = (struct files){.end = from->end, .used = from->used};
		memcpy(to->close_on_exec, from->close_on_exec, sizeof(to->close_on_exec));
		for (int i = 0; i * CHUNK < from->end; i++)
			if (place_of(to, i * CHUNK) == NULL) {
				free_files(to);
				return false;
			}
		for (int fd = 0; fd < from->end; fd++) {
			struct file *file = from->chunks[fd / CHUNK][fd % CHUNK];

			to->chunks[fd / CHUNK][fd % CHUNK] = file;
			file_hold(file);
		}
	}
	child->files = to;
	child->directory = parent->directory;
	child->program = parent->program;
	file_hold(child->directory);
	file_hold(child->program);
	return true;
}

void files_end(struct linux_process *state)
{
	struct files *files = state->files;

	file_drop(state->directory);
	file_drop(state->program);
	state->directory = state->program = NULL;
	if (files == NULL)
		return;
	for (int fd = 0; fd < files->end; fd++)
		file_drop(files->chunks[fd / CHUNK][fd % CHUNK]);
	free_files(files);
	state->files = NULL;
}

void files_close_on_exec(void)
{
	struct files *files = current_process()->linux_state.files;

	for (int fd = 0; files != NULL && fd < files->end; fd++) {
		if (!closes_on_exec(files, fd))
			continue;
		take_out(files, fd);
	}
}

struct file *file_of_start(int fd)
{
	return &standard[fd];
}

int64_t files_set_close_on_exec(int fd, bool close)
{
	struct files *files = files_of_its_own();

	if (files == NULL)
		return -ENOMEM;
	set_close_on_exec(files, fd, close);
	return 0;
}

bool files_closes_on_exec(int fd)
{
	return closes_on_exec(current_process()->linux_state.files, fd);
}

SYSTEM_CALL(close, int fd)
{
	struct files *files;

	if (file_of(fd) == NULL)
		return -EBADF;
	files = files_of_its_own();
	if (files == NULL)
		return -ENOMEM;
	take_out(files, fd);
	return 0;
}

void files_close(int fd)
{
	sys_close(fd);
}

#define CLOSE_RANGE_UNSHARE 2 /* no process shares its table */
#define CLOSE_RANGE_CLOEXEC 4

SYSTEM_CALL(close_range, uint32_t first, uint32_t last, uint32_t flags)
{
	struct files *files;

	if (first > last || (flags & ~(uint32_t)(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)))
		return -EINVAL;
	files = files_of_its_own();
	if (files == NULL)
		return -ENOMEM;
	for (uint32_t fd = first; fd <= last && fd < (uint32_t)files->end; fd++) {
		if (file_of((int)fd) == NULL)
			continue;
		if (flags & CLOSE_RANGE_CLOEXEC)
			set_close_on_exec(files, (int)fd, true);
		else
			sys_close((int)fd);
	}
	return 0;
}

SYSTEM_CALL(dup, int fd)
{
	struct file *file = file_of(fd);

	if (file == NULL)
		return -EBADF;
	file_hold(file);
	return file_install(file, 0, false);
}

static int64_t dup_to(int from, int to, bool close_on_exec)
{
	struct file *file = file_of(from), *old;
	struct files *files;
	struct file **place;

	if (file == NULL || to < 0 || to >= DESCRIPTORS)
		return -EBADF;
	files = files_of_its_own();
	place = files != NULL ? place_of(files, to) : NULL;
	if (place == NULL)
		return -ENOMEM;
	old = *place;
	file_hold(file);
	put(files, place, to, file, close_on_exec);
	file_drop(old);
	return to;
}

SYSTEM_CALL(dup2, int from, int to)
{
	if (from == to)
		return file_of(from) != NULL ? to : -EBADF;
	return dup_to(from, to, false);
}

SYSTEM_CALL(dup3, int from, int to, uint32_t flags)
{
	if (from == to || (flags & ~(uint32_t)O_CLOEXEC))
		return -EINVAL;
	return dup_to(from, to, flags & O_CLOEXEC);
}

void file_ask_flags(struct file *file)
{
	struct vmm_file_request request = {.operation = VMM_FILE_FLAGS, .handle = file->handle};
	int64_t flags;

	if (file->flags_known || file < standard || file >= standard + STANDARD)
		return;
	flags = file_request(&request);
	if (flags >= 0)
		file->flags = (uint32_t)flags | (file->flags & O_NONBLOCK);
	file->flags_known = true;
}
