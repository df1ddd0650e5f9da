/* SPDX-License-Identifier: MIT */
/*
 * syscalls.h: Linux's system calls, for programs without a C library. All return what the kernel returns: a result, or
 * an errno negated.
 */
#ifndef LIB_SYSCALLS_H
#define LIB_SYSCALLS_H

#include <stddef.h>
#include <stdint.h>

#define EFAULT 14

#define PROT_NONE     0
#define PROT_READ     1
#define PROT_WRITE    2
#define PROT_EXEC     4
#define MAP_SHARED    1
#define MAP_PRIVATE   2
#define MAP_FIXED     0x10
#define MAP_ANONYMOUS 0x20

#define SIGILL  4
#define SIGTRAP 5
#define SIGBUS  7
#define SIGFPE  8
#define SIGKILL 9
#define SIGSEGV 11
#define SIGCHLD 17

#define CLOCK_MONOTONIC 1

struct timespec {
	int64_t tv_sec, tv_nsec;
};

/* A wait status: by exit, or by a signal. */
#define WIFEXITED(status)   (((status)&0x7f) == 0)
#define WEXITSTATUS(status) ((status) >> 8 & 0xff)
#define WTERMSIG(status)    ((status)&0x7f)

/* The instructions themselves. int80 takes i386 numbers and 32-bit arguments. */
long syscall6(long number, long a, long b, long c, long d, long e, long f);
long int80(long number, long a, long b, long c);

_Noreturn void exit(int status);
long read(int fd, void *buffer, size_t bytes);
long write(int fd, const void *buffer, size_t bytes);
long getpid(void);
long getppid(void);
long fork(void);
long wait4(long pid, int *status, int options);
long kill(long pid, int signal);
long sched_yield(void);
long nanosleep(const struct timespec *request);
long clock_gettime(int clock, struct timespec *time);
long brk(uintptr_t address);
long mmap(void *address, size_t bytes, int protection, int flags); /* anonymous memory */
long munmap(void *address, size_t bytes);
long mprotect(void *address, size_t bytes, int protection);

/* fork, and the parent goes on only when the child has ended: so that the order of events is always the same. The child
   has its own memory, unlike that of vfork. */
long fork_and_wait(void);

#endif
