/* SPDX-License-Identifier: MIT */
/*
 * run_parts.h: what the files of the run share among themselves: run.c (the loop), cpus.c (the threads of several
 * CPUs), exits.c (what is done about each exit), cpu_calls.c (hypercalls that concern the CPU), show.c (address spaces
 * and the end of the report). All of it is called with the run's lock held, unless it says otherwise.
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

/* An event of now, on this CPU, in its current process. */
struct event run_event(struct run_cpu *cpu, enum event_type type);

/* Runs this CPU until the end of the run (run.c). */
void run_cpu(struct run_cpu *cpu);

/* Ends the run if the report cannot be written (run.c). */
void check_report(struct run *run);

/* The other CPUs (cpus.c). Starts a thread for each; cpus_join() waits for them after the end. */
bool cpus_start(struct run *run, struct vmm_error *error);
void cpus_join(struct run *run);

/* Where a CPU stands still while another one looks at all of them. */
void cpus_park(struct run_cpu *cpu);

/* Has every CPU halted with nothing left that could wake it? On the first CPU's thread. */
bool cpus_asleep_for_ever(struct run *run);

void run_handle_io(struct run_cpu *cpu, const struct vm_exit *exit);
void run_handle_mmio(struct run_cpu *cpu, const struct vm_exit *exit);
void run_handle_halt(struct run_cpu *cpu);

/* Exits after which the guest cannot go on. */
void run_handle_fatal(struct run_cpu *cpu, const struct vm_exit *exit);

/* After a transition: each address space once, when it is first met; with --layout=switch at every change. */
void run_show_layout(struct run_cpu *cpu);

#endif
