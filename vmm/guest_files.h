/* SPDX-License-Identifier: MIT */
/*
 * guest_files.h: connects the file service with the command line (--root) and the guest's process table (/proc).
 */
#ifndef VMM_GUEST_FILES_H
#define VMM_GUEST_FILES_H

#include "files/file_service.h"
#include "options.h"
#include "run/processes.h"

/* Opens the service. Roots and processes of the settings are filled in here; `processes` must live as long as it. */
struct file_service *guest_files_open(const struct options *options, struct file_settings *settings,
				      struct process_list *processes, struct vmm_error *error);

#endif
