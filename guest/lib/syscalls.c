/* SPDX-License-Identifier: MIT */
/* syscalls.c: a function for each system call, around two instructions. */
#include "lib/syscalls.h"

#include "shared/syscalls.h"

#define CLONE_VFORK 0x4000

long syscall6(long number, long a, long b, long c, long d, long e, long f)
{
	register long r10 asm("r10") = d;
	register long r8 asm("r8") = e;
	register long r9 asm("r9") = f;
	long result;

	asm volatile("syscall"
		     : "=a"(result)
		     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
		     : "rcx", "r11", "memory");
	return result;
}

long int80(long number, long a, long b, long c)
{
	long result;

	asm volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory");
	return result;
}

static inline long call(long number, long a, long b, long c)
{
	long result;

	asm volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
	return result;
}

void exit(int status)
{
	for (;;)
		call(SYS_exit_group, status, 0, 0);
}

long read(int fd, void *buffer, size_t bytes)
{
	return call(SYS_read, fd, (long)buffer, (long)bytes);
}

long write(int fd, const void *buffer, size_t bytes)
{
	return call(SYS_write, fd, (long)buffer, (long)bytes);
}

long getpid(void)
{
	return call(SYS_getpid, 0, 0, 0);
}

long getppid(void)
{
	return call(SYS_getppid, 0, 0, 0);
}

long fork(void)
{
	return call(SYS_fork, 0, 0, 0);
}

long fork_and_wait(void)
{
	return syscall6(SYS_clone, CLONE_VFORK | SIGCHLD, 0, 0, 0, 0, 0);
}

long wait4(long pid, int *status, int options)
{
	return syscall6(SYS_wait4, pid, (long)status, options, 0, 0, 0);
}

long kill(long pid, int signal)
{
	return call(SYS_kill, pid, signal, 0);
}

long sched_yield(void)
{
	return call(SYS_sched_yield, 0, 0, 0);
}

long nanosleep(const struct timespec *request)
{
	return call(SYS_nanosleep, (long)request, 0, 0);
}

long clock_gettime(int clock, struct timespec *time)
{
	return call(SYS_clock_gettime, clock, (long)time, 0);
}

long brk(uintptr_t address)
{
	return call(SYS_brk, (long)address, 0, 0);
}

long mmap(void *address, size_t bytes, int protection, int flags)
{
	return syscall6(SYS_mmap, (long)address, (long)bytes, protection, flags | MAP_ANONYMOUS, -1, 0);
}

long munmap(void *address, size_t bytes)
{
	return call(SYS_munmap, (long)address, (long)bytes, 0);
}

long mprotect(void *address, size_t bytes, int protection)
{
	return call(SYS_mprotect, (long)address, (long)bytes, protection);
}
