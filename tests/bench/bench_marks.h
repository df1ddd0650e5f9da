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

/* name, words for the table, limit (0: none) */
#define BENCH_THINGS(X)                                          \
	X(GETPID, "null system call: getpid", 100)               \
	X(GETPPID, "null system call: getppid", 100)             \
	X(INT80, "null system call by int 0x80: getpid", 0)      \
	X(FRESH_PAGE, "page fault: a fresh anonymous page", 400) \
	X(COPIED_PAGE, "page fault: copy on write", 0)           \
	X(WRITE, "write of 14 bytes to standard output", 0)      \
	X(MMAP, "mmap of an anonymous page", 0)                  \
	X(MUNMAP, "munmap of a touched page", 0)                 \
	X(FORK_EXIT_WAIT, "fork + exit + wait4, and the faults between", 0)

#define BENCH_NUMBER(name, text, limit) BENCH_##name,
enum bench_thing { BENCH_NOTHING, BENCH_THINGS(BENCH_NUMBER) BENCH_END };
#undef BENCH_NUMBER

#endif
