/* SPDX-License-Identifier: MIT */
/*
 * file_guest.h: a guest that makes VMM_HYPERCALL_FILE: page tables, a request, paths and a buffer in its memory, and a
 * directory of the host's for its files.
 */
#ifndef TESTS_UNIT_FILE_GUEST_H
#define TESTS_UNIT_FILE_GUEST_H

#include "abi.h"
#include "files/file_service.h"
#include "guest_tables.h"

#define FILE_REQUEST    KERNEL_BASE
#define FILE_PATH       (KERNEL_BASE + 0x10000)
#define FILE_PATH2      (KERNEL_BASE + 0x20000)
#define FILE_BUFFER     (KERNEL_BASE + 0x100000)
#define FILE_BUFFER_MAX 0x40000 /* what is mapped there; the page behind it is missing */

#define ROOT VMM_FILE_ROOT

struct file_guest {
	struct guest guest;
	struct device_host host;
	struct file_service *service;
	struct vmm_file_request request;    /* as it was after the last call */
	void (*input_ready)(void *context); /* set between files_setup() and files_open() */
	void *input_context;
	char directory[64];      /* on the host, empty at first */
	int input[2], output[2]; /* pipes behind the standard descriptors */
};

/* The guest of the test under way. */
extern struct file_guest files;

/* Opens the service with `directory` at these mounts; writable or not. */
void files_setup(void);
void files_open(const struct file_root *roots, size_t count);
void files_teardown(void);

/* "DIRECTORY/name", on the host; the last four stay valid. */
const char *files_host(const char *name);

/* Makes a file there with this text. */
void files_host_write(const char *name, const char *text);

/* Text to where FILE_PATH or FILE_PATH2 is. */
gva_t files_text(gva_t where, const char *text);
#define P(text)  files_text(FILE_PATH, text)
#define P2(text) files_text(FILE_PATH2, text)

/* The result of a request, by the words of abi.h: its name, the handle, then what else it needs. */
int64_t files_call(struct vmm_file_request request);
#define CALL(name, ...) \
	files_call((struct vmm_file_request){.operation = VMM_FILE_##name, .pid = 1, .handle = __VA_ARGS__})

/* What lies in the buffer of the guest. */
void files_buffer(uint64_t at, void *to, uint64_t count);
void files_fill(uint64_t at, const void *from, uint64_t count);

/* Reads up to a page from the start, as text. */
const char *files_read_text(int64_t handle);
int64_t files_write_text(int64_t handle, const char *text);

/* All names in a directory, sorted, each followed by a blank; read with a buffer of that many bytes. */
const char *files_names(const char *path, uint64_t bytes);

#endif
