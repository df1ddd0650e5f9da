/* SPDX-License-Identifier: MIT */
/* hooks.c: what becomes of Linux's state when processes and threads begin and end. */
#include "linux/hooks.h"

#include "abi.h"
#include "kernel/memory.h"
#include "kernel/process.h"
#include "kernel/user_memory.h"
#include "linux/files.h"
#include "linux/futex.h"
#include "linux/limits.h"
#include "linux/signal.h"

bool linux_copy_process(struct process *child, const struct process *parent)
{
	const struct linux_process *from = &parent->linux_state;
	struct linux_process *to = &child->linux_state;

	*to = (struct linux_process){
		.umask_set = from->umask_set,
		.group = from->group,
		.other_program = from->other_program,
		.session = from->session,
		.limits = from->limits,
		.not_dumpable = from->not_dumpable,
		.no_new_privileges = from->no_new_privileges,
		.nice = from->nice,
	};
	if (from->actions != NULL) {
		to->actions = signal_new_actions();
		if (to->actions == NULL)
			return false;
		*to->actions = *from->actions;
	}
	if (!files_copy(to, from)) {
		signal_drop_actions(to->actions);
		return false;
	}
	limits_hold(to->limits);
	return true;
}

void linux_end_thread(struct thread *thread)
{
	struct linux_thread *state = &thread->linux_state;
	const struct process *process = thread->process;
	uint32_t zero = 0;

	if (state->robust_list != 0)
		futex_release_robust(thread);
	/* nobody else can see it when the address space goes, too */
	if (state->clear_child_tid != 0 && (process->threads->sibling != NULL || process->space->users > 1)) {
		if (copy_to_user(state->clear_child_tid, &zero, sizeof(zero)) == 0)
			futex_wake_private(state->clear_child_tid, 1);
	}
	if (state->signals.pending != 0)
		signal_forget(&state->signals, UINT64_MAX);
}

void linux_end_process(struct process *process)
{
	struct linux_process *state = &process->linux_state;

	files_end(state);
	limits_drop(state->limits);
	if (state->signals.pending != 0)
		signal_forget(&state->signals, UINT64_MAX);
	signal_drop_actions(state->actions);
	state->actions = NULL;
	state->alarm_at = 0;
}

/* The terminal's processes in the foreground get its keys' signals. */
void linux_host_events(uint64_t events)
{
	if (events & VMM_HOST_INTERRUPT)
		signal_send_group(terminal_foreground(), &(struct signal_info){.signal = SIGINT, .code = SI_KERNEL});
	if (events & VMM_HOST_QUIT)
		signal_send_group(terminal_foreground(), &(struct signal_info){.signal = SIGQUIT, .code = SI_KERNEL});
	if (events & VMM_HOST_RESIZED)
		signal_send_group(terminal_foreground(), &(struct signal_info){.signal = SIGWINCH, .code = SI_KERNEL});
	if (events & VMM_HOST_INPUT)
		files_input_ready();
}
