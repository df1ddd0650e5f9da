/* SPDX-License-Identifier: MIT */
/*
 * signal.c: signals that were sent and not taken yet. Stopping is not there: what would stop a process is ignored.
 */
#include "linux/signal.h"

#include "kernel/cpu.h"
#include "kernel/memory.h"
#include "kernel/pool.h"
#include "kernel/process.h"
#include "kernel/scheduler.h"

struct queued_signal {
	struct queued_signal *next;
	struct signal_info info;
};

static struct pool pool = POOL_OF(struct queued_signal);

static bool ignored_by_default(int signal)
{
	const uint64_t ignored = signal_bit(SIGCHLD) | signal_bit(SIGCONT) | signal_bit(SIGURG) | signal_bit(SIGWINCH) |
				 signal_bit(SIGSTOP) | signal_bit(SIGTSTP) | signal_bit(SIGTTIN) | signal_bit(SIGTTOU);

	return ignored & signal_bit(signal);
}

struct signal_action signal_action_of(const struct process *process, int signal)
{
	struct signal_action action = {0};

	if (process->linux_state.actions != NULL)
		action = process->linux_state.actions->of[signal - 1];
	if (action.handler == SIG_DFL && ignored_by_default(signal))
		action.handler = SIG_IGN;
	return action;
}

/* A signal of one of the first 31 numbers waits at most once. Without memory it waits without its details. */
static void put(struct signal_queue *queue, const struct signal_info *info)
{
	struct queued_signal **link = &queue->first, *queued;

	if (info->signal < SIGRT_MIN && (queue->pending & signal_bit(info->signal)))
		return;
	queue->pending |= signal_bit(info->signal);
	queued = pool_take(&pool);
	if (queued == NULL)
		return;
	*queued = (struct queued_signal){NULL, *info};
	while (*link != NULL)
		link = &(*link)->next;
	*link = queued;
}

/* Takes one signal of this number out; its bit goes with the last one. */
static bool take_from(struct signal_queue *queue, int signal, struct signal_info *info)
{
	bool found = false, more = false;

	*info = (struct signal_info){.signal = signal, .code = SI_USER};
	for (struct queued_signal **link = &queue->first; *link != NULL;) {
		struct queued_signal *queued = *link;

		if (queued->info.signal == signal && !found) {
			found = true;
			*info = queued->info;
			*link = queued->next;
			pool_put(&pool, queued);
			continue;
		}
		more |= queued->info.signal == signal;
		link = &queued->next;
	}
	if (!more)
		queue->pending &= ~signal_bit(signal);
	return true;
}

bool signal_dequeue(struct thread *thread, uint64_t wanted, struct signal_info *info)
{
	struct signal_queue *own = &thread->linux_state.signals, *common = &thread->process->linux_state.signals;
	uint64_t pending = (own->pending | common->pending) & wanted;
	int signal;

	if (pending == 0)
		return false;
	signal = (int)lowest_bit(pending) + 1;
	return take_from(own->pending & signal_bit(signal) ? own : common, signal, info);
}

void signal_forget(struct signal_queue *queue, uint64_t signals)
{
	for (struct queued_signal **link = &queue->first; *link != NULL;) {
		struct queued_signal *queued = *link;

		if (signals & signal_bit(queued->info.signal)) {
			*link = queued->next;
			pool_put(&pool, queued);
		} else {
			link = &queued->next;
		}
	}
	queue->pending &= ~signals;
}

void signal_recheck(struct thread *thread)
{
	const struct linux_thread *state = &thread->linux_state;

	if ((state->signals.pending | thread->process->linux_state.signals.pending) & ~state->blocked)
		thread->work |= WORK_SIGNAL;
}

static void tell(struct thread *thread)
{
	thread->work |= WORK_SIGNAL;
	scheduler_wake(thread);
	cpus_call(thread);
}

/* An ignored signal is not even kept, unless it is blocked: its action may change before it is taken. */
static bool is_dropped(const struct thread *thread, int signal)
{
	return !(thread->linux_state.blocked & signal_bit(signal)) &&
	       signal_action_of(thread->process, signal).handler == SIG_IGN;
}

void signal_send_thread(struct thread *thread, const struct signal_info *info)
{
	if (is_dropped(thread, info->signal))
		return;
	put(&thread->linux_state.signals, info);
	if (!(thread->linux_state.blocked & signal_bit(info->signal)))
		tell(thread);
	else
		wake(&thread->linux_state.signals); /* sigtimedwait waits for blocked ones */
}

void signal_send_process(struct process *process, const struct signal_info *info)
{
	if (process->threads == NULL || is_dropped(process->threads, info->signal))
		return;
	put(&process->linux_state.signals, info);
	if (process == current_process() && !(current()->linux_state.blocked & signal_bit(info->signal))) {
		current()->work |= WORK_SIGNAL;
		return;
	}
	for (struct thread *thread = process->threads; thread != NULL; thread = thread->sibling) {
		if (!(thread->linux_state.blocked & signal_bit(info->signal))) {
			tell(thread);
			return;
		}
		wake(&thread->linux_state.signals);
	}
}

void signal_send(struct process *process, int signal)
{
	signal_send_process(process, &(struct signal_info){.signal = signal, .code = SI_KERNEL});
}

unsigned signal_send_group(uint32_t group, const struct signal_info *info)
{
	unsigned count = 0;

	for (struct process *process = processes; process != NULL; process = process->next) {
		if (process->zombie || process_group(process) != group)
			continue;
		count++;
		if (info->signal != 0)
			signal_send_process(process, info);
	}
	return count;
}

void signal_fault(int signal, int code, uint64_t address)
{
	struct thread *thread = current();
	struct signal_info info = {.signal = signal, .code = code, .address = address};
	struct signal_action action = signal_action_of(thread->process, signal);

	if (action.handler <= SIG_IGN || (thread->linux_state.blocked & signal_bit(signal)))
		process_exit(0, (uint64_t)signal);
	put(&thread->linux_state.signals, &info);
	thread->work |= WORK_SIGNAL;
}

void signal_user_info(const struct signal_info *info, uint8_t bytes[128])
{
	struct {
		int32_t signal, error, code, unused;
		union {
			struct {
				uint32_t pid, uid;
				uint64_t value;
			};
			uint64_t address;
		};
	} user = {.signal = info->signal, .code = info->code};

	if (info->address != 0 || (info->code > 0 && info->code < SI_KERNEL && info->signal != SIGCHLD)) {
		user.address = info->address;
	} else {
		user.pid = info->pid;
		user.uid = info->uid;
		user.value = info->value;
	}
	(memset)(bytes, 0, 128);
	(memcpy)(bytes, &user, sizeof(user));
}
