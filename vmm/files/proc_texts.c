/* SPDX-License-Identifier: MIT */
/* proc_texts.c: the contents of the files in /proc, in the format of proc(5). What nobody counts is 0. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi.h"
#include "namespace.h"
#include "proc_files.h"

#define RELEASE "6.1.0" /* as uname in the guest's kernel */

void text_append(struct text *text, const void *bytes, size_t count)
{
	char *grown = realloc(text->bytes, text->size + count + 1);

	if (grown == NULL)
		return;
	memcpy(grown + text->size, bytes, count);
	text->bytes = grown;
	text->size += count;
}

void text_printf(struct text *text, const char *format, ...)
{
	char *line = NULL;
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vasprintf(&line, format, arguments);
	va_end(arguments);
	if (length >= 0)
		text_append(text, line, (size_t)length);
	free(line);
}

void proc_version(struct text *out, const struct proc_context *context, const struct guest_process *process)
{
	(void)context, (void)process;
	text_printf(out, "Linux version " RELEASE " (vmm) #1 vmm\n");
}

void proc_uptime(struct text *out, const struct proc_context *context, const struct guest_process *process)
{
	struct timespec now;
	long long hundredths;

	(void)process;
	clock_gettime(CLOCK_BOOTTIME, &now);
	hundredths = (now.tv_sec - context->start.tv_sec) * 100LL + (now.tv_nsec - context->start.tv_nsec) / 10000000;
	hundredths += VMM_UPTIME_AT_START * 100LL;
	text_printf(out, "%lld.%02lld 0.00\n", hundredths / 100, hundredths % 100);
}

void proc_cpuinfo(struct text *out, const struct proc_context *context, const struct guest_process *process)
{
	(void)process;
	for (unsigned i = 0; i < context->cpus; i++)
		text_printf(out, "processor\t: %u\nmodel name\t: vmm\n\n", i);
}

/* What the guest's kernel has in use only it knows. */
void proc_meminfo(struct text *out, const struct proc_context *context, const struct guest_process *process)
{
	unsigned long long total = context->memory / 1024;

	(void)process;
	text_printf(out,
		    "MemTotal:       %8llu kB\nMemFree:        %8llu kB\nMemAvailable:   %8llu kB\n"
		    "Buffers:               0 kB\nCached:                0 kB\nShmem:                 0 kB\n"
		    "SReclaimable:          0 kB\nSwapTotal:             0 kB\nSwapFree:              0 kB\n",
		    total, total, total);
}

void proc_mounts(struct text *out, const struct proc_context *context, const struct guest_process *process)
{
	const struct namespace *names = context->names;

	(void)process;
	for (size_t i = 0; i < names->count; i++) {
		const struct mount *mount = &names->mounts[i];

		text_printf(out, "%s %s %s %s 0 0\n", mount->source, mount->path, mount->system->type,
			    mount->read_only ? "ro" : "rw");
	}
}

void proc_filesystems(struct text *out, const struct proc_context *context, const struct guest_process *process)
{
	(void)context, (void)process;
	text_printf(out, "nodev\trootfs\nnodev\tproc\nnodev\ttmpfs\nnodev\tdevtmpfs\nnodev\thost\n");
}

static unsigned count_processes(const struct proc_context *context, uint32_t *newest)
{
	struct guest_process process;
	unsigned count = 0;

	*newest = context->self;
	for (size_t i = 0; context->process_at != NULL; i++) {
		if (!context->process_at(context->process_context, i, &process))
			break;
		if (process.pid == 0)
			continue;
		count++;
		if (process.pid > *newest)
			*newest = process.pid;
	}
	return count > 0 ? count : 1;
}

void proc_loadavg(struct text *out, const struct proc_context *context, const struct guest_process *process)
{
	uint32_t newest;
	unsigned count = count_processes(context, &newest);

	(void)process;
	text_printf(out, "0.00 0.00 0.00 1/%u %u\n", count, newest);
}

void proc_stat(struct text *out, const struct proc_context *context, const struct guest_process *process)
{
	uint32_t newest;

	(void)process;
	(void)count_processes(context, &newest);
	text_printf(out, "cpu  0 0 0 0 0 0 0 0 0 0\n");
	for (unsigned i = 0; i < context->cpus; i++)
		text_printf(out, "cpu%u 0 0 0 0 0 0 0 0 0 0\n", i);
	text_printf(out, "intr 0\nctxt 0\nbtime %lld\nprocesses %u\nprocs_running 1\nprocs_blocked 0\n",
		    (long long)context->start_time, newest);
}

static char state_of(const struct proc_context *context, const struct guest_process *process)
{
	return process->exited ? 'Z' : process->pid == context->self ? 'R' : 'S';
}

void proc_process_stat(struct text *out, const struct proc_context *context, const struct guest_process *process)
{
	text_printf(out, "%u (%.15s) %c %u 1 1 0 -1 0", process->pid, process->name, state_of(context, process),
		    process->parent);
	for (unsigned field = 10; field <= 52; field++)
		text_printf(out, field == 20 ? " 1" : " 0"); /* the 20th is the number of threads */
	text_printf(out, "\n");
}

void proc_process_status(struct text *out, const struct proc_context *context, const struct guest_process *process)
{
	char state = state_of(context, process);

	text_printf(out,
		    "Name:\t%.15s\nUmask:\t0022\nState:\t%c (%s)\nTgid:\t%u\nPid:\t%u\nPPid:\t%u\nTracerPid:\t0\n"
		    "Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nFDSize:\t64\nVmSize:\t       0 kB\nVmRSS:\t       0 kB\n"
		    "Threads:\t1\n",
		    process->name, state,
		    state == 'Z'   ? "zombie"
		    : state == 'R' ? "running"
				   : "sleeping",
		    process->pid, process->pid, process->parent);
}

void proc_process_statm(struct text *out, const struct proc_context *context, const struct guest_process *process)
{
	(void)context, (void)process;
	text_printf(out, "0 0 0 0 0 0 0\n");
}

void proc_process_cmdline(struct text *out, const struct proc_context *context, const struct guest_process *process)
{
	(void)context;
	if (!process->exited)
		text_append(out, process->name, strlen(process->name) + 1);
}

void proc_process_comm(struct text *out, const struct proc_context *context, const struct guest_process *process)
{
	(void)context;
	text_printf(out, "%.15s\n", process->name);
}
