/* SPDX-License-Identifier: MIT */
/* proc_files.c: the names in /proc, a table: one row a name. */
#include "proc_files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi.h"

/* In which directory a row's name is: /proc, or /proc/PID. */
enum level { TOP, PROCESS };

/* A row with `generate` is a text, one with `link` a symbolic link, one with `remote` what only the guest's kernel
   knows: a symbolic link, a text or a directory. */
static const struct row {
	const char *name;
	enum level level;
	mode_t mode;
	proc_generate *generate;
	const char *link;
	uint32_t remote;
} rows[] = {
	{"version", TOP, S_IFREG | 0444, proc_version, NULL, 0},
	{"uptime", TOP, S_IFREG | 0444, proc_uptime, NULL, 0},
	{"cpuinfo", TOP, S_IFREG | 0444, proc_cpuinfo, NULL, 0},
	{"meminfo", TOP, S_IFREG | 0444, proc_meminfo, NULL, 0},
	{"mounts", TOP, S_IFLNK | 0777, NULL, "self/mounts", 0},
	{"filesystems", TOP, S_IFREG | 0444, proc_filesystems, NULL, 0},
	{"loadavg", TOP, S_IFREG | 0444, proc_loadavg, NULL, 0},
	{"stat", TOP, S_IFREG | 0444, proc_stat, NULL, 0},
	{"self", TOP, S_IFLNK | 0777, NULL, "", 0}, /* its text is the pid */
	{"stat", PROCESS, S_IFREG | 0444, proc_process_stat, NULL, 0},
	{"statm", PROCESS, S_IFREG | 0444, proc_process_statm, NULL, 0},
	{"status", PROCESS, S_IFREG | 0444, proc_process_status, NULL, 0},
	{"cmdline", PROCESS, S_IFREG | 0444, proc_process_cmdline, NULL, 0},
	{"comm", PROCESS, S_IFREG | 0444, proc_process_comm, NULL, 0},
	{"mounts", PROCESS, S_IFREG | 0444, proc_mounts, NULL, 0},
	{"root", PROCESS, S_IFLNK | 0777, NULL, "/", 0},
	{"exe", PROCESS, S_IFLNK | 0777, NULL, NULL, VMM_FILE_KIND_SELF_EXE},
	{"cwd", PROCESS, S_IFLNK | 0777, NULL, NULL, VMM_FILE_KIND_SELF_CWD},
	{"maps", PROCESS, S_IFREG | 0444, NULL, NULL, VMM_FILE_KIND_SELF_MAPS},
	{"fd", PROCESS, S_IFDIR | 0500, NULL, NULL, VMM_FILE_KIND_FD_LIST},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

/* node.id of what is not a row */
#define ID_TOP        UINT64_C(0x100)
#define ID_PROCESS    UINT64_C(0x101)
#define ID_DESCRIPTOR (UINT64_C(1) << 32) /* plus its number */

static const struct proc_context *context_of(const struct node *node)
{
	return node->mount->context;
}

bool proc_process(const struct proc_context *context, uint32_t pid, struct guest_process *process)
{
	for (size_t i = 0; context->process_at != NULL; i++) {
		if (!context->process_at(context->process_context, i, process))
			break;
		if (process->pid == pid && pid != 0)
			return true;
	}
	*process = (struct guest_process){.pid = pid};
	return pid == context->self && pid != 0;
}

/* A decimal number without leading zeros, at most 2^31 - 1; -1: it is none. */
static int64_t parse_number(const char *name)
{
	int64_t number = 0;

	if (name[0] == '\0' || (name[0] == '0' && name[1] != '\0'))
		return -1;
	for (; *name != '\0'; name++) {
		if (*name < '0' || *name > '9' || number > INT32_MAX / 10)
			return -1;
		number = number * 10 + (*name - '0');
	}
	return number <= INT32_MAX ? number : -1;
}

static mode_t mode_of(uint64_t id)
{
	return id < ROWS ? rows[id].mode : id >= ID_DESCRIPTOR ? S_IFLNK | 0700 : S_IFDIR | 0555;
}

static int fill_node(struct mount *mount, uint64_t id, uint32_t pid, struct node *node)
{
	*node = (struct node){
		.system = &process_files, .mount = mount, .type = mode_of(id) & S_IFMT, .pid = pid, .id = id};
	if (id < ROWS)
		node->remote = rows[id].remote;
	else if (id >= ID_DESCRIPTOR)
		node->remote = VMM_FILE_KIND_SELF_FD;
	return 0;
}

static int find_row(const struct node *directory, enum level level, const char *name, struct node *child)
{
	for (uint64_t i = 0; i < ROWS; i++)
		if (rows[i].level == level && strcmp(rows[i].name, name) == 0)
			return fill_node(directory->mount, i, directory->pid, child);
	return -ENOENT;
}

static int process_lookup(const struct node *directory, const char *name, struct node *child)
{
	int64_t number = parse_number(name);
	struct guest_process process;

	if (directory->id == ID_PROCESS)
		return find_row(directory, PROCESS, name, child);
	if (directory->id != ID_TOP) /* fd */
		return number < 0 || directory->pid != context_of(directory)->self
			       ? -ENOENT
			       : fill_node(directory->mount, ID_DESCRIPTOR + (uint64_t)number, directory->pid, child);
	if (number >= 0)
		return proc_process(context_of(directory), (uint32_t)number, &process)
			       ? fill_node(directory->mount, ID_PROCESS, (uint32_t)number, child)
			       : -ENOENT;
	return find_row(directory, TOP, name, child);
}

static int process_find(struct mount *mount, const char *path, struct node *found)
{
	struct node directory;
	char name[NAME_MAX + 1];

	fill_node(mount, ID_TOP, 0, found);
	while (path[0] != '\0') {
		size_t length = strcspn(path, "/");
		int result;

		if (length > NAME_MAX)
			return -ENOENT;
		memcpy(name, path, length);
		name[length] = '\0';
		directory = *found;
		result = process_lookup(&directory, name, found);
		if (result < 0)
			return result;
		path += length + (path[length] == '/');
	}
	return S_ISDIR(found->type) ? 0 : -ENOENT;
}

static int process_read_link(const struct node *node, char *text, size_t size)
{
	char link[32];
	size_t length;

	snprintf(link, sizeof(link), "%s", rows[node->id].link);
	if (link[0] == '\0')
		snprintf(link, sizeof(link), "%u", context_of(node)->self);
	length = strnlen(link, size);
	memcpy(text, link, length);
	return (int)length;
}

static int process_status(const struct node *node, unsigned mask, struct statx *status)
{
	(void)mask;
	status_fill(node, mode_of(node->id), (uint64_t)node->pid << 32 | ((node->id & 0xfff) + 1), 0, status);
	status->stx_blocks = 0;
	return 0;
}

static int process_access(const struct node *node, int mode)
{
	return access_by_mode(mode_of(node->id), mode);
}

static int process_statfs(const struct node *node, struct statfs *status)
{
	(void)node;
	return statfs_fill(PROC_SUPER_MAGIC, 0, 0, 0, 0, status);
}

static int generate(const struct node *node, struct file *file)
{
	const struct proc_context *context = context_of(node);
	struct text text = {0};
	struct guest_process process = {0};

	if (node->pid != 0 && !proc_process(context, node->pid, &process))
		return -ESRCH;
	rows[node->id].generate(&text, context, &process);
	file->text = text.bytes;
	file->text_size = text.size;
	return 0;
}

static int process_open(const struct node *node, const struct node *parent, const char *name, int flags,
			struct file *file)
{
	(void)parent, (void)name;
	if (node->remote != 0 && !(flags & O_PATH)) {
		file->node.remote = node->remote;
		return node->pid == context_of(node)->self ? -EREMOTE : -EACCES;
	}
	if ((flags & O_ACCMODE) != O_RDONLY)
		return -EACCES;
	file->node = *node;
	return S_ISREG(node->type) && !(flags & O_PATH) ? generate(node, file) : 0;
}

static void process_close(struct file *file)
{
	free(file->text);
}

static ssize_t process_read(struct file *file, void *to, size_t count, uint64_t offset)
{
	size_t rest = offset < file->text_size ? file->text_size - offset : 0;

	if (rest == 0)
		return 0;
	count = count < rest ? count : rest;
	memcpy(to, file->text + offset, count);
	return (ssize_t)count;
}

/* Offsets: 1 and 2 are behind "." and "..", then the rows, then the processes. */
static int process_list(struct file *file, uint64_t offset, list_entry *entry, void *context)
{
	const struct proc_context *known = context_of(&file->node);
	enum level level = file->node.id == ID_TOP ? TOP : PROCESS;
	struct guest_process process;
	uint64_t at = offset;

	if (at < 1 && !entry(context, ".", S_IFDIR, 1, ++at))
		return 0;
	if (at < 2 && !entry(context, "..", S_IFDIR, 1, ++at))
		return 0;
	for (; at < ROWS + 2; at++)
		if (rows[at - 2].level == level &&
		    !entry(context, rows[at - 2].name, rows[at - 2].mode & S_IFMT, at, at + 1))
			return 0;
	if (level != TOP || known->process_at == NULL)
		return 0;
	for (; known->process_at(known->process_context, at - 2 - ROWS, &process); at++) {
		char name[16];

		snprintf(name, sizeof(name), "%u", process.pid);
		if (process.pid != 0 && !entry(context, name, S_IFDIR, (uint64_t)process.pid << 32 | 1, at + 1))
			return 0;
	}
	return 0;
}

const struct file_system process_files = {
	.type = "proc",
	.lookup = process_lookup,
	.find = process_find,
	.read_link = process_read_link,
	.status = process_status,
	.access = process_access,
	.statfs = process_statfs,
	.open = process_open,
	.close = process_close,
	.read = process_read,
	.list = process_list,
};
