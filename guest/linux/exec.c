/* SPDX-License-Identifier: MIT */
/*
 * exec.c: execve and execveat. First everything that can fail: the file, scripts' interpreters, a copy of the
 * arguments, a new address space. Then the process changes over, and nothing can fail any more.
 */
#include "linux/exec.h"

#include "kernel/hypercall.h"
#include "kernel/memory.h"
#include "kernel/process.h"
#include "kernel/user_memory.h"
#include "linux/errno.h"
#include "linux/file.h"
#include "linux/futex.h"
#include "linux/signal.h"
#include "linux/syscall.h"

#define O_NOFOLLOW 0400000

#define SCRIPT_HEAD  256 /* bytes of a script that are looked at, as by Linux */
#define SCRIPTS_MAX  5   /* one that is the interpreter of another, and so on */
#define COMMAND_NAME 16  /* with its NUL */

#define S_IFMT  0170000
#define S_IFREG 0100000

/* An execve under way. */
struct exec {
	struct file *file;
	struct mapped_file *mapped;
	struct exec_prefix prefix;
	struct exec_arguments arguments;
	struct space *space;
	struct program program;
	char heads[SCRIPTS_MAX][SCRIPT_HEAD];
};
_Static_assert(sizeof(struct exec) <= PAGE_SIZE, "it has a frame of its own");

int64_t exec_open(int directory, const char *path, uint32_t flags, struct file **file, struct mapped_file **mapped)
{
	struct file_identity identity;
	int64_t error = 0;

	*file = NULL;
	*mapped = NULL;
	if (*path != '\0') {
		/* O_NONBLOCK: it may turn out to be a FIFO */
		error = file_open_path(directory, 0, path,
				       O_RDONLY | O_NONBLOCK | (flags & AT_SYMLINK_NOFOLLOW ? O_NOFOLLOW : 0), file);
	} else {
		*file = file_of(directory);
		if (*file == NULL)
			return -EBADF;
		file_hold(*file);
	}
	if (error != 0)
		return error;
	error = file_is_mappable(*file) ? mapped_file_identify(*file, &identity) : -EACCES;
	if (error == 0 && ((identity.mode & S_IFMT) != S_IFREG || !(identity.mode & 0111)))
		error = -EACCES;
	*mapped = error == 0 ? mapped_file_of(*file, &identity) : NULL;
	if (*mapped != NULL)
		return 0;
	file_drop(*file);
	*file = NULL;
	return error != 0 ? error : -ENOMEM;
}

