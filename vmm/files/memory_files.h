/* SPDX-License-Identifier: MIT */
/*
 * memory_files.h: a file system in the VMM's memory, for /tmp: directories, files, symbolic and hard links. What it may
 * take is limited: bytes of data (-ENOSPC), and nodes and names.
 */
#ifndef VMM_FILES_MEMORY_FILES_H
#define VMM_FILES_MEMORY_FILES_H

#include "file_system.h"

struct memory_system;

/* An empty file system, or NULL without memory. As a mount's context it belongs to memory_files. */
struct memory_system *memory_system_open(uint64_t bytes, uint64_t nodes);

/* All nodes must have been released. */
void memory_system_close(struct memory_system *system);

#endif
