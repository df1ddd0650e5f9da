/* SPDX-License-Identifier: MIT */
/*
 * files.h: open files, for the rest of the kernel. Within: file.h.
 */
#ifndef LINUX_FILES_H
#define LINUX_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "linux/state.h"

/* For fork: the same descriptors, current directory and program. False: no memory, nothing was done. */
bool files_copy(struct linux_process *child, const struct linux_process *parent);

/* The end of a process: gives all of it back. */
void files_end(struct linux_process *state);

/* For execve: closes the descriptors that are to be. */
void files_close_on_exec(void);

/* The VMM has input for somebody who waits for it. */
void files_input_ready(void);

/* The process group that the terminal's keys speak to. */
uint32_t terminal_foreground(void);

/* The current process's file behind a descriptor; NULL: it is not open. */
struct file *file_of(int fd);

/* One user more, one less. */
void file_hold(struct file *file);
void file_drop(struct file *file);

/* Opens a file by a path in user memory, or else in the kernel's, from a directory's descriptor on. 0 and a file with
   one user, or a negative errno. */
int64_t file_open_path(int directory, uint64_t user_path, const char *kernel_path, int flags, struct file **file);

/* Reads into kernel memory; returns a count. */
int64_t file_read_frame(struct file *file, uint64_t offset, void *to, uint64_t bytes);

/* Can pages of it be mapped? A regular file of the VMM's. */
bool file_is_mappable(struct file *file);

/* struct stat of it into kernel memory, 144 bytes. */
int64_t file_stat(struct file *file, void *buffer);

/* Its path, without NUL, into kernel memory; the length or -ERANGE. */
int64_t file_path(struct file *file, char *buffer, uint64_t bytes);

/* The file that the current process runs; NULL: unknown. */
struct file *file_program(void);

/* The file that the VMM loaded before the start; NULL: it does not say. */
struct file *file_of_first_program(void);

#endif
