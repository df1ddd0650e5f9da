/* SPDX-License-Identifier: MIT */
/* file_guest.c: see there. */
#include "file_guest.h"

#include <check.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run/walk.h"

struct file_guest files;

static bool process_at(void *context, size_t index, struct guest_process *process)
{
	static const struct guest_process processes[] = {{.pid = 1, .parent = 0, .name = "sh"},
							 {.pid = 0},
							 {.pid = 7, .parent = 1, .exited = true, .name = "ls"}};

	(void)context;
	if (index >= 3)
		return false;
	*process = processes[index];
	return true;
}

static void map(gva_t gva, unsigned pages)
{
	for (unsigned i = 0; i < pages; i++)
		guest_map(&files.guest, gva + i * PAGE_SIZE, PTE_P | PTE_W);
}

void files_setup(void)
{
	memset(&files, 0, sizeof(files));
	guest_open(&files.guest);
	map(FILE_REQUEST, 1);
	map(FILE_PATH, 2);
	map(FILE_PATH2, 2);
	map(FILE_BUFFER, FILE_BUFFER_MAX / PAGE_SIZE);
	strcpy(files.directory, "/tmp/vmm-files-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(files.directory));
	ck_assert_int_eq(pipe(files.input), 0);
	ck_assert_int_eq(pipe(files.output), 0);
	fcntl(files.output[0], F_SETFL, O_NONBLOCK);
	signal(SIGPIPE, SIG_IGN);
	files.host = (struct device_host){
		.input = files.input[0], .output = files.output[1], .error_output = files.output[1]};
}

void files_open(const struct file_root *roots, size_t count)
{
	struct vmm_error error = {0};
	const struct file_settings settings = {
		.ram = &files.guest.ram,
		.host = &files.host,
		.roots = roots,
		.root_count = count,
		.cpus = 1,
		.process_at = process_at,
		.input_ready = files.input_ready,
		.input_context = files.input_context,
	};

	files.service = file_service_open(&settings, &error);
	ck_assert_msg(files.service != NULL, "%s", error.text);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status, (void)type, (void)walk;
	return remove(path);
}

void files_teardown(void)
{
	file_service_close(files.service);
	guest_close(&files.guest);
	nftw(files.directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	for (int i = 0; i < 2; i++) {
		close(files.input[i]);
		close(files.output[i]);
	}
}

const char *files_host(const char *name)
{
	static char paths[4][4200];
	static unsigned next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", files.directory, name);
	return path;
}

void files_host_write(const char *name, const char *text)
{
	int fd = open(files_host(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

gva_t files_text(gva_t where, const char *text)
{
	uint64_t size = strlen(text) + 1;

	ck_assert_uint_eq(walk_write(&files.guest.ram, files.guest.root, where, text, size), size);
	return where;
}

int64_t files_call(struct vmm_file_request request)
{
	struct guest_ram *ram = &files.guest.ram;
	int64_t result;

	walk_write(ram, files.guest.root, FILE_REQUEST, &request, sizeof(request));
	result = file_service_request(files.service, files.guest.root, FILE_REQUEST);
	walk_read(ram, files.guest.root, FILE_REQUEST, &files.request, sizeof(files.request));
	return result;
}

void files_buffer(uint64_t at, void *to, uint64_t count)
{
	ck_assert_uint_eq(walk_read(&files.guest.ram, files.guest.root, FILE_BUFFER + at, to, count), count);
}

void files_fill(uint64_t at, const void *from, uint64_t count)
{
	ck_assert_uint_eq(walk_write(&files.guest.ram, files.guest.root, FILE_BUFFER + at, from, count), count);
}

const char *files_read_text(int64_t handle)
{
	static char text[PAGE_SIZE + 1];
	int64_t got = CALL(READ, (int32_t)handle, .buffer = FILE_BUFFER, .bytes = PAGE_SIZE);

	ck_assert_msg(got >= 0 && got <= (int64_t)PAGE_SIZE, "reading gives %lld", (long long)got);
	files_buffer(0, text, (uint64_t)got);
	text[got] = '\0';
	return text;
}

int64_t files_write_text(int64_t handle, const char *text)
{
	files_fill(0, text, strlen(text));
	return CALL(WRITE, (int32_t)handle, .buffer = FILE_BUFFER, .bytes = strlen(text));
}

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

const char *files_names(const char *path, uint64_t bytes)
{
	static char names[512][64], all[sizeof(names)];
	int64_t handle = CALL(OPEN, ROOT, .path = P(path), .flags = O_RDONLY | O_DIRECTORY), got;
	size_t count = 0;
	uint64_t offset = 0;

	ck_assert_msg(handle >= 3, "%s: %lld", path, (long long)handle);
	while ((got = CALL(GETDENTS, (int32_t)handle, .buffer = FILE_BUFFER, .bytes = bytes, .offset = offset)) > 0) {
		for (uint64_t at = 0; at < (uint64_t)got;) {
			struct {
				uint64_t inode, next;
				uint16_t length;
				uint8_t type;
				char name[256];
			} record;
			files_buffer(at, &record, sizeof(record) < bytes - at ? sizeof(record) : bytes - at);
			ck_assert_uint_lt(count, 512);
			snprintf(names[count++], 64, "%.63s", record.name);
			at += record.length;
		}
		offset = files.request.offset;
	}
	ck_assert_int_eq(got, 0);
	ck_assert_int_eq(CALL(CLOSE, (int32_t)handle), 0);
	qsort(names, count, 64, compare);
	all[0] = '\0';
	for (size_t i = 0; i < count; i++)
		strcat(strcat(all, names[i]), " ");
	return all;
}