static void exec_close(struct exec *exec)
{
	mapped_file_drop(exec->mapped);
	if (exec->file != NULL)
		file_drop(exec->file);
	exec->mapped = NULL;
	exec->file = NULL;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Makes strings of the parts of "#! interpreter argument". The argument is all the rest. Returns the interpreter, or
   NULL: there is none. */
static char *parse_head(char *head, char **argument)
{
	char *end = head, *interpreter = head + 2;

	while (end < head + SCRIPT_HEAD - 1 && *end != '\n' && *end != '\0')
		end++;
	while (end > head && is_blank(end[-1]))
		end--;
	*end = '\0';
	while (is_blank(*interpreter))
		interpreter++;
	*argument = interpreter;
	while (**argument != '\0' && !is_blank(**argument))
		++*argument;
	if (**argument != '\0')
		*(*argument)++ = '\0';
	while (is_blank(**argument))
		++*argument;
	return interpreter < end ? interpreter : NULL;
}

/* A script's interpreter takes its place; its arguments come before the caller's. */
static int64_t follow_script(struct exec *exec, const char *script, char *head, const char **path)
{
	uint64_t bytes = exec->mapped->identity.size;
	struct exec_prefix *prefix = &exec->prefix;
	char *argument, *interpreter;

	*path = NULL;
	(memset)(head, 0, SCRIPT_HEAD);
	if (!page_cache_read(exec->mapped, 0, head, bytes < SCRIPT_HEAD ? bytes : SCRIPT_HEAD))
		return -ENOMEM;
	if (head[0] != '#' || head[1] != '!')
		return 0;
	interpreter = parse_head(head, &argument);
	if (interpreter == NULL)
		return -ENOEXEC;
	if (prefix->count > 0)
		prefix->count--; /* the interpreter of the script before: that is this script */
	prefix->text[prefix->count++] = script;
	if (*argument != '\0')
		prefix->text[prefix->count++] = argument;
	prefix->text[prefix->count++] = interpreter;
	exec_close(exec);
	*path = interpreter;
	return 0;
}

/* Opens the program, which may be the interpreter of a script of a script... */
static int64_t open_program(struct exec *exec, int directory, const char *path, const char *name, uint32_t flags)
{
	int64_t error = exec_open(directory, path, flags, &exec->file, &exec->mapped);

	for (unsigned i = 0; error == 0; i++) {
		if (i == SCRIPTS_MAX)
			return -ELOOP;
		error = follow_script(exec, name, exec->heads[i], &path);
		if (error != 0 || path == NULL)
			break;
		name = path;
		error = exec_open(AT_FDCWD, path, 0, &exec->file, &exec->mapped);
	}
	return error;
}

/* Handlers are the old program's; what is ignored stays ignored. Of neither is anything else left. */
static void reset_signals(struct process *process, struct thread *thread)
{
	struct signal_actions *actions = process->linux_state.actions;

	for (int i = 0; actions != NULL && i < SIGNALS; i++)
		actions->of[i] =
			(struct signal_action){.handler = actions->of[i].handler == SIG_IGN ? SIG_IGN : SIG_DFL};
	thread->linux_state.alt_stack = thread->linux_state.alt_stack_bytes = 0;
}

/* What the old memory still had to be told by the thread that leaves it. */
static void leave_memory(struct thread *thread)
{
	struct linux_thread *state = &thread->linux_state;
	uint32_t zero = 0;

	if (state->robust_list != 0)
		futex_release_robust(thread);
	if (state->clear_child_tid != 0 && thread->process->space->users > 1 &&
	    copy_to_user(state->clear_child_tid, &zero, sizeof(zero)) == 0)
		futex_wake_private(state->clear_child_tid, 1);
	state->robust_list = state->clear_child_tid = thread->set_child_tid = 0;
}

/* Registers as a program starts with them. */
static void reset_registers(struct thread *thread, uint64_t rip, uint64_t rsp)
{
	struct trap_frame *frame = thread_frame(thread);

	(memset)(frame, 0, sizeof(*frame));
	frame->rip = rip;
	frame->cs = SELECTOR_USER_CODE;
	frame->rflags = RFLAGS_RESERVED1 | RFLAGS_IF;
	frame->rsp = rsp;
	frame->ss = SELECTOR_USER_DATA;
	thread->fs_base = thread->gs_base = 0;
	write_msr(MSR_FS_BASE, 0);
	write_msr(MSR_KERNEL_GS_BASE, 0);
	fpu_fresh(thread->fpu);
	fpu_load(thread->fpu);
	thread->work |= WORK_FRAME;
}

static void set_name(struct thread *thread, const char *path)
{
	const char *base = path;
	char *name = thread_name(thread);
	size_t i = 0;

	for (; *path != '\0'; path++)
		if (*path == '/')
			base = path + 1;
	for (; i < COMMAND_NAME - 1 && base[i] != '\0'; i++)
		name[i] = base[i];
	(memset)(name + i, 0, VMM_PROCESS_NAME - i);
}

/* Is it the file that the VMM loaded at the start? Then the report knows its symbols. */
static bool is_first_program(const struct mapped_file *mapped)
{
	struct file_identity first;
	struct file *file = file_of_first_program();

	return file != NULL && mapped_file_identify(file, &first) == 0 && first.device == mapped->identity.device &&
	       first.number == mapped->identity.number;
}

/* The point of no return. */
static void change_over(struct exec *exec, const char *path, uint64_t rsp)
{
	struct process *process = current_process();
	struct thread *thread = current();

	leave_memory(thread);
	set_name(thread, path);
	process->linux_state.other_program = !is_first_program(exec->mapped);
	exec->space->brk_start = exec->space->brk = exec->program.brk;
	process_replace_space(exec->space);
	exec->space = NULL;
	files_close_on_exec();
	if (process->linux_state.program != NULL)
		file_drop(process->linux_state.program);
	process->linux_state.program = exec->file;
	exec->file = NULL;
	reset_signals(process, thread);
	reset_registers(thread, exec->program.start, rsp);
}

static int64_t run(struct exec *exec, int directory, const char *path, const char *name, uint32_t flags, uint64_t argv,
		   uint64_t envp)
{
	int64_t error = open_program(exec, directory, path, name, flags);
	uint64_t rsp;

	if (error == 0)
		error = exec_arguments_copy(&exec->arguments, name, &exec->prefix, argv, envp);
	if (error != 0)
		return error;
	exec->space = space_new();
	if (exec->space == NULL || !thread_needs_fpu(current()))
		return -ENOMEM;
	error = exec_load(exec->space, exec->mapped, &exec->program);
	if (error != 0)
		return error;
	rsp = exec_arguments_place(&exec->arguments, exec->space, &exec->program);
	if (rsp == 0)
		return -ENOMEM;
	if (!process_end_others())
		return -EAGAIN; /* nobody sees it: the process is being ended by another thread */
	change_over(exec, name, rsp);
	return 0;
}

/* `name` is what the program is told as its path. */
static int64_t exec(int directory, const char *path, const char *name, uint32_t flags, uint64_t argv, uint64_t envp)
{
	phys_t frame = frame_take_zeroed();
	struct exec *exec = phys_to_virt(frame);
	int64_t error;

	if (frame == 0)
		return -ENOMEM;
	error = run(exec, directory, path, name, flags, argv, envp);
	exec_arguments_drop(&exec->arguments);
	if (exec->space != NULL)
		space_drop(exec->space);
	exec_close(exec);
	frame_drop(frame);
	return error;
}

/* Linux names a program without a path after its descriptor. */
static void name_descriptor(char *to, int fd)
{
	char digits[12];
	size_t count = 0;

	memcpy(to, "/dev/fd/", 8);
	to += 8;
	do
		digits[count++] = (char)('0' + fd % 10);
	while ((fd /= 10) > 0);
	while (count > 0)
		*to++ = digits[--count];
	*to = '\0';
}

static int64_t exec_with_path(char *path, int directory, uint64_t path_address, uint64_t argv, uint64_t envp, int flags)
{
	char name[24];
	int64_t length = copy_string_from_user(path, path_address, PATH_MAX);
	const char *known = path;

	if (length < 0)
		return length;
	if (length == 0 && !(flags & AT_EMPTY_PATH))
		return -ENOENT;
	if (length == 0 && directory >= 0) {
		name_descriptor(name, directory);
		known = name;
	}
	return exec(directory, path, known, (uint32_t)flags, argv, envp);
}

SYSTEM_CALL(execveat, int directory, uint64_t path_address, uint64_t argv, uint64_t envp, int flags)
{
	phys_t frame;
	int64_t result;

	if (flags & ~(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW))
		return -EINVAL;
	frame = frame_take();
	if (frame == 0)
		return -ENOMEM;
	result = exec_with_path(phys_to_virt(frame), directory, path_address, argv, envp, flags);
	frame_drop(frame);
	return result;
}

SYSTEM_CALL(execve, uint64_t path_address, uint64_t argv, uint64_t envp)
{
	return sys_execveat(AT_FDCWD, path_address, argv, envp, 0);
}
