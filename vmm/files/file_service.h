/* SPDX-License-Identifier: MIT */
/*
 * file_service.h: answers VMM_HYPERCALL_FILE (shared/abi.h): the guest's file system, on behalf of its kernel. Every
 * number, path and pointer is the guest's word: copied once, then checked.
 */
#ifndef VMM_FILES_FILE_SERVICE_H
#define VMM_FILES_FILE_SERVICE_H

#include "devices/device.h"
#include "machine/error.h"
#include "machine/guest_ram.h"
#include "proc_files.h"

#define FILE_HANDLES 1024 /* open at the same time, besides 0, 1 and 2 */

struct file_service;

/* A host directory to be shown to the guest, as in --root. */
struct file_root {
	const char *directory;
	const char *mount; /* absolute path in the guest */
	bool writable;
};

struct file_settings {
	struct guest_ram *ram;
	struct device_host *host; /* the standard descriptors; may end the guest, as device_host_write() does */
	const struct file_root *roots;
	size_t root_count;
	const char *image; /* path of the program's file on the host, which is shown at the same path; NULL: none */
	int image_fd;      /* the same file, open; stays the caller's */
	unsigned cpus;
	guest_process_at *process_at; /* for /proc; NULL: no processes are known */
	void *process_context;
	/* Called by a thread of the service's own when something of the host's standard descriptors has become ready on
	   which a read gave -EAGAIN or a poll found nothing; NULL: nobody wants to know. */
	void (*input_ready)(void *context);
	void *input_context;
};

/* Opens the roots; NULL with the error's line set if one cannot be shown, or memory is short. */
struct file_service *file_service_open(const struct file_settings *settings, struct vmm_error *error);

/* Handle of the program's file; -1: none. */
int32_t file_service_program(const struct file_service *service);

/* Carries out the request at gva, and writes its results back there. Returns the hypercall's result. */
int64_t file_service_request(struct file_service *service, gpa_t cr3, gva_t gva);

/* Closes everything, ends the thread, and gives the terminal its settings back. NULL is allowed. */
void file_service_close(struct file_service *service);

#endif
