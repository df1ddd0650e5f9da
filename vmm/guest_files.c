/* SPDX-License-Identifier: MIT */
/* guest_files.c: see there. */
#include "guest_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool process_at(void *context, size_t index, struct guest_process *process)
{
	const struct process_list *list = context;
	const struct process *item;

	if (index >= list->count)
		return false;
	item = &list->items[index];
	*process = (struct guest_process){
		.pid = item->state != VMM_PROCESS_FREE && !process_is_thread(item) ? item->pid : 0,
		.parent = item->parent,
		.exited = item->state == VMM_PROCESS_EXITED,
	};
	snprintf(process->name, sizeof(process->name), "%s", item->name);
	return true;
}

struct file_service *guest_files_open(const struct options *options, struct file_settings *settings,
				      struct process_list *processes, struct vmm_error *error)
{
	struct file_root roots[ROOTS_MAX] = {0};
	char *texts[2 * ROOTS_MAX] = {0};
	struct file_service *service;
	bool made = true;

	for (unsigned i = 0; i < options->root_count; i++) {
		const struct root_option *root = &options->roots[i];
		bool has_mount = root->mount != NULL;

		texts[2 * i] = strndup(root->directory, (size_t)root->directory_length);
		texts[2 * i + 1] = strndup(has_mount ? root->mount : "/", has_mount ? (size_t)root->mount_length : 1);
		made &= texts[2 * i] != NULL && texts[2 * i + 1] != NULL;
		roots[i] = (struct file_root){texts[2 * i], texts[2 * i + 1], root->writable};
	}
	settings->roots = roots;
	settings->root_count = options->root_count;
	settings->process_at = process_at;
	settings->process_context = processes;
	service = made ? file_service_open(settings, error) : NULL;
	if (!made)
		error_set(error, "no memory for the options --root");
	for (unsigned i = 0; i < 2 * ROOTS_MAX; i++)
		free(texts[i]);
	return service;
}
