/* SPDX-License-Identifier: MIT */
/*
 * event.c: the names of an event's parts, as every renderer spells them.
 */
#include "event.h"

static const char *const cause_names[CAUSES] = {
	[CAUSE_SYSCALL] = "syscall",     [CAUSE_INT] = "int", [CAUSE_EXCEPTION] = "exception",
	[CAUSE_INTERRUPT] = "interrupt", [CAUSE_NMI] = "nmi", [CAUSE_SYSRET] = "sysret",
	[CAUSE_IRET] = "iret",
};

static const char *const exit_reason_names[EXIT_REASONS] = {
	[EXIT_IO] = "io",
	[EXIT_MMIO] = "mmio",
	[EXIT_HLT] = "hlt",
	[EXIT_DEBUG] = "debug",
	[EXIT_SHUTDOWN] = "shutdown",
	[EXIT_INTERNAL_ERROR] = "internal-error",
	[EXIT_FAIL_ENTRY] = "fail-entry",
	[EXIT_SYSTEM_EVENT] = "system-event",
	[EXIT_INTERRUPTED] = "interrupted",
	[EXIT_UNKNOWN] = "unknown",
};

static const char *const process_event_names[] = {
	[PROCESS_START] = "start",
	[PROCESS_EXEC] = "exec",
	[PROCESS_EXIT] = "exit",
	[PROCESS_REAPED] = "reaped",
	[PROCESS_THREAD_START] = "thread-start",
	[PROCESS_THREAD_EXIT] = "thread-exit",
};

const char *cause_name(enum cause cause)
{
	return (unsigned)cause < CAUSES ? cause_names[cause] : "unknown";
}

const char *exit_reason_name(enum exit_reason reason)
{
	return (unsigned)reason < EXIT_REASONS ? exit_reason_names[reason] : "unknown";
}

const char *process_event_name(enum process_event event)
{
	return (unsigned)event <= PROCESS_THREAD_EXIT ? process_event_names[event] : "unknown";
}
