/* SPDX-License-Identifier: MIT */
/*
 * host_parts.h: what host_files.c (names) and host_data.c (open files) share.
 */
#ifndef VMM_FILES_HOST_PARTS_H
#define VMM_FILES_HOST_PARTS_H

#include <linux/openat2.h>

#include "file_system.h"

/* Opens a path below a directory, following no link at all and never leaving it. A descriptor or a negative errno. */
int host_open_below(int directory, const char *path, int flags, mode_t mode);

int host_create(const struct node *parent, const char *name, int flags, mode_t mode, struct file *file);
int host_open(const struct node *node, const struct node *parent, const char *name, int flags, struct file *file);
ssize_t host_read(struct file *file, void *to, size_t count, uint64_t offset);
ssize_t host_write(struct file *file, const void *from, size_t count, uint64_t *offset, bool append);
int host_set_size(struct file *file, uint64_t size);
int host_sync(struct file *file);
int host_list(struct file *file, uint64_t offset, list_entry *entry, void *context);

#endif
