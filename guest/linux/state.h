/* SPDX-License-Identifier: MIT */
/*
 * state.h: what Linux's system calls remember for each thread and each process. All zero: the state at the start.
 */
#ifndef LINUX_STATE_H
#define LINUX_STATE_H

#include <stdbool.h>
#include <stdint.h>

struct queued_signal;  /* signal.c */
struct signal_actions; /* signal.c */
struct limits;         /* limits.h */
struct files;          /* files.h */
struct file;

/* Signals that wait: bit n - 1 stands for signal n. */
struct signal_queue {
	uint64_t pending;
	struct queued_signal *first; /* more about some of them, oldest first */
};

struct linux_thread {
	struct signal_queue signals; /* sent to this thread */
	uint64_t blocked;
	uint64_t saved_blocked; /* of sigsuspend and the like, which change the mask while they wait */
	bool restore_blocked;
	uint64_t alt_stack, alt_stack_bytes; /* 0 bytes: none */
	uint64_t clear_child_tid;            /* where the thread's end is written, and woken by futex; 0: nowhere */
	uint64_t robust_list;
	uint64_t restart_until; /* restart_syscall: when an interrupted sleep ends */
	uint64_t futex;         /* where it waits (futex.c); 0: nowhere, or not any more */
	const void *futex_space;
	uint32_t futex_bits;
};

struct linux_process {
	struct signal_queue signals;    /* sent to the process: any of its threads takes them */
	struct signal_actions *actions; /* NULL: default, all of them */
	uint64_t alarm_at, alarm_interval;
	struct files *files;     /* NULL: 0, 1 and 2 as at the start */
	struct file *directory;  /* the current one; NULL: the root */
	bool other_program;      /* not the one that the VMM loaded */
	struct file *program;    /* its executable; NULL: the one that the VMM loaded */
	uint32_t umask_set;      /* the umask is this, exclusive-or 022 */
	uint32_t group, session; /* 0: as at the start, the first process's */
	struct limits *limits;   /* NULL: as at the start */
	uint8_t death_signal;    /* when the parent ends; 0: none */
	bool not_dumpable, no_new_privileges;
	int8_t nice;
	bool subreaper;       /* orphans below it become its children */
	uint64_t child_ticks; /* of children that were waited for */
};

#endif
