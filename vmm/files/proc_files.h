/* SPDX-License-Identifier: MIT */
/*
 * proc_files.h: /proc: texts generated when they are opened, from what the VMM knows of the guest.
 */
#ifndef VMM_FILES_PROC_FILES_H
#define VMM_FILES_PROC_FILES_H

#include "file_system.h"

struct namespace;

/* A process of the guest, as its kernel's process table has it. */
struct guest_process {
	uint32_t pid, parent;
	bool exited; /* not yet reaped */
	char name[32];
};

/* The process at `index`; pid 0: no process there. False: no more. */
typedef bool guest_process_at(void *context, size_t index, struct guest_process *process);

/* Context of the mount of process_files. */
struct proc_context {
	struct namespace *names;
	guest_process_at *process_at; /* NULL: none are known */
	void *process_context;
	uint32_t self; /* pid of whoever asks */
	uint64_t memory;
	unsigned cpus;
	struct timespec start; /* CLOCK_BOOTTIME */
	time_t start_time;     /* since 1970 */
};

/* Is there such a process? `self` always is one. */
bool proc_process(const struct proc_context *context, uint32_t pid, struct guest_process *process);

/* Generates the text of a file into `out`, for proc_files.c. */
struct text;
typedef void proc_generate(struct text *out, const struct proc_context *context, const struct guest_process *process);

proc_generate proc_version, proc_uptime, proc_cpuinfo, proc_meminfo, proc_mounts, proc_filesystems, proc_loadavg,
	proc_stat, proc_process_stat, proc_process_status, proc_process_cmdline, proc_process_comm, proc_process_statm;

/* A text that grows; NULL bytes after memory ran out. */
struct text {
	char *bytes;
	size_t size;
};

void text_printf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_append(struct text *text, const void *bytes, size_t count);

#endif
