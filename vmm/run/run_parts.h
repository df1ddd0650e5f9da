/* SPDX-License-Identifier: MIT */
/*
 * run_parts.h: what the files of the run share among themselves: run.c (the loop), exits.c (what is done about each
 * exit), show.c (address spaces and the end of the report).
 */
#ifndef VMM_RUN_RUN_PARTS_H
#define VMM_RUN_RUN_PARTS_H

#include "run.h"
#include "vm_exit.h"

/* Ends the run after this exit; the first reason counts. The format is the line for standard error. */
void run_end(struct run *run, int status, const char *reason, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* "memcpy+0x4 (0xffffffff80001234)" */
void run_describe_rip(struct run *run, gva_t rip, char *text, size_t size);

/* An event of now, on this CPU, in the current process. */
struct event run_event(struct run *run, enum event_type type);

void run_handle_io(struct run *run, const struct vm_exit *exit);
void run_handle_mmio(struct run *run, const struct vm_exit *exit);
void run_handle_halt(struct run *run);

/* Exits after which the guest cannot go on. */
void run_handle_fatal(struct run *run, const struct vm_exit *exit);

/* After a transition: each address space once, when it is first met; with --layout=switch at every change. */
void run_show_layout(struct run *run);

#endif
