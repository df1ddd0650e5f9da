/* SPDX-License-Identifier: MIT */
/* process.c: the life of processes, and who they are. A process has one thread so far, whose tid is its pid. */
#include "kernel/process.h"

#include "kernel/cpu.h"
#include "kernel/scheduler.h"
#include "kernel/user_memory.h"
#include "linux/errno.h"
#include "linux/signal.h"
#include "linux/syscall.h"

#define CSIGNAL              0xff
#define CLONE_VFORK          0x00004000
#define CLONE_CHILD_CLEARTID 0x00200000 /* only threads can wait for that */
#define CLONE_CHILD_SETTID   0x01000000

#define WNOHANG      1
#define WUNTRACED    2
#define WCONTINUED   8
#define WAIT_OPTIONS (WNOHANG | WUNTRACED | WCONTINUED | 0xe0000000u) /* the last: __WNOTHREAD, __WALL, __WCLONE */

#define ARCH_SET_GS 0x1001
#define ARCH_SET_FS 0x1002
#define ARCH_GET_FS 0x1003
#define ARCH_GET_GS 0x1004

SYSTEM_CALL(fork, void)
{
	return process_fork(0, 0, false);
}

/* The child has a copy of the memory, where Linux lends it the parent's; the parent waits all the same. */
SYSTEM_CALL(vfork, void)
{
	return process_fork(0, 0, true);
}

/* What fork is made of; threads are not there yet. */
SYSTEM_CALL(clone, uint64_t flags, uint64_t stack, uint64_t parent_tid, uint64_t child_tid)
{
	(void)parent_tid;
	if ((flags & CSIGNAL) != SIGCHLD ||
	    (flags & ~(uint64_t)(CSIGNAL | CLONE_VFORK | CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID)))
		return -ENOSYS;
	if (stack > USER_TOP)
		return -EINVAL;
	return process_fork(stack, flags & CLONE_CHILD_SETTID ? child_tid : 0, flags & CLONE_VFORK);
}

SYSTEM_CALL(exit, uint32_t status)
{
	process_exit(status & 0xff, 0);
}

SYSTEM_CALL(exit_group, uint32_t status)
{
	process_exit(status & 0xff, 0);
}

SYSTEM_CALL(wait4, int pid, uint64_t status_address, uint32_t options, uint64_t usage_address)
{
	static const uint8_t usage[144]; /* struct rusage: nothing is counted */
	int status = 0;
	int64_t child;

	if (options & ~WAIT_OPTIONS)
		return -EINVAL;
	if (pid < -1)
		return -ECHILD; /* there are no process groups: all are in the caller's, which 0 means */
	child = process_wait(pid == 0 ? -1 : pid, !(options & WNOHANG), &status);
	if (child <= 0)
		return child;
	if (status_address != 0 && copy_to_user(status_address, &status, sizeof(status)) != 0)
		return -EFAULT;
	if (usage_address != 0 && copy_to_user(usage_address, usage, sizeof(usage)) != 0)
		return -EFAULT;
	return child;
}

/* i386 only */
SYSTEM_CALL(waitpid, int pid, uint64_t status_address, uint32_t options)
{
	return sys_wait4(pid, status_address, options, 0);
}

SYSTEM_CALL(getpid, void)
{
	return current()->pid;
}

SYSTEM_CALL(gettid, void)
{
	return current()->pid;
}

SYSTEM_CALL(getppid, void)
{
	const struct process *parent = current()->parent;

	return parent != NULL ? parent->pid : 0;
}

/* There is one user, root. */
SYSTEM_CALL(getuid, void)
{
	return 0;
}

SYSTEM_CALL(geteuid, void)
{
	return 0;
}

SYSTEM_CALL(getgid, void)
{
	return 0;
}

SYSTEM_CALL(getegid, void)
{
	return 0;
}

SYSTEM_CALL(sched_yield, void)
{
	if (scheduler_others_ready())
		scheduler_yield();
	return 0;
}

/* Both name memory that the kernel changes when a thread ends; only other threads could see it. */
SYSTEM_CALL(set_tid_address, void)
{
	return current()->pid;
}

SYSTEM_CALL(set_robust_list, uint64_t head, uint64_t bytes)
{
	(void)head;
	return bytes == 24 ? 0 : -EINVAL; /* sizeof(struct robust_list_head) */
}

/* The bases of FS and GS, which ring 3 itself cannot set: CR4.FSGSBASE is off. */
SYSTEM_CALL(arch_prctl, int what, uint64_t address)
{
	struct process *process = current();

	switch (what) {
	case ARCH_SET_FS:
	case ARCH_SET_GS:
		if (address >= USER_TOP)
			return -EPERM;
		if (what == ARCH_SET_FS) {
			process->fs_base = address;
			write_msr(MSR_FS_BASE, address);
		} else {
			process->gs_base = address;
			write_msr(MSR_KERNEL_GS_BASE, address);
		}
		return 0;
	case ARCH_GET_FS:
		return copy_to_user(address, &process->fs_base, sizeof(process->fs_base));
	case ARCH_GET_GS:
		return copy_to_user(address, &process->gs_base, sizeof(process->gs_base));
	default:
		return -EINVAL;
	}
}
