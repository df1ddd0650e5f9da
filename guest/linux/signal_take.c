/* SPDX-License-Identifier: MIT */
/*
 * signal_take.c: taking signals on the way back to ring 3: the default action, or a call of the program's handler, for
 * which the interrupted registers go onto the program's stack; and rt_sigreturn, which brings them back.
 */
#include "kernel/boot_info.h"
#include "kernel/memory.h"
#include "kernel/process.h"
#include "kernel/scheduler.h"
#include "kernel/user_memory.h"
#include "linux/errno.h"
#include "linux/signal.h"
#include "linux/syscall.h"
#include "syscalls.h"

#define RED_ZONE 128 /* System V ABI for x86-64, "The Stack Frame": below rsp, in use all the same */

#define UC_FP_XSTATE         1
#define UC_SIGCONTEXT_SS     2
#define UC_STRICT_RESTORE_SS 4
#define FP_XSTATE_MAGIC1     0x46505853
#define FP_XSTATE_MAGIC2     0x46505845

#define SS_ONSTACK    1
#define SS_DISABLE    2
#define SS_AUTODISARM 0x80000000u

/* Flags of ring 3 that it may choose itself */
#define USER_FLAGS UINT64_C(0x50dd5)

/* Linux's ucontext for x86-64: uapi/asm/sigcontext.h, uapi/asm/ucontext.h */
struct signal_context {
	uint64_t flags, link;
	uint64_t stack;
	uint32_t stack_flags, unused0;
	uint64_t stack_bytes;
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, rflags;
	uint16_t cs, gs, fs, ss;
	uint64_t error, vector, old_mask, cr2, fpu, reserved[8];
	uint64_t mask;
};

struct signal_frame {
	uint64_t return_address;
	struct signal_context context;
	uint8_t info[128];
};
_Static_assert(sizeof(struct signal_context) == 304 && sizeof(struct signal_frame) == 440, "Linux's rt_sigframe");

static bool on_alternate_stack(const struct linux_thread *state, uint64_t rsp)
{
	return rsp > state->alt_stack && rsp - state->alt_stack <= state->alt_stack_bytes;
}

static uint32_t alternate_stack_flags(const struct linux_thread *state, uint64_t rsp)
{
	return state->alt_stack_bytes == 0 ? SS_DISABLE : on_alternate_stack(state, rsp) ? SS_ONSTACK : 0;
}

static void save_registers(const struct trap_frame *frame, struct signal_context *context)
{
	context->r8 = frame->r8, context->r9 = frame->r9, context->r10 = frame->r10, context->r11 = frame->r11;
	context->r12 = frame->r12, context->r13 = frame->r13, context->r14 = frame->r14, context->r15 = frame->r15;
	context->rdi = frame->rdi, context->rsi = frame->rsi, context->rbp = frame->rbp, context->rbx = frame->rbx;
	context->rdx = frame->rdx, context->rax = frame->rax, context->rcx = frame->rcx, context->rsp = frame->rsp;
	context->rip = frame->rip, context->rflags = frame->rflags;
	context->cs = (uint16_t)frame->cs, context->ss = (uint16_t)frame->ss;
}

static void load_registers(struct trap_frame *frame, const struct signal_context *context)
{
	frame->r8 = context->r8, frame->r9 = context->r9, frame->r10 = context->r10, frame->r11 = context->r11;
	frame->r12 = context->r12, frame->r13 = context->r13, frame->r14 = context->r14, frame->r15 = context->r15;
	frame->rdi = context->rdi, frame->rsi = context->rsi, frame->rbp = context->rbp, frame->rbx = context->rbx;
	frame->rdx = context->rdx, frame->rcx = context->rcx, frame->rsp = context->rsp;
	frame->rip = context->rip;
	frame->rflags = (context->rflags & USER_FLAGS) | RFLAGS_IF | RFLAGS_RESERVED1;
}

