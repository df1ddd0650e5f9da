/* SPDX-License-Identifier: MIT */
/* service_setup.c: what is mounted where, before the guest runs; and the end. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host_files.h"
#include "service_parts.h"

#define DESCRIPTORS 4096 /* of the host's, for handles and walks */

/* An absolute path without "//", ".", ".." and trailing '/', by its text alone. */
static bool make_canonical(const char *path, char canonical[PATH_MAX])
{
	size_t length = 0;

	while (*path != '\0') {
		size_t part = strcspn(path, "/");

		if (part == 2 && memcmp(path, "..", 2) == 0) {
			while (length > 0 && canonical[--length] != '/')
				;
		} else if (part > 0 && !(part == 1 && path[0] == '.')) {
			if (part > NAME_MAX || length + part + 2 > PATH_MAX)
				return false;
			canonical[length++] = '/';
			memcpy(canonical + length, path, part);
			length += part;
		}
		path += part + (path[part] == '/');
	}
	if (length == 0)
		canonical[length++] = '/';
	canonical[length] = '\0';
	return true;
}

/* Where a mount's path leads in the guest: other roots may have symbolic links on the way. */
static bool resolve_mount(struct file_service *service, const struct file_root *root, char path[PATH_MAX],
			  struct vmm_error *error)
{
	struct found *found = &service->found;
	int result;

	if (root->mount[0] != '/' || !make_canonical(root->mount, path))
		return error_set(error, "--root %s: '%.60s' is not a path of the guest; it must begin with /",
				 root->directory, root->mount);
	if (strcmp(path, "/") == 0)
		return true;
	result = namespace_walk(&service->names, NULL, NULL, path, true, found);
	if (result == 0) {
		strcpy(path, found->path);
		if (found->node.system != NULL && !S_ISDIR(found->node.type))
			result = -ENOTDIR;
		found_release(found);
	}
	if (result < 0 && result != -ENOENT)
		return error_set(error, "--root %s: cannot be mounted at %.200s: %s", root->directory, root->mount,
				 strerror(-result));
	return true;
}

static bool mount_root(struct file_service *service, const struct file_root *root, const char *path,
		       struct vmm_error *error)
{
	struct mount *mount = namespace_mount_at(&service->names, path);

	if (mount != NULL && mount->system == &host_files)
		return error_set(error, "--root %s: another directory is mounted at %.200s already", root->directory,
				 path);
	if (mount == NULL)
		mount = namespace_mount(&service->names, path, &host_files);
	if (mount == NULL)
		return error_set(error, "--root %s: too many mounts; at most %d", root->directory,
				 NAMESPACE_MOUNTS - 5);
	mount->system = &host_files; /* in place of what would be there by itself */
	mount->source = host_files.type;
	mount->context = NULL;
	mount->read_only = !root->writable;
	return host_open_root(root->directory, &mount->fd, error);
}

static bool mount_own(struct file_service *service, struct vmm_error *error)
{
	struct namespace *names = &service->names;
	struct mount *temporary, *processes;
	bool made = namespace_mount(names, "/", &synthetic_files) != NULL &&
		    namespace_mount(names, "/dev", &device_files) != NULL;

	processes = made ? namespace_mount(names, "/proc", &process_files) : NULL;
	temporary = processes != NULL ? namespace_mount(names, "/tmp", &memory_files) : NULL;
	service->memory = memory_system_open(service->ram->size / 2, service->ram->size / 2 / PAGE_SIZE);
	if (temporary == NULL || service->memory == NULL)
		return error_set(error, "no memory for the guest's file system");
	temporary->context = service->memory;
	temporary->read_only = false;
	processes->context = &service->proc;
	return true;
}

/* Shorter paths first: a longer one may lie below. */
static bool mount_roots(struct file_service *service, const struct file_settings *settings, struct vmm_error *error)
{
	char path[PATH_MAX];

	for (size_t length = 1; length < PATH_MAX; length++) {
		bool longer = false;

		for (size_t i = 0; i < settings->root_count; i++) {
			const struct file_root *root = &settings->roots[i];
			size_t own = strlen(root->mount);

			longer |= own > length;
			if ((own == length || (own == 0 && length == 1)) &&
			    (!resolve_mount(service, root, path, error) || !mount_root(service, root, path, error)))
				return false;
		}
		if (!longer)
			break;
	}
	return true;
}

/* The host's path of the image, made absolute; false: it is too long to be shown. */
static bool image_path(const char *image, char path[PATH_MAX])
{
	char full[2 * PATH_MAX] = "";

	if (image[0] != '/' && getcwd(full, PATH_MAX - 1) == NULL)
		return false;
	if (strlen(image) >= PATH_MAX)
		return false;
	strcat(full, "/");
	strcat(full, image);
	return make_canonical(full, path);
}

