/* SPDX-License-Identifier: MIT */
/*
 * bench_marks.h: what calls.c (in the guest) and count_instructions.c (outside) say to each other: a getpid with
 * BENCH_MARK | what as its first argument begins a measurement, one with BENCH_MARK | BENCH_NOTHING ends it.
 */
#ifndef BENCH_MARKS_H
#define BENCH_MARKS_H

#define BENCH_MARK      0x62656e63680000 /* "bench" and 16 bits of what */
#define BENCH_MARK_MASK 0xffff
#define BENCH_ROUNDS    9

/* name, words for the table, how many there are between the marks, limit of instructions (0: none) */
#define BENCH_THINGS(X)                                                           \
	X(GETPID, "null system call: getpid", 1, 100)                             \
	X(GETPPID, "null system call: getppid", 1, 100)                           \
	X(INT80, "null system call by int 0x80: getpid", 1, 0)                    \
	X(YIELD, "sched_yield when nobody else is ready", 1, 0)                   \
	X(FRESH_PAGE, "page fault: a fresh anonymous page", 1, 400)               \
	X(COPIED_PAGE, "page fault: copy on write", 1, 0)                         \
	X(FILE_PAGE, "page fault: a file's page that is in the page cache", 1, 0) \
	X(MMAP, "mmap of an anonymous page", 1, 0)                                \
	X(MUNMAP, "munmap of a touched page", 1, 0)                               \
	X(WRITE, "write of 14 bytes to standard output", 1, 0)                    \
	X(OPEN_CLOSE, "open + close of a file", 1, 0)                             \
	X(READ, "pread of 1 byte from a file", 1, 0)                              \
	X(GETDENTS, "getdents64 of a small directory", 1, 0)                      \
	X(SWITCH_PROCESSES, "context switch by sched_yield, processes", 2, 0)     \
	X(SWITCH_THREADS, "context switch by sched_yield, threads", 2, 0)         \
	X(PIPE, "pipe round trip between processes", 1, 0)                        \
	X(FUTEX, "futex round trip between threads: wake + wait", 1, 0)           \
	X(SELF_SIGNAL, "signal to oneself: kill, handler, rt_sigreturn", 1, 0)    \
	X(FORK_EXIT_WAIT, "fork + exit + wait4, and the faults between", 1, 0)    \
	X(VFORK_EXEC_WAIT, "vfork + execve + exit + wait4, and the faults between", 1, 0)

#define BENCH_NUMBER(name, text, parts, limit) BENCH_##name,
enum bench_thing { BENCH_NOTHING, BENCH_THINGS(BENCH_NUMBER) BENCH_END };
#undef BENCH_NUMBER

#endif