/* The image of the FPU that Linux's programs expect: with a word before its end and at its end, if it has AVX. */
static bool write_fpu(struct thread *thread, uint64_t address)
{
	struct {
		uint32_t magic, extended_bytes;
		uint64_t components;
		uint32_t bytes;
	} software = {FP_XSTATE_MAGIC1, (uint32_t)fpu_bytes() + 4, boot_info->xcr0, (uint32_t)fpu_bytes()};
	uint32_t end = FP_XSTATE_MAGIC2;

	if (!thread_needs_fpu(thread))
		return false;
	fpu_save(thread->fpu);
	if (fpu_bytes() == FXSAVE_BYTES)
		return copy_to_user(address, thread->fpu, FXSAVE_BYTES) == 0;
	memcpy(thread->fpu->software, &software, sizeof(software));
	return copy_to_user(address, thread->fpu, fpu_bytes()) == 0 &&
	       copy_to_user(address + fpu_bytes(), &end, sizeof(end)) == 0;
}

/* False: the program's stack cannot hold it. */
static bool enter_handler(struct trap_frame *frame, const struct signal_info *info, const struct signal_action *action)
{
	struct thread *thread = current();
	struct linux_thread *state = &thread->linux_state;
	uint64_t rsp = frame->rsp - RED_ZONE, fpu;
	struct signal_frame user = {
		.return_address = action->restorer,
		.context =
			{
				.flags = UC_SIGCONTEXT_SS | UC_STRICT_RESTORE_SS |
					 (fpu_bytes() > FXSAVE_BYTES ? UC_FP_XSTATE : 0),
				.stack = state->alt_stack,
				.stack_flags = alternate_stack_flags(state, frame->rsp),
				.stack_bytes = state->alt_stack_bytes,
				.error = thread->fault_error,
				.vector = thread->fault_vector,
				.cr2 = thread->fault_address,
				.mask = state->restore_blocked ? state->saved_blocked : state->blocked,
			},
	};

	if ((action->flags & SA_ONSTACK) && state->alt_stack_bytes != 0 && !on_alternate_stack(state, frame->rsp))
		rsp = state->alt_stack + state->alt_stack_bytes;
	fpu = (rsp - fpu_bytes() - 4) & ~UINT64_C(63);
	rsp = ((fpu - sizeof(user)) & ~UINT64_C(15)) - 8; /* as after a call */
	user.context.fpu = fpu;
	user.context.old_mask = user.context.mask;
	save_registers(frame, &user.context);
	signal_user_info(info, user.info);
	if (copy_to_user(rsp, &user, sizeof(user)) != 0 || !write_fpu(thread, fpu))
		return false;
	frame->rdi = (uint64_t)info->signal;
	frame->rsi = rsp + offsetof(struct signal_frame, info);
	frame->rdx = rsp + offsetof(struct signal_frame, context);
	frame->rax = 0;
	frame->rip = action->handler;
	frame->rsp = rsp;
	frame->rflags &= ~(RFLAGS_DF | RFLAGS_TF | RFLAGS_RF);
	state->restore_blocked = false;
	state->blocked |= action->mask | (action->flags & SA_NODEFER ? 0 : signal_bit(info->signal));
	state->blocked &= ~(signal_bit(SIGKILL) | signal_bit(SIGSTOP));
	return true;
}

/* What a system call that was interrupted does when it has nothing to do with a handler: begins again. */
static void begin_again(struct trap_frame *frame, uint64_t number)
{
	frame->rax = number;
	frame->rip -= 2; /* the length of `syscall`, and of `int n` */
}

/* The interrupted call's result, when a handler comes first. */
static void settle_call(struct trap_frame *frame, const struct signal_action *action)
{
	int64_t how = -(int64_t)frame->rax;

	if (how == RESTART_NOINT || (how == RESTART_SYS && (action->flags & SA_RESTART)))
		begin_again(frame, frame->error);
	else
		frame->rax = (uint64_t)-EINTR;
}

static void take(struct trap_frame *frame, const struct signal_info *info, bool *in_call)
{
	struct process *process = current_process();
	struct signal_action action = signal_action_of(process, info->signal);

	if (action.handler == SIG_IGN)
		return;
	if (action.handler == SIG_DFL)
		process_exit(0, (uint64_t)info->signal);
	if (*in_call)
		settle_call(frame, &action);
	*in_call = false;
	if (action.flags & SA_RESETHAND)
		process->linux_state.actions->of[info->signal - 1].handler = SIG_DFL;
	if (!enter_handler(frame, info, &action))
		process_exit(0, SIGSEGV);
}

