/* SPDX-License-Identifier: MIT */
/*
 * service_parts.h: what the files of the service share: file_service.c (requests), service_names.c (operations on
 * paths), service_data.c (operations on handles).
 */
#ifndef VMM_FILES_SERVICE_PARTS_H
#define VMM_FILES_SERVICE_PARTS_H

#include "abi.h"
#include "file_service.h"
#include "memory_files.h"
#include "namespace.h"
#include "standard_files.h"

#define FIRST_HANDLE 3
#define CHUNK        65536 /* bytes that are moved in one go */

struct file_service {
	struct guest_ram *ram;
	struct device_host *host;
	struct namespace names;
	struct memory_system *memory;
	struct proc_context proc;
	struct standard_files standard;
	struct file *files[FIRST_HANDLE + FILE_HANDLES]; /* NULL: free */
	int32_t program;
	mode_t umask; /* the caller's */
	/* of the request under way */
	gpa_t cr3;
	struct vmm_file_request request;
	char path[PATH_MAX], path2[PATH_MAX]; /* copies of the request's, if it has them */
	struct found found, found2;
	uint8_t buffer[CHUNK];
};

/* The open file; NULL: there is none (the standard descriptors are none either). */
struct file *service_file(struct file_service *service, int32_t handle);

/* Closes a file that no handle leads to any more. */
void service_close_file(struct file *file);

/* Is handle one of the VMM's own descriptors? */
bool service_is_standard(int32_t handle);

/* Walks along a path from a handle; service->found is filled in for `path`, found2 for `path2`. */
int service_walk(struct file_service *service, bool follow);
int service_walk2(struct file_service *service);

/* Says in the request what only the guest's kernel knows; gives -EREMOTE. */
int64_t service_remote(struct file_service *service, const struct node *node);

/* How many of count bytes at gva may be written (ring 0). */
uint64_t service_writable(struct file_service *service, gva_t gva, uint64_t count);

/* All bytes or -EFAULT. */
int service_put(struct file_service *service, gva_t gva, const void *bytes, uint64_t count);
int service_get(struct file_service *service, gva_t gva, void *bytes, uint64_t count);

/* The operations; results as in abi.h. */
typedef int64_t service_operation(struct file_service *service, struct vmm_file_request *request);

service_operation service_open, service_mkdir, service_mknod, service_unlink, service_rename, service_link,
	service_symlink, service_readlink, service_access, service_truncate, service_chmod, service_chown,
	service_utimens, service_stat, service_statx, service_statfs;
service_operation service_close, service_read, service_write, service_getdents, service_size, service_sync,
	service_path, service_poll, service_control, service_seek, service_flags;

#endif
