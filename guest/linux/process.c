/* SPDX-License-Identifier: MIT */
/* process.c: the life of processes and threads, and who they are. */
#include "kernel/process.h"

#include "kernel/clock.h"
#include "kernel/memory.h"
#include "kernel/scheduler.h"
#include "kernel/user_memory.h"
#include "linux/errno.h"
#include "linux/signal.h"
#include "linux/syscall.h"

#define CSIGNAL              0xff
#define CLONE_VM             0x00000100
#define CLONE_FS             0x00000200
#define CLONE_FILES          0x00000400
#define CLONE_SIGHAND        0x00000800
#define CLONE_VFORK          0x00004000
#define CLONE_THREAD         0x00010000
#define CLONE_SYSVSEM        0x00040000
#define CLONE_SETTLS         0x00080000
#define CLONE_PARENT_SETTID  0x00100000
#define CLONE_CHILD_CLEARTID 0x00200000
#define CLONE_DETACHED       0x00400000
#define CLONE_CHILD_SETTID   0x01000000
#define CLONE_CLEAR_SIGHAND  UINT64_C(0x100000000)

#define OF_THREADS (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD)
#define KNOWN_FLAGS                                                                                             \
	(OF_THREADS | CLONE_VFORK | CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID | \
	 CLONE_DETACHED | CLONE_CHILD_SETTID | CLONE_CLEAR_SIGHAND)

#define ARCH_SET_GS 0x1001
#define ARCH_SET_FS 0x1002
#define ARCH_GET_FS 0x1003
#define ARCH_GET_GS 0x1004

SYSTEM_CALL(fork, void)
{
	return process_clone(&(struct clone_request){.end_signal = SIGCHLD});
}

/* The child runs in the parent's memory, and the parent waits. */
SYSTEM_CALL(vfork, void)
{
	return process_clone(&(struct clone_request){.share_space = true, .vfork = true, .end_signal = SIGCHLD});
}

/*
 * What can be made: a thread, which shares everything with its process; a process with a copy of the memory; and one in
 * the same memory (posix_spawn). Processes that share files or handlers are not: -EINVAL.
 */
static int64_t clone(uint64_t flags, int end_signal, uint64_t stack, uint64_t parent_tid, uint64_t child_tid,
		     uint64_t tls)
{
	bool thread = (flags & OF_THREADS) == OF_THREADS;
	struct clone_request request = {
		.thread = thread,
		.share_space = flags & CLONE_VM,
		.vfork = flags & CLONE_VFORK,
		.end_signal = end_signal,
		.stack = stack,
		.set_tls = flags & CLONE_SETTLS,
		.tls = tls,
		.set_child_tid = flags & CLONE_CHILD_SETTID ? child_tid : 0,
		.clear_child_tid = flags & CLONE_CHILD_CLEARTID ? child_tid : 0,
		.set_parent_tid = flags & CLONE_PARENT_SETTID ? parent_tid : 0,
	};

	if ((flags & ~(uint64_t)KNOWN_FLAGS) || (!thread && (flags & OF_THREADS & ~(uint64_t)CLONE_VM)) ||
	    end_signal > SIGNALS)
		return -EINVAL;
	if (stack > USER_TOP || (request.set_tls && tls >= USER_TOP))
		return -EPERM;
	return process_clone(&request);
}

SYSTEM_CALL(clone, uint64_t flags, uint64_t stack, uint64_t parent_tid, uint64_t child_tid, uint64_t tls)
{
	return clone(flags & 0xffffffff & ~(uint64_t)CSIGNAL, (int)(flags & CSIGNAL), stack, parent_tid, child_tid,
		     tls);
}