/* On the way back to ring 3 (traps.S). */
void return_work(struct trap_frame *frame)
{
	struct thread *thread = current();
	struct linux_thread *state = &thread->linux_state;
	bool in_call = thread->work & WORK_RESTART;

	do {
		struct signal_info info;

		thread->work = 0;
		if (thread->process->ending)
			process_end_thread(0);
		while (signal_dequeue(thread, ~state->blocked, &info))
			take(frame, &info, &in_call);
		if (state->restore_blocked) {
			state->restore_blocked = false;
			state->blocked = state->saved_blocked;
			signal_recheck(thread);
		}
	} while (thread->work != 0);
	if (in_call)
		begin_again(frame, (int64_t)frame->rax == -RESTART_BLOCK ? SYS_restart_syscall : frame->error);
}

/* Brings the FPU back; NULL pointer: it is as at the start of a program. */
static bool read_fpu(struct thread *thread, uint64_t address)
{
	size_t bytes = FXSAVE_BYTES;
	uint32_t magic;

	if (!thread_needs_fpu(thread))
		return false;
	if (address == 0) {
		fpu_fresh(thread->fpu);
	} else {
		if (copy_from_user(&magic, address + offsetof(struct fpu_image, software), sizeof(magic)) != 0)
			return false;
		if (magic == FP_XSTATE_MAGIC1)
			bytes = fpu_bytes();
		if (copy_from_user(thread->fpu, address, bytes) != 0)
			return false;
		if (bytes < fpu_bytes())
			thread->fpu->present = 3; /* x87 and SSE */
		fpu_sanitize(thread->fpu);
	}
	fpu_load(thread->fpu);
	return true;
}

SYSTEM_CALL(rt_sigreturn, void)
{
	struct thread *thread = current();
	struct linux_thread *state = &thread->linux_state;
	struct trap_frame *frame = thread_frame(thread);
	struct signal_context context;

	if (copy_from_user(&context, frame->rsp, sizeof(context)) != 0 || context.rip >= USER_TOP ||
	    !read_fpu(thread, context.fpu))
		process_exit(0, SIGSEGV);
	load_registers(frame, &context);
	state->blocked = context.mask & ~(signal_bit(SIGKILL) | signal_bit(SIGSTOP));
	if (!on_alternate_stack(state, context.rsp) && !(context.stack_flags & SS_DISABLE)) {
		state->alt_stack = context.stack;
		state->alt_stack_bytes = context.stack_bytes;
	}
	thread->work |= WORK_FRAME;
	signal_recheck(thread);
	return (int64_t)context.rax;
}

/* stack_t */
struct stack {
	uint64_t address;
	uint32_t flags, unused;
	uint64_t bytes;
};

SYSTEM_CALL(sigaltstack, uint64_t new_address, uint64_t old_address)
{
	struct linux_thread *state = &current()->linux_state;
	uint64_t rsp = thread_frame(current())->rsp;
	struct stack old = {state->alt_stack, alternate_stack_flags(state, rsp), 0, state->alt_stack_bytes}, new;

	if (new_address != 0) {
		if (copy_from_user(&new, new_address, sizeof(new)) != 0)
			return -EFAULT;
		if (on_alternate_stack(state, rsp))
			return -EPERM;
		if (new.flags & ~(uint32_t)(SS_DISABLE | SS_ONSTACK | SS_AUTODISARM))
			return -EINVAL;
		if (!(new.flags &SS_DISABLE) && new.bytes < 2048)
			return -ENOMEM;
		state->alt_stack = new.flags &SS_DISABLE ? 0 : new.address;
		state->alt_stack_bytes = new.flags &SS_DISABLE ? 0 : new.bytes;
	}
	return old_address == 0 ? 0 : copy_to_user(old_address, &old, sizeof(old));
}
