/* SPDX-License-Identifier: MIT */
/* table.c: from numbers to functions. The list is calls.h; a number that is not in it gives -ENOSYS. */
#include "kernel/cpu.h"
#include "kernel/hypercall.h"
#include "kernel/offsets.h"
#include "kernel/thread.h"
#include "linux/errno.h"
#include "linux/syscall.h"
#include "syscalls.h"

_Static_assert(SYSCALLS_END == LINUX_SYSCALLS_END && I386_SYSCALLS_END == LINUX_I386_SYSCALLS_END, "offsets.h");

/* The VMM notes it in the report. */
SYSTEM_CALL(unimplemented, void)
{
	const struct trap_frame *frame = thread_frame(current());

	hypercall(VMM_HYPERCALL_UNIMPLEMENTED, frame->error, frame->rip, 0);
	return -ENOSYS;
}

SYSTEM_CALL(i386_unimplemented, void)
{
	const struct trap_frame *frame = thread_frame(current());

	hypercall(VMM_HYPERCALL_UNIMPLEMENTED, frame->error, frame->rip, 1);
	return -ENOSYS;
}

/* Called from traps.S only, with all arguments that there could be: here the parameters need no types. */
typedef void (*system_call)(void);

#define CALL(name)                void sys_##name(void);
#define I386_CALL(name, function) void sys_##function(void);
#include "linux/calls.h"

#define UNIMPLEMENTED ((system_call)sys_unimplemented)

/* the lines after the first replace what it says */
#pragma GCC diagnostic ignored "-Woverride-init"

extern const system_call syscall_table[SYSCALLS_END], i386_syscall_table[I386_SYSCALLS_END];

const system_call syscall_table[SYSCALLS_END] = {
	[0 ... SYSCALLS_END - 1] = UNIMPLEMENTED,
#define CALL(name) [SYS_##name] = sys_##name,
#define I386_CALL(name, function)
#include "linux/calls.h"
};

const system_call i386_syscall_table[I386_SYSCALLS_END] = {
	[0 ... I386_SYSCALLS_END - 1] = (system_call)sys_i386_unimplemented,
#define CALL(name)
#define I386_CALL(name, function) [I386_SYS_##name] = sys_##function,
#include "linux/calls.h"
};