/* An image that lies in a directory which the guest is shown has its path there; false: it does not. */
static bool path_in_roots(const struct file_settings *settings, char path[PATH_MAX])
{
	char image[PATH_MAX], root[PATH_MAX], full[2 * PATH_MAX];

	if (settings->root_count == 0 || realpath(settings->image, image) == NULL)
		return false;
	for (size_t i = 0; i < settings->root_count; i++) {
		size_t length;

		if (realpath(settings->roots[i].directory, root) == NULL)
			continue;
		length = strcmp(root, "/") == 0 ? 0 : strlen(root);
		if (strncmp(image, root, length) != 0 || image[length] != '/')
			continue;
		snprintf(full, sizeof(full), "%s%s", settings->roots[i].mount, image + length);
		if (make_canonical(full, path))
			return true;
	}
	return false;
}

/* The image is seen at its path if nothing else is. Leaves its path in the guest in `path`. */
static struct mount *mount_image(struct file_service *service, const struct file_settings *settings,
				 char path[PATH_MAX])
{
	struct found *found = &service->found;
	struct mount *mount = namespace_mount_at(&service->names, "/");
	int result = namespace_walk(&service->names, NULL, NULL, path, true, found);
	bool missing = result == -ENOENT || (result == 0 && found->node.system == NULL);

	if (result == 0) {
		strcpy(path, found->path);
		found_release(found);
	}
	if (missing) {
		struct mount *made = namespace_mount(&service->names, path, &host_single_file);

		if (made == NULL)
			return mount;
		made->fd = fcntl(settings->image_fd, F_DUPFD_CLOEXEC, FIRST_HANDLE);
		mount = made;
	}
	return mount;
}

static bool open_image(struct file_service *service, const struct file_settings *settings, struct vmm_error *error)
{
	char path[PATH_MAX];
	struct file *file;

	service->program = -1;
	if (settings->image == NULL || (!path_in_roots(settings, path) && !image_path(settings->image, path)))
		return true;
	file = calloc(1, sizeof(*file));
	if (file == NULL)
		return error_set(error, "no memory for the guest's file system");
	file->node = (struct node){
		.system = &host_single_file,
		.mount = mount_image(service, settings, path),
		.type = S_IFREG,
		.fd = fcntl(settings->image_fd, F_DUPFD_CLOEXEC, FIRST_HANDLE),
	};
	file->path = strdup(path);
	service->files[FIRST_HANDLE] = file;
	service->program = FIRST_HANDLE;
	return file->node.fd >= 0 && file->path != NULL
		       ? true
		       : error_set(error, "%s: cannot open once more: %s", settings->image, strerror(errno));
}

static void raise_descriptor_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= DESCRIPTORS)
		return;
	limit.rlim_cur = limit.rlim_max < DESCRIPTORS ? limit.rlim_max : DESCRIPTORS;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

static void start_proc(struct file_service *service, const struct file_settings *settings)
{
	service->proc = (struct proc_context){
		.names = &service->names,
		.process_at = settings->process_at,
		.process_context = settings->process_context,
		.memory = settings->ram->size,
		.cpus = settings->cpus,
		.start_time = time(NULL),
	};
	clock_gettime(CLOCK_BOOTTIME, &service->proc.start);
}

struct file_service *file_service_open(const struct file_settings *settings, struct vmm_error *error)
{
	/* Not from the heap, which would write the zeros: most of it is buffers that few guests ever use. */
	struct file_service *service =
		mmap(NULL, sizeof(*service), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (service == MAP_FAILED) {
		error_set(error, "no memory for the guest's file system");
		return NULL;
	}
	service->ram = settings->ram;
	service->host = settings->host;
	service->umask = umask(0); /* the guest's kernel has applied the guest's own to every mode */
	standard_open(&service->standard, settings->host, settings->input_ready, settings->input_context);
	start_proc(service, settings);
	if (mount_own(service, error) && mount_roots(service, settings, error) &&
	    open_image(service, settings, error)) {
		raise_descriptor_limit();
		return service;
	}
	file_service_close(service);
	return NULL;
}

int32_t file_service_program(const struct file_service *service)
{
	return service->program;
}

void file_service_close(struct file_service *service)
{
	if (service == NULL)
		return;
	standard_close(&service->standard);
	for (size_t i = FIRST_HANDLE; i < FIRST_HANDLE + FILE_HANDLES; i++)
		if (service->files[i] != NULL) {
			service_close_file(service->files[i]);
			free(service->files[i]);
		}
	memory_system_close(service->memory);
	namespace_close(&service->names);
	umask(service->umask);
	munmap(service, sizeof(*service));
}