/* struct clone_args, the first version; what later ones added must be 0. */
SYSTEM_CALL(clone3, uint64_t address, uint64_t bytes)
{
	struct {
		uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_bytes, tls, more[3];
	} args = {0};

	if (bytes < 64)
		return -EINVAL;
	if (bytes > sizeof(args))
		return -E2BIG;
	if (copy_from_user(&args, address, bytes) != 0)
		return -EFAULT;
	if (args.more[0] != 0 || args.more[1] != 0 || args.more[2] != 0 || args.exit_signal > SIGNALS ||
	    (args.flags & (CSIGNAL | CLONE_DETACHED)) || (args.stack == 0) != (args.stack_bytes == 0) ||
	    !user_range(args.stack, args.stack_bytes))
		return -EINVAL;
	return clone(args.flags, (int)args.exit_signal, args.stack + args.stack_bytes, args.parent_tid, args.child_tid,
		     args.tls);
}

SYSTEM_CALL(exit, uint32_t status)
{
	process_end_thread(status & 0xff);
}

SYSTEM_CALL(exit_group, uint32_t status)
{
	process_exit(status & 0xff, 0);
}

SYSTEM_CALL(getpid, void)
{
	return current_process()->pid;
}

SYSTEM_CALL(gettid, void)
{
	return current()->tid;
}

/* Whose parent has ended is, as on Linux, a child of process 1 (which need not know of it). */
SYSTEM_CALL(getppid, void)
{
	const struct process *process = current_process();

	return process->parent != NULL ? process->parent->pid : process->pid == INIT_PID ? 0 : INIT_PID;
}

SYSTEM_CALL(sched_yield, void)
{
	if (scheduler_others_ready())
		scheduler_yield();
	return 0;
}

SYSTEM_CALL(set_tid_address, uint64_t address)
{
	current()->linux_state.clear_child_tid = address;
	return current()->tid;
}

/* Restartable sequences are not there: a program that asks for them works without. */
SYSTEM_CALL(rseq, void)
{
	return -ENOSYS;
}

static struct process *process_or_self(int pid)
{
	return pid == 0 ? current_process() : pid > 0 ? process_find((uint32_t)pid) : NULL;
}

SYSTEM_CALL(getpgid, int pid)
{
	const struct process *process = process_or_self(pid);

	return process != NULL ? (int64_t)process_group(process) : -ESRCH;
}

SYSTEM_CALL(getpgrp, void)
{
	return process_group(current_process());
}

SYSTEM_CALL(setpgid, int pid, int group)
{
	struct process *process = process_or_self(pid);

	if (group < 0 || pid < 0)
		return -EINVAL;
	if (process == NULL || (process != current_process() && process->parent != current_process()))
		return -ESRCH;
	if (process_session(process) == process->pid && process->linux_state.session != 0)
		return -EPERM; /* it leads a session */
	process->linux_state.group = group == 0 ? process->pid : (uint32_t)group;
	return 0;
}

SYSTEM_CALL(getsid, int pid)
{
	const struct process *process = process_or_self(pid);

	return process != NULL ? (int64_t)process_session(process) : -ESRCH;
}

SYSTEM_CALL(setsid, void)
{
	struct process *process = current_process();

	if (process_group(process) == process->pid)
		return -EPERM;
	process->linux_state.group = process->linux_state.session = process->pid;
	return process->pid;
}

/* The bases of FS and GS, which ring 3 itself cannot set: CR4.FSGSBASE is off. */
SYSTEM_CALL(arch_prctl, int what, uint64_t address)
{
	struct thread *thread = current();

	switch (what) {
	case ARCH_SET_FS:
	case ARCH_SET_GS:
		if (address >= USER_TOP)
			return -EPERM;
		if (what == ARCH_SET_FS) {
			thread->fs_base = address;
			write_msr(MSR_FS_BASE, address);
		} else {
			thread->gs_base = address;
			write_msr(MSR_KERNEL_GS_BASE, address);
		}
		return 0;
	case ARCH_GET_FS:
		return copy_to_user(address, &thread->fs_base, sizeof(thread->fs_base));
	case ARCH_GET_GS:
		return copy_to_user(address, &thread->gs_base, sizeof(thread->gs_base));
	default:
		return -EINVAL;
	}
}
