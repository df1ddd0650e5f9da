/* SPDX-License-Identifier: MIT */
/*
 * host_files.h: directories of the host, and single files of it. Each name is opened by openat2(2) below the directory
 * that it was looked up in, one component a time, with no symbolic link ever followed by the host.
 */
#ifndef VMM_FILES_HOST_FILES_H
#define VMM_FILES_HOST_FILES_H

#include "file_system.h"

/* Opens the directory that a mount shows; the error names it. */
bool host_open_root(const char *directory, int *fd, struct vmm_error *error);

#endif
